import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { regionsOf } from "../../../src/kernel-helpers/images/masks/masks.js";
import { activityPointing } from "../../../src/kernel-helpers/discovery/activities/activity-pointing.js";
import type { ActivityView } from "../../../src/kernel-helpers/discovery/activities/discover-activities.js";
import { encodePng } from "../../../src/kernel-helpers/images/files/encode.js";
import { loadImage } from "../../../src/kernel-helpers/images/files/load-image.js";
import { activityChart } from "../../../src/widgets/activities/activity-chart.js";
import { activityGrid } from "../../../src/widgets/activities/activity-grid.js";
import { confusionChart } from "../../../src/widgets/probes/confusion-chart.js";
import { confusionChartSpec } from "../../../src/widgets/probes/confusion-chart-spec.js";
import { rowsOf } from "../rows-of.js";
import { outlineImage } from "../../../src/widgets/kit/photo/outline-image.js";
import { draw } from "../../kernel-helpers/images/pictures.js";
import { warningsOf } from "../warnings-of.js";

const folder = mkdtempSync(join(tmpdir(), "camlab-activities-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const HOSTILE = "</script><img src=x onerror=alert(1)>${datum}";

const confusion = { classes: ["reading"], counts: [[1]] };
const task = {
  ...{ name: "activities", classes: 1, train: 1, test: 1, meanClassAccuracy: 1, seenInTraining: 0, confusion },
  accuracy: { value: 1, low: 1, high: 1, confidence: 0.95 },
};
const nothing = { task, timesChance: 1, views: [], pointing: [] };

/** One pixel of a picture. */
function dot(width: number, height: number, x: number, y: number) {
  const map = new Uint8Array(width * height);
  map[y * width + x] = 1;
  return regionsOf(map, width, height).get(1)!.mask;
}

async function decoded(dataUri: string) {
  return loadImage(Buffer.from(dataUri.slice(dataUri.indexOf(",") + 1), "base64"));
}

describe("outlineImage", () => {
  test("a line around what is outlined, nothing on it; of a part of the picture too", async () => {
    const red = { masks: [dot(8, 8, 5, 4)], colour: [255, 0, 0] as const };
    const { width, height, data } = await decoded(outlineImage([red], { x: 2, y: 2, width: 6, height: 3 }, 6, 1));
    assert.deepEqual([width, height], [6, 3]);
    // Clear pixels are white here: the picture is read over white.
    const lines = Array.from({ length: 18 }, (_, at) => (data[3 * at + 1] === 0 ? "#" : "."));
    assert.deepEqual(
      [0, 6, 12].map((from) => lines.slice(from, from + 6).join("")),
      ["......", "...#..", "..#.#."],
    );
  });

  test("a thing outside the frame leaves a clear picture", async () => {
    const red = { masks: [dot(8, 8, 0, 0)], colour: [255, 0, 0] as const };
    const { data } = await decoded(outlineImage([red], { x: 4, y: 4, width: 4, height: 4 }, 8, 2));
    assert.ok(data.every((value) => value === 255));
  });
});

describe("activityGrid", () => {
  const pointing = { radius: 1, onTool: true, onPerson: false, personShare: 0.2, pictureShare: 0.1 };
  const placement = {
    ...{ scaleX: 1, scaleY: 1, offsetX: 0, offsetY: 0 },
    ...{ imageWidth: 8, imageHeight: 8, inputWidth: 8, inputHeight: 8 },
  };
  const dotBox = { x: 0, y: 0, width: 8, height: 8 };
  const view = (id: string, label: string, rest: Partial<ActivityView> = {}): ActivityView => ({
    picture: {
      ...{ file: join(folder, "a.png"), id, label, split: "test" },
      objects: [
        { id: 1, name: "person", box: dotBox, mask: dot(8, 8, 4, 4) },
        { id: 2, name: "tool", box: dotBox, mask: dot(8, 8, 1, 1) },
      ],
      phrases: [{ text: label, objects: [1, 2], box: dotBox }],
    },
    predicted: "reading",
    score: 1,
    map: { width: 2, height: 2, data: Float32Array.of(1, 0, 0, 0), label: "reading", placement },
    peak: { x: 2, y: 2 },
    pointing,
    ...rest,
  });

  test("pictures of each activity: a disc where the peak is at the object, the wrong ones said", async () => {
    writeFileSync(join(folder, "a.png"), await encodePng(draw(8, 8, () => [90, 90, 90])));
    const missed = { ...pointing, onTool: false };
    const views = [view("1", "texting", { pointing: missed }), view("2", "reading"), view("3", "reading")];
    const spec = await activityGrid({ findings: { ...nothing, views } }, { columns: 2 }).spec();
    assert.deepEqual(warningsOf(spec), []);
    assert.match(spec.description ?? "", /2 pictures, 1 of them named right; the peak is at .* in 1 of 2/);
    const text = JSON.stringify(spec);
    assert.ok(text.includes('"wrong: texting"') && text.includes('"right"') && text.includes("who does it"));
    const bare = { ...view("4", HOSTILE).picture, objects: [] };
    const unknown = await activityGrid({
      findings: { ...nothing, views: [view("4", HOSTILE, { picture: bare, pointing: undefined })] },
    }).toSvg();
    assert.ok(!unknown.includes("<img"));
  });

  test("a row by score ends with a wrong one, of two it holds the surest right ones", async () => {
    writeFileSync(join(folder, "a.png"), await encodePng(draw(8, 8, () => [90, 90, 90])));
    const right = [1, 2, 3, 4].map((score) => view(String(score), "reading", { score }));
    const findings = { ...nothing, views: [...right, view("5", "reading", { predicted: "texting" })] };
    const said = async (each: number) => {
      const spec = await activityGrid({ findings }, { order: "score", each }).spec();
      assert.match(JSON.stringify(spec), /reading: 4 of 5 named right/);
      return spec.description ?? "";
    };
    assert.match(await said(3), /3 pictures, 2 of them named right/);
    assert.match(await said(2), /2 pictures, 2 of them named right/);
  });

  test("options outside their range, and activities without pictures, are refused", () => {
    assert.throws(() => activityGrid({ findings: { ...nothing, views: [] } }), /no test pictures/);
    const views = [view("1", "texting")];
    assert.throws(
      () => activityGrid({ findings: { ...nothing, views } }, { activities: ["flying"] }),
      /invalid activities: "flying" \(expected one of "texting"\)/,
    );
    assert.throws(() => activityGrid({ findings: { ...nothing, views } }, { each: 0 }), /invalid each: 0/);
    assert.throws(() => activityGrid({ findings: { ...nothing, views } }, { opacity: -1 }), /invalid opacity: -1/);
  });

  test("the chart: peaks with intervals beside two chances", async () => {
    const all = activityPointing("all", [pointing, { ...pointing, onTool: false }]);
    const spec = await activityChart({
      findings: { ...nothing, pointing: [all, { ...all, activity: HOSTILE }] },
    }).spec();
    assert.deepEqual(warningsOf(spec), []);
    assert.match(spec.description ?? "", /peak at the object: all 50\.0 %.*person: all 20\.0 %.*picture: all 10\.0 %/);
    assert.ok(JSON.stringify(spec).includes("2 pictures"));
    assert.throws(() => activityChart({ findings: { ...nothing, pointing: [] } }), /no picture says/);
  });
});

describe("confusionChart", () => {
  test("a cell where something was taken for something, coloured by its row's share", async () => {
    const confusion = { classes: ["cat", HOSTILE, "none"], counts: [[3, 1, 0], [0, 2, 0], [0, 0, 0]] }; // prettier-ignore
    const spec = confusionChartSpec(confusion);
    assert.deepEqual(warningsOf(spec), []);
    const [, squares] = spec.layer as { data: { values: Record<string, unknown>[] } }[];
    const accuracies = rowsOf(spec).filter(({ x, text }) => typeof text === "string" && (x as number) === 98);
    assert.deepEqual(
      squares.data.values.map(({ x, y, count, share, right }) => [x, y, count, share, right]),
      [
        [15, 15, 3, 0.75, true],
        [45, 15, 1, 0.25, false],
        [45, 45, 2, 1, true],
      ],
    );
    assert.deepEqual(
      accuracies.map(({ text }) => text),
      ["75 %", "100 %", "–"],
    );
    assert.match(spec.description ?? "", /cat: 3 of 4 right, most often taken for .* \(1\)/);
    assert.ok(!(await confusionChart(confusion).toSvg()).includes("<img"));
    assert.throws(() => confusionChart({ classes: [], counts: [] }), /no classes/);
  });
});
