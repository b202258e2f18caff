import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { readFolderPerClass } from "../../../../src/kernel-helpers/datasets/classes/folder-per-class.js";
import { readIcdar } from "../../../../src/kernel-helpers/datasets/words/icdar.js";
import { judgeText, discoverText } from "../../../../src/kernel-helpers/discovery/text/discover-text.js";
import { textCrops } from "../../../../src/kernel-helpers/discovery/text/text-crops.js";
import {
  textAgainst,
  type TextExample,
  textExamples,
} from "../../../../src/kernel-helpers/discovery/text/text-example.js";
import { textScores } from "../../../../src/kernel-helpers/discovery/text/text-scores.js";
import type { TextView } from "../../../../src/kernel-helpers/discovery/text/text-view.js";
import { encodePng } from "../../../../src/kernel-helpers/images/files/encode.js";
import { openNetwork } from "../../../../src/kernel-helpers/networks/open-network.js";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";
import { draw } from "../../images/pictures.js";
import { fakeNetwork } from "../../networks/fake-network.js";

describe("textDetector", () => {
  const folder = mkdtempSync(join(tmpdir(), "camlab-text-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  // Its feature maps are red and green of a 4×4 picture.
  const network = fakeNetwork((red) => [red, 0, 0]);
  let streets: TextExample[];
  let trap: TextExample[];

  /** Words are red blocks. Negatives: a green block of the same size; or, in the trap, a green ground. */
  async function pictures(kind: string, trapped: boolean): Promise<TextExample[]> {
    const random = seededRandom(kind);
    const made: TextExample[] = [];
    for (let i = 0; i < 40; i++) {
      const [left, top] = [12 * Math.floor(4 * random()), 12 * Math.floor(4 * random())];
      const hasText = i % 2 === 0;
      const inside = (x: number, y: number) => x >= left && x < left + 12 && y >= top && y < top + 12;
      const ground = trapped ? (hasText ? ([120, 0, 0] as const) : ([0, 120, 0] as const)) : ([60, 60, 0] as const);
      const block = hasText ? (trapped ? ([0, 0, 0] as const) : ([255, 0, 0] as const)) : ([0, 255, 0] as const);
      const file = join(folder, `${kind}-${i}.png`);
      writeFileSync(file, await encodePng(draw(48, 48, (x, y) => (inside(x, y) ? block : ground))));
      const polygon = [left, top, left + 12, top, left + 12, top + 12, left, top + 12];
      made.push({
        file,
        id: `${kind} ${i}`,
        label: hasText ? "text" : "no text",
        split: i < 20 ? "train" : "test",
        words: hasText ? [{ polygon, text: "A", readable: true }] : [],
      });
    }
    return made;
  }

  before(async () => {
    streets = await pictures("streets", false);
    trap = await pictures("trap", true);
  });
  const options = { cache: false, radius: 0, zoom: 1 } as const;

  test("pictures stay the very ones, with region and mirror; others become examples; other labels are refused", () => {
    const region = { x: 1, y: 2, width: 3, height: 4 };
    const stored = { file: "a.png", id: "a", label: "text", region, flip: true };
    const example = { ...stored, split: "test", words: [] };
    assert.equal(textExamples([example])[0], example);
    assert.deepEqual(textExamples({ pictures: [{ ...stored, split: "val" }] }), [example]);
    const [text, none] = textAgainst([{ ...example, words: streets[0].words }], [stored]);
    assert.deepEqual([text.region, text.flip, none.region, none.flip], [region, true, region, true]);
    assert.throws(() => textExamples([{ ...stored, label: "cat" }]), /a is labelled "cat"/);
  });

  test("trained on labels of whole pictures, it ranks them and finds each word", async () => {
    const done: number[] = [];
    const report = await discoverText(network, streets, { ...options, onProgress: (at) => done.push(at.done) });
    const { model: svm, findings } = report;
    const { scores, views, train } = findings;
    assert.deepEqual(train, { text: 10, "no text": 10 });
    assert.deepEqual([scores.images, scores.withText, scores.measured], [20, 10, 10]);
    assert.deepEqual([scores.averagePrecision.value, scores.averagePrecision.low], [1, 1]);
    assert.equal(scores.pointing?.figure.value, 1);
    assert.equal(scores.pointing?.chance, 1 / 16);
    assert.equal(scores.pointing?.times.value, 16);
    assert.equal(scores.pixelPrecision?.figure.value, 1);
    assert.equal(scores.wordsUnderBox?.figure.value, 1);
    assert.equal(svm.classes[1], "text");
    assert.equal(done.at(-1), 20);
    // Everything that a figure shows is there: map, box, peak; and the map's mean with the bias is the score.
    for (const { map, score, box, peak, label } of views) {
      const mean = map.data.reduce((sum, value) => sum + value, 0) / map.data.length;
      assert.ok(Math.abs(mean + svm.biasOf("text") - score) < 1e-5);
      if (label === "text") assert.ok(box && peak.x >= box.x && peak.x < box.x + box.width);
    }
  });

  test("the trap: a perfect classifier whose map finds nothing, and that fails elsewhere", async () => {
    const trapped = await discoverText(network, trap, options);
    assert.equal(trapped.findings.scores.averagePrecision.value, 1);
    assert.equal(trapped.findings.scores.pointing?.figure.value, 0);
    assert.ok(
      trapped.findings.scores.pixelPrecision &&
        trapped.findings.scores.pixelPrecision.figure.value <= trapped.findings.scores.pixelPrecision.chance,
    );
    const learned = await discoverText(network, streets, options);
    const elsewhere = await judgeText(network, learned.model, trap, options);
    assert.equal(elsewhere.findings.scores.images, 40);
  });

  test("several zooms: the mean of their maps, with the score of the whole; a detector made with them keeps them", async () => {
    const test = streets.filter(({ split }) => split === "test");
    const learnt = await discoverText(network, streets, options);
    const judged = async (zoom: number | readonly number[]) =>
      (await judgeText(network, learnt.model, test, { ...options, zoom })).findings.views[0];
    const [two, four, both] = [await judged(2), await judged(4), await judged([2, 4])];
    assert.deepEqual([both.map.width, both.score], [four.map.width, two.score]);
    const mean = (of: typeof two) => of.map.data.reduce((sum, value) => sum + value, 0) / of.map.data.length;
    assert.ok(Math.abs(mean(both) - (mean(two) + mean(four)) / 2) < 0.05 * Math.abs(mean(four)));
    const { model } = await discoverText(network, streets, { ...options, zoom: [1, 2] });
    assert.deepEqual((await judgeText(network, model, test, { cache: false })).findings.zoom, [1, 2]);
    await assert.rejects(judgeText(network, model, test, { zoom: [] }), /invalid zoom: \[\]/);
  });

  test("the same seed gives the same report", async () => {
    const [one, two] = [await discoverText(network, streets, options), await discoverText(network, streets, options)];
    assert.deepEqual(one.findings.scores, two.findings.scores);
    assert.deepEqual(one.findings.views, two.findings.views);
  });

  test("thin and odd data: what is wrong is said", async () => {
    const learnt = await discoverText(network, streets, options);
    const only = (label: string) => streets.filter((example) => example.label === label);
    await assert.rejects(
      discoverText(network, only("text"), options),
      /"train" is labelled "no text": there is nothing to tell/,
    );
    await assert.rejects(
      discoverText(network, only("no text"), options),
      /"train" is labelled "text": there is nothing to find/,
    );
    await assert.rejects(discoverText(network, [], options), /no picture of the split "train"/);
    const gone = { ...streets[0], file: join(folder, "gone.png"), id: "gone", split: "test" } as const;
    const outside = {
      ...streets[20],
      id: "outside",
      words: [{ ...streets[20].words[0], polygon: [90, 90, 99, 90, 99, 99] }],
    };
    const { notes, skipped, findings } = await discoverText(network, [...streets, gone, outside], options);
    const { scores } = findings;
    assert.equal(skipped[0].picture, gone);
    assert.match(skipped[0].error, /gone\.png/);
    assert.match(notes[0], /saw no pixel of a word in 1 pictures with text/);
    assert.deepEqual([scores.withText, scores.measured], [11, 10]);
    const allGone = streets.map((street) => ({ ...street, file: join(folder, "gone.png") }));
    await assert.rejects(discoverText(network, allGone, options), /pictures to train on could be read: .*gone\.png/);
    await assert.rejects(discoverText(network, streets, { ...options, threshold: 1 }), /invalid threshold: 1/);
    for (const zoom of [0, 1.5, 9, [2, 9]]) {
      await assert.rejects(discoverText(network, streets, { ...options, zoom }), /invalid zoom: .*from 1 to 8/);
      await assert.rejects(judgeText(network, learnt.model, streets, { zoom }), /invalid zoom: .*from 1 to 8/);
    }
    await assert.rejects(discoverText(network, streets, { ...options, signal: AbortSignal.abort() }), {
      name: "AbortError",
    });
  });
});

describe("real data: MobileNet finds text in street scenes", { skip: !process.env.CAMLAB_REAL }, () => {
  const real = process.env.CAMLAB_REAL ?? "";
  const streets = join(real, "data/scene-text");
  const cache = mkdtempSync(join(tmpdir(), "camlab-text-real-"));
  after(() => rmSync(cache, { recursive: true, force: true }));
  const mobileNet = () => openNetwork("mobilenet_v1_0.75_224", { models: join(real, "models"), device: "cpu" });

  // Five seeds, for the intervals that the documents state, take minutes: npm run tables -- text-detector.
  test("crops of the same photographs, both halves: ranked, and found at the words", async (t) => {
    using network = await mobileNet();
    const { pictures } = await readIcdar(streets);
    const views: TextView[] = [];
    const zooms: unknown[] = [];
    const { examples } = await textCrops(pictures, { seed: 0 });
    for (const half of [examples, examples.map(otherHalf)]) {
      const { findings } = await discoverText(network, half, { seed: 0, cache });
      views.push(...findings.views);
      zooms.push(findings.zoom);
    }
    assert.equal(new Set(views.map(({ file }) => file)).size, pictures.length);
    const { averagePrecision, pointing, pixelPrecision } = textScores(views);
    t.diagnostic(JSON.stringify({ zooms, averagePrecision, pointing, pixelPrecision }));
    assert.ok(averagePrecision.value >= 0.88, String(averagePrecision.value));
    assert.ok(pointing!.times.low >= 2.5, JSON.stringify(pointing));
    assert.ok(pixelPrecision!.times.low >= 3, JSON.stringify(pixelPrecision));
  });

  test("the trap of other scenes as negatives: nearly perfect, and hardly better than chance at pointing", async (t) => {
    using network = await mobileNet();
    const scenes = await readFolderPerClass(join(real, "data/scenes6"));
    const { scores } = (
      await discoverText(network, textAgainst((await readIcdar(streets)).pictures, scenes.pictures), { cache })
    ).findings;
    const { averagePrecision, pointing } = scores;
    t.diagnostic(JSON.stringify({ averagePrecision, pointing }));
    assert.ok(averagePrecision.value >= 0.99);
    // Crops of the same photographs reach four times chance and more.
    assert.ok(pointing && pointing.times.low < 1.5 && pointing.times.value < 2.5, JSON.stringify(pointing));
  });
});

function otherHalf(example: TextExample): TextExample {
  return { ...example, split: example.split === "train" ? "test" : "train" };
}
