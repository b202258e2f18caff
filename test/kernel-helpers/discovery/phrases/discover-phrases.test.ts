import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { StoredPicture } from "../../../../src/kernel-helpers/images/picture.js";
import { discoverPhrases } from "../../../../src/kernel-helpers/discovery/phrases/discover-phrases.js";
import type { Progress } from "../../../../src/kernel-helpers/support/progress.js";
import { drawBlocks } from "../draw-blocks.js";
import { temporaryFolder } from "../../features/photos.js";
import { fakeNetwork } from "../../networks/fake-network.js";

const folder = temporaryFolder();

/** Red blocks ("a red block on the floor"), yellow ones, which are as red as they are green, and green ones: the most. */
async function drawCaptioned(count: number): Promise<StoredPicture[]> {
  const blocks = await drawBlocks(folder, count, ["red", "green", "green", "yellow", "green", "green"]);
  return blocks.map(({ file, id, label, split, box }) => ({
    file,
    id: `${id}.png`,
    captions: [`There is a ${label} block on the floor.`, "A photo of a block"],
    split,
    phrases: [{ text: `${label} block`, box }],
  }));
}

describe("concepts from captions", () => {
  // Its feature maps are red and green of a 4×4 picture: a red block is where red is and green is not.
  const network = fakeNetwork((red) => [red, 0, 0]);
  let images: StoredPicture[];
  before(async () => {
    images = await drawCaptioned(72);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  const options = { cache: false, at: 6, mining: { initial: 2, svm: { C: 100 } } } as const;

  test("mines, learns, ranks and locates", async () => {
    const events: Progress[] = [];
    const mine = { minImages: 5, commonShare: 1 };
    const report = await discoverPhrases(network, images, { ...options, mine, onProgress: (e) => events.push(e) });
    assert.deepEqual(report.findings.results.map(({ text }) => text).sort(), [
      "green block on the floor",
      "red block on the floor",
      "yellow block on the floor",
    ]);
    const all = "all 36 images to learn from say it: there are no negatives";
    assert.deepEqual(report.findings.unlearned, [
      { text: "block on the floor", reason: all },
      { text: "photo of a block", reason: all },
    ]);
    const red = report.findings.results.find(({ text }) => text.startsWith("red"))!;
    assert.deepEqual([red.mined!.images, red.mined!.times, red.rounds.at(-1)!.precision], [6, 6, 1]);
    assert.equal(red.pointing, undefined, "no box is known of that phrase");
    assert.ok(red.located.length >= 12);
    const { label, done, total } = events[events.length - 1];
    assert.deepEqual([label, done], ["looking at photos", total]);
  });

  test("given phrases: the red block is told from the yellow one, and pointed at", async () => {
    const report = await discoverPhrases(network, images, { ...options, phrases: ["a red block", "Yellow Block"] });
    assert.deepEqual(
      [report.findings.train, report.findings.heldOut, report.findings.withoutCaptions, report.findings.unlearned],
      [36, 36, 0, []],
    );
    const [red] = report.findings.results;
    assert.deepEqual([red.text, red.words, red.positives, red.negatives], ["a red block", ["red", "block"], 6, 30]);
    const last = red.rounds[red.rounds.length - 1];
    assert.equal(last.precision, 1);
    assert.equal(last.averagePrecision, 1);
    assert.ok(red.rounds.length > 1 && last.negatives > red.rounds[0].negatives);
    assert.ok(last.weights[0] > 0 && last.weights[1] < 0, "red speaks for it, green against");
    assert.deepEqual(
      red.ranking.slice(0, 6).map(({ holds }) => holds),
      Array(6).fill(true),
    );
    assert.equal(red.ranking.length, 36);
    const { before, after: pointing } = red.pointing!;
    assert.deepEqual([pointing.images, pointing.share.value, pointing.chance], [6, 1, 0.25]);
    assert.equal(before.images, 6);
    for (const { after: view } of red.located) {
      const mean = view.map.data.reduce((sum, value) => sum + value, 0) / view.map.data.length;
      assert.ok(Math.abs(mean + last.bias - view.score) < 1e-4, "the map's mean and the bias make the score");
      assert.deepEqual([view.map.width, view.map.height, view.map.data.length], [4, 4, 16]);
    }
    const { phrase, precisionAfter, pointing: share, chance } = report.findings.lines[0];
    assert.deepEqual([phrase, precisionAfter, share, chance], ["a red block", 1, 1, 0.25]);
  });

  test("maps are of what the ranking is of: the region of a picture, mirrored where it is", async () => {
    const parts = images.map((image, i) => ({
      ...image,
      region: { x: 0, y: 0, width: 30, height: 48 },
      flip: i % 2 > 0,
    }));
    const { findings } = await discoverPhrases(network, parts, { ...options, phrases: ["red block"], top: 36 });
    const [{ ranking, located }] = findings.results;
    const scores = new Map(ranking.map(({ id, after: score }) => [id, score]));
    assert.equal(located.length, 36);
    for (const { id, after: view } of located) assert.ok(Math.abs(view.score - scores.get(id)!) < 1e-4, id);
    const whole = await discoverPhrases(network, images, { ...options, phrases: ["red block"] });
    assert.notDeepEqual(ranking, whole.findings.results[0].ranking, "the region matters");
  });

  test("same seed, same report; unreadable images are named, and images without captions left out", async () => {
    const odd: StoredPicture[] = [
      ...images,
      { file: join(folder, "gone.png"), id: "gone.png", captions: ["a red block"], split: "train" },
      { file: images[0].file, id: "mute.png", captions: [" "], split: "train" },
    ];
    const run = () => discoverPhrases(network, odd, { ...options, phrases: ["red block"], seed: 3 });
    const [a, b] = [await run(), await run()];
    assert.deepEqual(
      a.findings.results[0].rounds.map(({ weights }) => weights),
      b.findings.results[0].rounds.map(({ weights }) => weights),
    );
    assert.deepEqual([a.findings.train, a.findings.withoutCaptions], [36, 1]);
    assert.deepEqual(
      a.skipped.map(({ picture }) => picture.id),
      ["gone.png"],
    );
  });

  test("without splits a third is held out", async () => {
    const unsplit = images.map((image) => ({ ...image, split: undefined }));
    const { findings } = await discoverPhrases(network, unsplit, {
      ...options,
      phrases: ["red block"],
      minPositives: 1,
    });
    assert.deepEqual([findings.train, findings.heldOut], [48, 24]);
  });

  test("thin data: says of each phrase why nothing can be learned", async () => {
    const run = (phrases: string[], some = images) => discoverPhrases(network, some, { ...options, phrases });
    await assert.rejects(
      run(["zebra crossing"]),
      /"zebra crossing": no caption of the 36 images to learn from says it/,
    );
    await assert.rejects(run(["the"]), /"the": it holds no word/);
    await assert.rejects(run(["on the floor"]), /all 36 images to learn from say it: there are no negatives/);
    await assert.rejects(run([]), /no phrases are given/);
    const rare = images.map((image, i) => (i % 12 === 1 ? { ...image, captions: ["a lone wolf"] } : image));
    await assert.rejects(
      run(["lone wolf"], rare),
      /only 3 of the 36 images to learn from say it, and minPositives \(--min-positives\) is 5/,
    );
    const { results, unlearned } = (await run(["lone wolf", "red block"], rare)).findings;
    assert.deepEqual([results.length, unlearned.length, unlearned[0].text], [1, 1, "lone wolf"]);
    const gone = images.map((image, i) => (i < 36 ? image : { ...image, captions: ["nothing"] }));
    await assert.rejects(
      run(["red block"], gone),
      /none of the 36 held-out images says it: there is nothing to judge by/,
    );
    await assert.rejects(run(["x"], [{ ...images[0], captions: [] }]), /none of the 1 images has a caption/);
    const unread = images.map((image) => ({ ...image, file: "gone.png" }));
    await assert.rejects(run(["red block"], unread), /none of the \d+ images could be read: .*gone.png/);
    const train = images.slice(0, 36);
    await assert.rejects(run(["red block"], train), /no image with a caption is of the split "test" or "val"/);
    await assert.rejects(discoverPhrases(network, images, { mine: { minImages: 1000 } }), /no phrase is said of 1000/);
  });

  test("a signal stops it", async () => {
    const controller = new AbortController();
    const onProgress = () => controller.abort(new Error("enough"));
    const signal = controller.signal;
    await assert.rejects(
      discoverPhrases(network, images, { ...options, phrases: ["red block"], onProgress, signal }),
      /enough/,
    );
  });
});
