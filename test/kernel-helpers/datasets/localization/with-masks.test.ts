import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import sharp from "sharp";
import { withMasks } from "../../../../src/kernel-helpers/datasets/localization/with-masks.js";
import type { Picture } from "../../../../src/kernel-helpers/images/picture.js";
import { temporaryFolder } from "../../features/photos.js";

const folder = temporaryFolder();

/** A grey image of 4 × 1 pixels. */
async function draw(file: string, ...values: number[]): Promise<void> {
  const path = join(folder, file);
  mkdirSync(join(path, ".."), { recursive: true });
  await sharp(Uint8Array.from(values), { raw: { width: values.length, height: 1, channels: 1 } }).toFile(path);
}

const box = { x: 0, y: 0, width: 4, height: 1 };

test("masks are found by the last parts of a picture's path; boxes stay, and what does not count is passed over", async () => {
  await draw("one/a.png", 0, 255, 200, 100);
  await draw("two/a.png", 255, 0, 0, 0);
  await draw("b.png", 0, 0, 9, 9);
  await draw("b_ignore.png", 255, 0, 0, 0);
  await draw("c.png", 0, 0, 0, 255);
  await draw("c_ignore.png", 0, 0, 0, 0);
  const pictures: Picture[] = [
    { file: "/photos/one/a.jpg", label: "bird", box },
    { file: "/photos/two/a.jpg", label: "bird", objects: [{ name: "bird", box, difficult: true }] },
    { file: "/photos/three/b.jpg", labels: ["bird"], objects: [{ name: "bird", box }] },
    { file: "c.jpg", label: "bird" },
    { file: "/photos/one/d.jpg", label: "bird", box },
    { file: "/photos/two/a.jpg", labels: ["bird", "twig"] },
  ];
  const set = await withMasks({ classes: ["bird", "twig"], pictures, notes: ["before"] }, folder);
  const mask = (...counts: number[]) => ({ width: 4, height: 1, counts });
  assert.deepEqual(
    set.pictures.map(({ objects }) => objects),
    [
      [{ name: "bird", box, mask: mask(1, 2, 1) }],
      [
        { name: "bird", box, difficult: true },
        { name: "bird", box: { x: 0, y: 0, width: 1, height: 1 }, mask: mask(0, 1, 3) },
      ],
      [
        { name: "bird", box, mask: mask(2, 2) },
        { name: "bird", box: { x: 0, y: 0, width: 1, height: 1 }, mask: mask(0, 1, 3), difficult: true },
      ],
      [{ name: "bird", box: { x: 3, y: 0, width: 1, height: 1 }, mask: mask(3, 1) }],
      undefined,
      undefined,
    ],
  );
  assert.equal(set.notes?.[0], "before");
  assert.match(set.notes[1], /4 of 6 pictures have masks.*d\.jpg \(no mask is called like it\).*not of one class/);
});

test("a folder that has no picture's mask is refused, and one that is not there", async () => {
  const set = { classes: ["bird"], pictures: [{ file: "nowhere.jpg", label: "bird" }] };
  await assert.rejects(withMasks(set, folder), /cannot be used: 0 of 1 .*no mask is called like it/);
  await assert.rejects(withMasks(set, join(folder, "gone")), /cannot read the folder .*gone/);
});
