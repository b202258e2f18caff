import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { TextFindings } from "../../../src/kernel-helpers/discovery/text/discover-text.js";
import type { AgainstChance, TextScores } from "../../../src/kernel-helpers/discovery/text/text-scores.js";
import { textDetectorChart } from "../../../src/widgets/text/text-detector-chart.js";
import { textDetectorChartSpec } from "../../../src/widgets/text/text-detector-chart-spec.js";
import { textDetectorGrid } from "../../../src/widgets/text/text-detector-grid.js";
import { textDetectorGridSpec } from "../../../src/widgets/text/text-detector-grid-spec.js";
import type { MapTile } from "../../../src/widgets/kit/sheet/map-tiles-spec.js";
import { rowsOf } from "../rows-of.js";
import { warningsOf } from "../warnings-of.js";

const HOSTILE = "</script><img src=x onerror=alert(1)>${datum}";

function estimate(value: number) {
  return { value, low: value - 0.05, high: value + 0.05, confidence: 0.95, resamples: 1000 };
}

function against(value: number, chance: number): AgainstChance {
  return { figure: estimate(value), chance, times: estimate(value / chance) };
}

const measured: TextScores = {
  images: 80,
  withText: 40,
  measured: 40,
  averagePrecision: estimate(0.9),
  pointing: against(0.3, 0.1),
  pixelPrecision: against(0.15, 0.05),
  wordsUnderBoxes: against(0.8, 0.5),
  wordsFound: against(0.7, 0.5),
};

describe("textDetectorChart", () => {
  test("a bar, an interval and a mark of chance for each measure of each detector", () => {
    const spec = textDetectorChartSpec({ good: measured, trap: { ...measured, pointing: against(0.1, 0.1) } });
    assert.deepEqual(warningsOf(spec), []);
    assert.equal((spec.vconcat as unknown[]).length, 6, "five measures and a legend");
    type Bar = { detector: string; measure: string; value: number; chance: number; note: string };
    const values = rowsOf(spec).filter(({ measure }) => measure !== undefined) as unknown as Bar[];
    assert.equal(values.length, 10);
    const peaks = values.filter(({ measure }) => measure.includes("peak"));
    assert.deepEqual(
      peaks.map(({ detector, value, chance, note }) => [detector, value, chance, note]),
      [
        ["good", 0.3, 0.1, "30.0 %: 3.0 × chance"],
        ["trap", 0.1, 0.1, "10.0 %: 1.0 × chance"],
      ],
    );
    assert.match(spec.description ?? "", /good: average precision 90\.0 %, peak at a word 30\.0 % against 10\.0 %/);
  });

  test("scores without a measured picture leave only the ranking; names are only text", async () => {
    const { images, withText, averagePrecision } = measured;
    const spec = textDetectorChartSpec({ [HOSTILE]: { images, withText, measured: 0, averagePrecision } });
    assert.equal((spec.vconcat as unknown[]).length, 2);
    assert.deepEqual(warningsOf(spec), []);
    const svg = await textDetectorChart({ [HOSTILE]: { images, withText, measured: 0, averagePrecision } }).toSvg();
    assert.ok(!svg.includes("<img"));
    assert.throws(() => textDetectorChart({}), /no text detectors/);
  });
});

describe("textDetectorGrid", () => {
  const tile: MapTile = {
    title: HOSTILE,
    note: "no text",
    uri: "data:image/png;base64,",
    mutedUri: "data:image/png;base64,",
    heatUri: "data:image/png;base64,AA",
    unseen: [],
    frame: { x: 100, y: 50, width: 200, height: 100 },
    outlines: [[120, 60, 140, 60, 140, 70, 120, 70]],
    boxes: [{ x: 110, y: 55, width: 100, height: 50 }],
    peak: { x: 200, y: 100 },
    hit: true,
  };

  test("places of the photograph become places of the tile", () => {
    const ramp = { colours: ["#000", "#fff"], labels: ["none", "all"] };
    const tiles = [tile, { ...tile, hit: false }];
    const spec = textDetectorGridSpec({ tiles, columns: 2, size: 100, opacity: 0.5, dimming: 0.3, ramp });
    assert.deepEqual(warningsOf(spec), []);
    assert.match(spec.description ?? "", /2 pictures; the peak is at a word in 1 of 2/);
    const rows = rowsOf(spec);
    assert.deepEqual(rows.filter(({ order }) => order !== undefined).slice(0, 2), [
      { x: 10, y: 5, line: 1, order: 0 },
      { x: 20, y: 5, line: 1, order: 1 },
    ]);
    type Layer = {
      mark?: { type: string; fill: string; stroke: string };
      data: { values: { x: number; y: number }[] };
    };
    const peaks = (spec.layer as Layer[]).filter(({ mark }) => mark?.type === "point" && mark.stroke === "#ffffff");
    const places = peaks.map(({ mark, data }) => [
      mark!.fill,
      ...data.values.slice(0, 1).map(({ x, y }) => `${x},${y}`),
    ]);
    assert.deepEqual(places.slice(0, 2), [
      ["#ffffff", "50,25"],
      ["transparent", "164,25"],
    ]);
  });

  test("as in the paper: beside each map its photograph with the boxes, and nothing else", () => {
    const bare = { ...tile, title: "", note: "", outlines: [] };
    const { peak: _, hit: __, ...map } = { ...bare, boxes: [] };
    const photo = { ...map, plain: true, boxes: tile.boxes!, boxColour: "#ff5a5a", name: HOSTILE };
    const ramp = { colours: ["#000", "#fff"], labels: ["none", "all"] };
    const spec = textDetectorGridSpec({ tiles: [map, photo], columns: 2, size: 100, opacity: 0.5, dimming: 0.3, ramp });
    assert.deepEqual(warningsOf(spec), []);
    assert.match(spec.description ?? "", /over 1 pictures, and beside each its boxes/);
    const rows = rowsOf(spec);
    assert.equal(rows.filter(({ alt }) => String(alt).startsWith("map of")).length, 1);
    assert.ok(rows.some(({ alt }) => alt === `photo ${HOSTILE}`));
    const frame = { x: 119, y: 2.5, x2: 169, y2: 27.5 };
    assert.ok(
      rows.some(({ x, y, x2, y2 }) => JSON.stringify({ x, y, x2, y2 }) === JSON.stringify(frame)),
      JSON.stringify(rows.filter(({ x2 }) => x2 !== undefined)),
    );
  });

  test("options outside their range, and findings without such pictures, are refused", () => {
    const findings: TextFindings = { threshold: 0.2, radius: 11, zoom: 1, scores: measured, views: [] };
    const nothing = { findings };
    assert.throws(() => textDetectorGrid(nothing), /no pictures with the label "any"/);
    assert.throws(() => textDetectorGrid(nothing, { count: 0 }), /invalid count: 0/);
    assert.throws(() => textDetectorGrid(nothing, { style: "plain" as never }), /invalid style: "plain"/);
    assert.throws(() => textDetectorGrid(nothing, { opacity: 2 }), /invalid opacity: 2/);
  });
});
