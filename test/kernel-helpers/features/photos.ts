// Photos that the tests of features draw for themselves, and a network that counts how often it is asked.
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodePng } from "../../../src/kernel-helpers/images/files/encode.js";
import type { Network } from "../../../src/kernel-helpers/networks/network.js";
import { seededRandom } from "../../../src/kernel-helpers/support/random.js";
import { draw } from "../images/pictures.js";
import { fakeNetwork } from "../networks/fake-network.js";

/** A folder of its own below the system's temporary one. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), "camlab-features-"));
}

/** PNG files of random rectangles, `count` of them, named photo-000.png and so on. */
export async function drawPhotos(folder: string, count: number, width = 40, height = 30): Promise<string[]> {
  mkdirSync(folder, { recursive: true });
  const files: string[] = [];
  for (let i = 0; i < count; i++) {
    const random = seededRandom(`photo ${i}`);
    const [x0, y0] = [random() * width * 0.5, random() * height * 0.5];
    const inside = [random() * 255, random() * 255, random() * 255] as const;
    const outside = [random() * 255, random() * 255, random() * 255] as const;
    const picture = draw(width, height, (x, y) =>
      x >= x0 && x < x0 + width / 3 && y >= y0 && y < y0 + height / 3 ? inside : outside,
    );
    const file = join(folder, `photo-${String(i).padStart(3, "0")}.png`);
    writeFileSync(file, await encodePng(picture));
    files.push(file);
  }
  return files;
}

/** A fake network that a cache can tell from others, and how many images it ran on. */
export function countingNetwork(fingerprint = "a"): { network: Network; ran: () => number } {
  let images = 0;
  const fake = fakeNetwork(
    (red) => [red, 0, 0],
    (count) => (images += count),
  );
  return { network: { ...fake, fingerprint }, ran: () => images };
}
