import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { discoverText, judgeText } from "../../../../src/kernel-helpers/discovery/text/discover-text.js";
import type { TextExample } from "../../../../src/kernel-helpers/discovery/text/text-example.js";
import { encodePng } from "../../../../src/kernel-helpers/images/files/encode.js";
import type { Network, NetworkOutputs } from "../../../../src/kernel-helpers/networks/network.js";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";
import { draw } from "../../images/pictures.js";
import { fakeNetwork } from "../../networks/fake-network.js";

const SIDE = 16;

describe("how closely pictures are looked at", () => {
  const folder = mkdtempSync(join(tmpdir(), "camlab-zoom-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  let streets: TextExample[];

  /** Words are red blocks, half as wide as a place of the whole picture's map; the negatives have a green one. */
  before(async () => {
    const random = seededRandom("zoom");
    streets = await Promise.all(
      Array.from({ length: 48 }, async (_, i): Promise<TextExample> => {
        const [left, top] = [6 * Math.floor(8 * random()), 6 * Math.floor(8 * random())];
        const hasText = i % 2 === 0;
        const inside = (x: number, y: number) => x >= left && x < left + 6 && y >= top && y < top + 6;
        const file = join(folder, `${i}.png`);
        const block = hasText ? ([255, 0, 0] as const) : ([0, 255, 0] as const);
        writeFileSync(file, await encodePng(draw(48, 48, (x, y) => (inside(x, y) ? block : [20, 20, 0]))));
        const polygon = [left, top, left + 6, top, left + 6, top + 6, left, top + 6];
        const words = hasText ? [{ polygon, text: "A", readable: true }] : [];
        return { file, id: String(i), label: hasText ? "text" : "no text", split: i < 32 ? "train" : "test", words };
      }),
    );
  });
  const options = { cache: false, radius: 0 } as const;

  test("parts that tell the kinds apart: the map is theirs, the score the whole picture's", async () => {
    const network = blockNetwork();
    const closer = await discoverText(network, streets, options);
    const { findings } = closer;
    assert.equal(findings.zoom, 2);
    assert.ok(findings.zoomBy && findings.zoomBy.parts >= 0.95, JSON.stringify(findings.zoomBy));
    const once = (await discoverText(network, streets, { ...options, zoom: 1 })).findings;
    assert.equal(once.zoomBy, undefined);
    assert.deepEqual(
      findings.views.map(({ score }) => score),
      once.views.map(({ score }) => score),
    );
    assert.deepEqual([once.views[0].map.width, findings.views[0].map.width], [4, 8]);
    assert.ok(findings.scores.pixelPrecision!.figure.value > 1.5 * once.scores.pixelPrecision!.figure.value);
    assert.equal(findings.scores.pointing!.figure.value, 1);
    const test = streets.filter(({ split }) => split === "test");
    assert.deepEqual((await judgeText(network, closer.model, test, options)).findings.views, findings.views);
  });

  test("parts that are strange to the network: one look", async () => {
    // Where a block is large its colour is taken for the other.
    const { findings } = await discoverText(blockNetwork(true), streets, options);
    assert.equal(findings.zoom, 1);
    assert.ok(findings.zoomBy && findings.zoomBy.parts < findings.zoomBy.whole - 0.05);
  });

  test("too few pictures to choose by: one look", async () => {
    const few = streets.filter(({ split }, i) => split === "test" || i < 8);
    const { findings } = await discoverText(blockNetwork(), few, options);
    assert.deepEqual([findings.zoom, findings.zoomBy], [1, undefined]);
  });
});

/** Its 4×4 feature maps are the means of red and green over the blocks of a 16×16 picture. */
function blockNetwork(strange = false): Network {
  const fake = fakeNetwork(() => [0, 0, 0]);
  const preprocessing = { ...fake.preprocessing, width: SIDE, height: SIDE };
  const run = (batch: Float32Array, count: number): Promise<NetworkOutputs> => {
    const maps = new Float32Array(count * 32);
    for (let photo = 0; photo < count; photo++) {
      const plane = (c: number) => batch.subarray((photo * 3 + c) * SIDE ** 2, (photo * 3 + c + 1) * SIDE ** 2);
      const bright = plane(0).filter((value) => value > 128).length + plane(1).filter((value) => value > 128).length;
      const swapped = strange && bright > 0.04 * SIDE ** 2;
      for (const channel of [0, 1]) {
        plane(swapped ? 1 - channel : channel).forEach((value, i) => {
          const [x, y] = [Math.floor((i % SIDE) / 4), Math.floor(i / SIDE / 4)];
          maps[photo * 32 + channel * 16 + y * 4 + x] += value / 16;
        });
      }
    }
    const features = Float32Array.from({ length: count * 2 }, (_, i) =>
      maps.subarray(i * 16, i * 16 + 16).reduce((sum, value) => sum + value / 16, 0),
    );
    const featureMaps = { channels: 2, height: 4, width: 4, data: maps };
    return Promise.resolve({ featureMaps, features, logits: new Float32Array(count * 3) });
  };
  return { ...fake, preprocessing, card: { ...fake.card, preprocessing }, run, dispose() {}, [Symbol.dispose]() {} };
}
