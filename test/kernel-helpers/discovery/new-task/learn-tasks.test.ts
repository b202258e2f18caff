import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { discoverFineGrained } from "../../../../src/kernel-helpers/discovery/fine-grained/discover-fine-grained.js";
import { learnTasks } from "../../../../src/kernel-helpers/discovery/new-task/learn-tasks.js";
import type { StoredPicture } from "../../../../src/kernel-helpers/images/picture.js";
import { drawBlocks } from "../draw-blocks.js";
import { temporaryFolder } from "../../features/photos.js";
import { fakeNetwork } from "../../networks/fake-network.js";

const folder = temporaryFolder();

describe("tasks learned from features", () => {
  // Its feature maps are red and green of a 4×4 picture, so what an SVM must find is known.
  const network = fakeNetwork((red) => [red, 0, 0]);
  let images: StoredPicture[];
  before(async () => {
    images = await drawBlocks(folder, 24, ["green", "red"]);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test("probeTasks: one line a task, with intervals, and bad images counted", async () => {
    const broken = { file: join(folder, "gone.png"), id: "gone", label: "red", split: "test" as const };
    const { lines, results } = await learnTasks(network, [
      { name: "blocks", pictures: images },
      { name: "blocks and a gap", pictures: [...images, broken] },
    ]);
    const { accuracy, ...line } = lines[0];
    assert.deepEqual(line, { task: "blocks", classes: 2, train: 12, test: 12, meanClassAccuracy: 1, skippedCount: 0 });
    assert.deepEqual([accuracy.value, accuracy.high], [1, 1]);
    // Twelve of twelve: Wilson's interval ends at 12 / (12 + 1.96²).
    assert.ok(Math.abs(accuracy.low - 0.7575) < 0.0001, `${accuracy.low}`);
    assert.equal(lines[1].skippedCount, 1);
    assert.deepEqual(results[0].findings.confusion.counts, [
      [6, 0],
      [0, 6],
    ]);
    const unsplit = images.map((image) => ({ ...image, split: undefined }));
    await assert.rejects(learnTasks(network, [{ name: "x", pictures: unsplit }]), /no images of the split "train"/);
  });

  test("fineGrained: the SVM's own map finds each block; published rows are marked as such", async () => {
    const { findings, features } = await discoverFineGrained(network, { pictures: images });
    const { lines, regions, localised } = findings;
    assert.deepEqual(
      lines.slice(0, 3).map(({ accuracy, published }) => [accuracy.value, published]),
      [
        [1, false],
        [1, false],
        [1, false],
      ],
    );
    assert.ok(lines.slice(3).every(({ published, accuracy }) => published && accuracy.low === undefined));
    assert.equal(lines.find(({ method }) => method === "GoogLeNet-GAP on crop")!.accuracy.value, 0.678);
    assert.equal(regions.length, images.length);
    regions.forEach(({ picture, predicted, iou }, i) => {
      assert.equal(picture, images[i]);
      assert.equal(predicted, picture.label);
      assert.ok(iou! > 0.4, `photo ${i}: ${iou}`);
    });
    assert.ok(localised!.value > 0.5);
    assert.deepEqual(features.crop.pictures[3].region, regions[3].box);
    // What cannot be read is named once, and is neither a hit nor a miss.
    const gone = { ...images[20], file: join(folder, "gone.png"), id: "gone" };
    const short = await discoverFineGrained(network, [...images, gone], { published: false });
    assert.deepEqual(short.findings.localised, localised);
    assert.equal(short.findings.regions.length, images.length);
    assert.deepEqual(
      short.skipped.map(({ picture }) => picture),
      [gone],
    );
    const boxless = images.map((image) => ({ ...image, box: undefined }));
    const plain = await discoverFineGrained(network, { pictures: boxless }, { published: false });
    assert.deepEqual(
      [plain.findings.lines.length, plain.findings.truth, plain.findings.localised],
      [2, undefined, undefined],
    );
  });
});
