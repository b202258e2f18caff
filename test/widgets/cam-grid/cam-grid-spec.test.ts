import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { gridRows } from "../../../src/widgets/cam-grid/cam-grid-layout.js";
import { boxThresholds, camGridSpec } from "../../../src/widgets/cam-grid/cam-grid-spec.js";
import type { CamGridPanel } from "../../../src/widgets/cam-grid/cam-grid-data.js";
import type { GridRow } from "../../../src/widgets/cam-grid/cam-grid-layout.js";
import { rowsOf } from "../rows-of.js";
import { HOSTILE, sampleGrid } from "../sample-grid.js";
import { warningsOf } from "../warnings-of.js";

const golden = join(import.meta.dirname, "../../fixtures/widgets/cam-grid.vl.json");

describe("camGridSpec", () => {
  test("is the spec that was looked at (CAMLAB_UPDATE=1 writes it anew: then look again)", () => {
    const spec = camGridSpec(sampleGrid());
    if (process.env.CAMLAB_UPDATE) writeFileSync(golden, `${JSON.stringify(spec, null, 1)}\n`);
    assert.deepEqual(JSON.parse(JSON.stringify(spec)), JSON.parse(readFileSync(golden, "utf8")));
  });

  test("compiles without a warning", () => {
    assert.deepEqual(warningsOf(camGridSpec(sampleGrid())), []);
    assert.deepEqual(warningsOf(camGridSpec({ ...sampleGrid(), boxes: { label: "the authors' rule" } })), []);
  });

  test("never lets a name into an expression", () => {
    const data = sampleGrid([HOSTILE, "datum.x"]);
    const spec = camGridSpec({ ...data, photos: [{ ...data.photos[0], name: HOSTILE }] });
    const expressions: string[] = [];
    JSON.stringify(spec, (key, value: unknown) => {
      if ((key === "expr" || key === "filter") && typeof value === "string") expressions.push(value);
      return value;
    });
    assert.deepEqual([...new Set(expressions)].sort(), [
      '"box: largest area above " + format(100 * threshold, ".3~g") + " % of the maximum"',
      "abs(datum.at - threshold) < 0.001",
      "dimming",
      "opacity",
    ]);
  });

  test("a long name wraps, keeps its end, and is said whole when pointed at", () => {
    const name = "Cardinalis cardinalis cardinalis (the common Northern Cardinal of the eastern half, an adult male)";
    const rows = rowsOf(camGridSpec(sampleGrid([`1. ${name}`])));
    const lines = rows.filter(({ tip }) => tip === `1. ${name}`).map(({ text }) => text as string);
    assert.deepEqual([lines.length, lines[3]], [4, ""], "the probability has a line of its own");
    assert.ok(lines[0].startsWith("1. Cardinalis") && lines[2].endsWith("adult male)"), lines.join("|"));
  });
});

describe("the rows of a grid", () => {
  const [photo] = sampleGrid().photos;
  const photoOf = (width: number, height: number, panels: number) => ({
    ...photo,
    ...{ width, height, panels: Array<CamGridPanel>(panels).fill(photo.panels[0]) },
  });
  const wide = ({ cells }: GridRow) => cells.at(-1)!.x + cells.at(-1)!.room;

  test("keep a photo's proportions, and put panoramas and towers in rows no wider than 1,000 pixels", () => {
    for (const [width, height] of [
      [6000, 1000],
      [1000, 4000],
      [333, 777],
    ]) {
      for (const row of gridRows([photoOf(width, height, 8)], { size: 200, width: 1000 })) {
        for (const cell of row.cells) assert.ok(Math.abs(cell.width / row.height / (width / height) - 1) < 0.03);
        assert.ok(wide(row) <= 1000, `${width}×${height}: a row of ${wide(row)} pixels`);
      }
    }
  });

  test("photos with one map each share rows, whatever their shapes, and fill them", () => {
    const shapes = [[500, 375], [335, 500], [400, 300], [500, 333], [237, 350], [800, 300], [300, 900], [10, 10]]; // prettier-ignore
    const rows = gridRows(
      shapes.map(([width, height]) => photoOf(width, height, 1)),
      { size: 220, width: 1000 },
    );
    assert.equal(rows.flatMap(({ cells }) => cells).length, 16);
    for (const row of rows.slice(0, -1)) {
      assert.ok(new Set(row.cells.map(({ photo }) => photo)).size >= 2);
      assert.ok(wide(row) > 900 && wide(row) <= 1000, String(wide(row)));
    }
  });

  test("columns are panels a row, and whole photos stand in them", () => {
    const grid = (photos: number, panels: number, columns: number) =>
      gridRows(Array.from({ length: photos }, (_, i) => photoOf(400 + 100 * i, 300, panels)), { size: 100, width: 1000, columns }) // prettier-ignore
        .map(({ cells }) => cells.map(({ photo, panel }) => `${photo}${panel < 0 ? "" : "abcdefg"[panel]}`).join(" "));
    assert.deepEqual(grid(3, 1, 4), ["0 0a 1 1a", "2 2a"]);
    assert.deepEqual(grid(3, 1, 5), ["0 0a 1 1a", "2 2a"]);
    assert.deepEqual(grid(2, 5, 6), ["0 0a 0b 0c 0d 0e", "1 1a 1b 1c 1d 1e"]);
    assert.deepEqual(grid(1, 5, 4), ["0 0a 0b 0c", "0d 0e"]);
    assert.deepEqual(grid(2, 3, 2), ["0 0a", "0b 0c", "1 1a", "1b 1c"]);
    assert.deepEqual(grid(2, 1, 1), ["0", "0a", "1", "1a"]);
  });
});

test("the slider's steps go through the first threshold and stay within 0–1", () => {
  for (const first of [0, 0.005, 0.05, 0.2, 0.333, 0.97, 0.99]) {
    const steps = boxThresholds(first);
    assert.ok(steps.includes(first), `${first} is missing in ${steps.join()}`);
    assert.ok(steps.every((step) => step >= 0 && step < 1));
  }
});
