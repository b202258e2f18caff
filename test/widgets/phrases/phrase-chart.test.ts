import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import sharp from "sharp";
import type { LocatedImage } from "../../../src/kernel-helpers/discovery/phrases/locate-phrases.js";
import type { PhraseResult } from "../../../src/kernel-helpers/discovery/phrases/phrase-report.js";
import { encodePng } from "../../../src/kernel-helpers/images/files/encode.js";
import { placementOf } from "../../../src/kernel-helpers/images/input/placement.js";
import { loadFonts } from "../../../src/widgets/kit/draw/fonts.js";
import { photoHeat } from "../../../src/widgets/kit/photo/photo-heat.js";
import { phraseChart, phraseSheet } from "../../../src/widgets/phrases/phrase-chart.js";
import { phraseOverviewSpec } from "../../../src/widgets/phrases/phrase-overview-spec.js";
import { Widget } from "../../../src/widgets/kit/widget.js";
import { draw } from "../../kernel-helpers/images/pictures.js";

const folder = mkdtempSync(join(tmpdir(), "camlab-phrase-chart-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const HOSTILE = `<script>alert("&")</script> {"expr": "datum"}`;

/** A result as `discoverPhrases` gives it: two held-out photos of 40×20, the first of which holds the phrase. */
async function resultOf(text: string): Promise<PhraseResult> {
  const files = [join(folder, "left.png"), join(folder, "right.png")];
  for (const [i, file] of files.entries()) {
    writeFileSync(file, await encodePng(draw(40, 20, (x) => (x < 20 === (i === 0) ? [240, 0, 0] : [40, 40, 40]))));
  }
  const placement = placementOf(
    { width: 8, height: 8, fit: "squash", channelOrder: "RGB", mean: [0, 0, 0], std: [1, 1, 1] },
    40,
    20,
  );
  const view = (score: number, left: number, right: number) => ({
    score,
    map: { width: 2, height: 1, data: Float32Array.of(left, right), placement },
    peak: { x: left > right ? 10 : 30, y: 10 },
  });
  const located = files.map((file, i): LocatedImage => {
    const boxes = i === 0 ? [{ x: 0, y: 0, width: 20, height: 20 }] : [];
    const [before, after] = [view(i ? 2 : 1, 1, 1), view(i ? -1 : 1.5, i ? 0 : 3, i ? 3 : -1)];
    return { file, id: HOSTILE, width: 40, height: 20, holds: i === 0, before, after, boxes };
  });
  const round = { hard: 0, averagePrecision: 1, weights: new Float32Array(2), bias: 0 };
  return {
    text,
    words: [text],
    at: 1,
    positives: 4,
    negatives: 9,
    heldOutPositives: 1,
    svm: undefined as never,
    stopped: "none above the margin",
    rounds: [
      { ...round, round: 0, negatives: 4, precision: 0, added: [] },
      { ...round, round: 1, negatives: 7, precision: 1, added: [{ file: files[1], id: HOSTILE, score: 0.4 }] },
    ],
    ranking: located.map(({ file, id, holds, before, after }) => ({
      ...{ file, id, holds },
      ...{ before: before.score, after: after.score },
    })),
    located,
  };
}

describe("charts of phrases", () => {
  test("the chart of a phrase: rows in the order of each ranking, negatives that came in, and no markup of others", async () => {
    const chart = phraseChart(await resultOf(HOSTILE), { size: 60 });
    const spec = await chart.spec();
    const text = JSON.stringify(spec);
    for (const title of [
      "Before mining",
      "Negatives that came in",
      "After mining",
      "Their maps before",
      "… and after",
    ]) {
      assert.ok(text.includes(title), title);
    }
    // Before mining the wrong photo comes first; its label is crossed, and minus signs are minus signs.
    assert.ok(text.includes('"✗ 2.00"') && text.includes('"✓ 1.50"') && text.includes('"✗ −1.00"'));
    const svg = await chart.toSvg();
    assert.ok(!svg.includes("<script>") && svg.includes("&#60;script&#62;"));
    const { dominant, channels } = await sharp(await chart.toPng({ scale: 1 })).stats();
    assert.ok(dominant.r > 240 && dominant.g > 240 && dominant.b > 240, "a light background");
    assert.ok(channels[0].stdev > 5, "not blank");
  });

  test("one round, no boxes, a photo that is gone: the chart still stands", async () => {
    const result = await resultOf("boat");
    const located = result.located.map((image) => ({ ...image, file: join(folder, "gone.png"), boxes: [] }));
    const alone = { ...result, rounds: result.rounds.slice(0, 1), located, stopped: "round limit" as const };
    const spec = JSON.stringify(await phraseChart(alone, { size: 60 }).spec());
    assert.ok(spec.includes("stopped at the limit of rounds") && !spec.includes("Negatives that came in"));
    assert.ok(!spec.includes("in truth"));
  });

  test("a sheet says how often the maps point into the box", async () => {
    const interval = { value: 0.75, low: 0.5, high: 1, confidence: 0.95, resamples: 1000 };
    const pointing = { images: 4, share: interval, chance: 0.25 };
    const result = { ...(await resultOf("boat")), pointing: { before: pointing, after: pointing } };
    const counts = { train: 1, heldOut: 1, withoutCaptions: 0, at: 20, seed: 0 };
    const sheet = { findings: { ...counts, results: [result], unlearned: [], lines: [] } };
    const spec = JSON.stringify(await phraseSheet(sheet).spec());
    assert.ok(spec.includes("points into the true box in 75 % of 4 images; a random point: 25 %"));
    assert.throws(() => phraseSheet(sheet, { images: 0 }), /invalid images: 0/);
    assert.throws(() => phraseSheet(sheet, { size: 1 }), /invalid size: 1/);
  });

  test("the overview leaves pointing out where no box is known", async () => {
    const rows = [{ phrase: HOSTILE, before: 0.5, after: 1 }];
    assert.equal((phraseOverviewSpec({ rows, at: 20 }).hconcat as unknown[]).length, 1);
    const known = rows.map((row) => ({ ...row, pointing: { value: 0.5, low: 0.4, high: 0.6, chance: 0.1 } }));
    const spec = phraseOverviewSpec({ rows: known, at: 20 });
    assert.equal((spec.hconcat as unknown[]).length, 2);
    assert.ok(JSON.stringify(spec).includes("Precision at 20"));
    const fewer = JSON.stringify(phraseOverviewSpec({ rows: rows.map((row) => ({ ...row, at: 3 })), at: 20 }));
    assert.ok(fewer.includes("Precision of the first") && !fewer.includes("Precision at 20"));
    assert.ok(!(await new Widget(spec).toSvg()).includes("<script>"));
  });

  test("a map lies over the photo where the network saw it; beside that is nothing", () => {
    // A photo of 40×20 cut to its middle square: the map's left half shows columns 10 to 20.
    const placement = placementOf(
      { width: 8, height: 8, fit: "cover", channelOrder: "RGB", mean: [0, 0, 0], std: [1, 1, 1] },
      40,
      20,
    );
    const { data } = photoHeat(
      { width: 2, height: 1, data: Float32Array.of(1, 2), placement },
      { width: 8, height: 1 },
    );
    assert.deepEqual([...data.slice(0, 2), ...data.slice(6)], [NaN, NaN, NaN, NaN]);
    // Pixels of 5 columns at 12.5, 17.5, 22.5, 27.5; cells' centres at 15 and 25.
    assert.deepEqual([...data.slice(2, 6)], [1, 1.25, 1.75, 2]);
    assert.throws(
      () => photoHeat({ width: 1, height: 1, data: Float32Array.of(1) }, { width: 2, height: 2 }),
      /no placement/,
    );
  });

  test("every letter's outline has all its numbers apart", async () => {
    const fonts = await loadFonts();
    for (let i = 0; i < 200; i++) {
      const path = fonts.outline("0123456789%boat", { size: 11 }, -i * 0.07);
      for (const [, type, numbers] of path.matchAll(/([A-Z])([^A-Z]*)/g)) {
        const wanted = { M: 2, L: 2, Q: 4, C: 6, Z: 0 }[type];
        assert.equal(numbers.split(" ").filter(Boolean).map(Number).filter(Number.isFinite).length, wanted, path);
      }
    }
  });
});
