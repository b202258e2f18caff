import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { clipPolygon } from "../../../../src/widgets/kit/sheet/clip-polygon.js";
import { drawBox } from "../../../../src/widgets/kit/sheet/box-line.js";
import { drawLegend } from "../../../../src/widgets/kit/sheet/legend.js";
import { Sheet } from "../../../../src/widgets/kit/sheet/sheet.js";
import { litePreamble } from "../../../../src/widgets/kit/theme.js";
import { rowsOf, textsOf } from "../../rows-of.js";
import { HOSTILE, PIXEL } from "../../sample-grid.js";
import { warningsOf } from "../../warnings-of.js";

const box = { x: 0, y: 0, width: 10, height: 10 };

describe("a sheet", () => {
  test("draws photos under shades under heat under lines under text, in however it was told", () => {
    const sheet = new Sheet();
    sheet.text([HOSTILE], 0, 0, { tip: HOSTILE });
    sheet.rect(box, { level: "line" });
    sheet.image({ uri: PIXEL, alt: HOSTILE, level: "heat", opacity: { expr: "opacity" } }, box);
    sheet.rect(box, { level: "shade", fill: "#000000" });
    sheet.image({ uri: PIXEL, alt: "photo" }, box);
    const view = sheet.view(20, 20) as { layer: { mark: { type: string } }[]; datasets: { pictures: unknown[] } };
    assert.deepEqual(
      view.layer.map(({ mark }) => mark.type),
      ["image", "rect", "image", "rect", "text"],
    );
    assert.equal(view.datasets.pictures.length, 1, "a picture that is drawn twice is there once");
    const spec = { ...litePreamble("a sheet"), params: [{ name: "opacity", value: 1 }], ...view };
    assert.deepEqual(warningsOf(spec), []);
  });

  test("things of one look are one layer", () => {
    const sheet = new Sheet();
    for (let i = 0; i < 50; i++) {
      sheet.image({ uri: `${PIXEL}${i}`, alt: "" }, { ...box, x: i });
      sheet.text(["a", "b"], i, 0);
      sheet.rect({ ...box, x: i }, { fill: "#000000" }, { filter: "datum.at === 1", row: { at: i } });
    }
    assert.equal(sheet.layers().length, 3);
    assert.equal(rowsOf(sheet.layers()).length, 200);
  });

  test("a box at the photo's edge is drawn within it, one inside where it is", () => {
    const sheet = new Sheet();
    const photo = { x: 100, y: 50, width: 200, height: 100 };
    drawBox(sheet, photo, photo, { colour: "#ffffff", width: 2 });
    drawBox(sheet, { x: 120, y: 60, width: 30, height: 20 }, photo, { colour: "#ffffff", width: 2 });
    assert.deepEqual(rowsOf(sheet.layers()), [
      { x: 102.25, y: 52.25, x2: 297.75, y2: 147.75 },
      { x: 120, y: 60, x2: 150, y2: 80 },
    ]);
  });

  test("a legend wraps into the width it has, and says how high it is", () => {
    const items = ["one thing", "another thing", "a third thing that is a little longer"].map((label) => ({
      ...{ label, sign: "frame" as const, colour: "#ffffff" },
    }));
    const heights = [1000, 400, 160].map((width) => drawLegend(new Sheet(), { items }, 0, 0, width));
    assert.ok(heights[0] < heights[1] && heights[1] < heights[2], heights.join());
    const sheet = new Sheet();
    const ramp = { colours: ["#000000", "#ffffff"], labels: ["no evidence", "strongest"] };
    const height = drawLegend(sheet, { ramp, items }, 10, 20, 300);
    for (const { y } of rowsOf(sheet.layers())) assert.ok((y as number) >= 20 && (y as number) <= 20 + height);
    assert.deepEqual(textsOf(sheet.layers()).slice(0, 1), ["no evidence"]);
  });
});

test("a polygon is cut at the edges of a box", () => {
  const square = (x: number, y: number, side: number) => [
    ...[
      { x, y },
      { x: x + side, y },
    ],
    ...[
      { x: x + side, y: y + side },
      { x, y: y + side },
    ],
  ];
  assert.deepEqual(clipPolygon(square(2, 2, 4), box), square(2, 2, 4));
  assert.deepEqual(clipPolygon(square(20, 20, 4), box), []);
  assert.deepEqual(new Set(clipPolygon(square(-5, -5, 10), box).map(({ x, y }) => `${x},${y}`)), new Set(["0,0", "5,0", "5,5", "0,5"])); // prettier-ignore
  const around = clipPolygon(square(-5, -5, 30), box);
  assert.deepEqual(new Set(around.map(({ x, y }) => `${x},${y}`)), new Set(["0,0", "10,0", "10,10", "0,10"]));
});
