import assert from "node:assert/strict";
import { test } from "node:test";
import { type MapTile, mapTilesSpec } from "../../../../src/widgets/kit/sheet/map-tiles-spec.js";
import { PIXEL } from "../../sample-grid.js";

/** A picture of these proportions. */
function tileOf(width: number, height: number): MapTile {
  const frame = { x: 0, y: 0, width, height };
  return { title: `${width}`, note: "", uri: PIXEL, mutedUri: PIXEL, heatUri: PIXEL, unseen: [], frame };
}

/** Of each picture that was drawn. */
function sizesOf(tiles: readonly MapTile[], columns: number): { width: number; height: number; x: number }[] {
  const spec = mapTilesSpec({
    ...{ description: "tiles", tiles, columns, size: 100, opacity: 1, dimming: 0, legend: [] },
    ramp: { colours: ["#000000", "#ffffff"], labels: ["none", "all"] },
  });
  type Layer = {
    readonly mark?: { readonly type: string; readonly width: number; readonly height: number };
    readonly data: { readonly values: readonly { readonly alt?: string; readonly x: number }[] };
  };
  return (spec.layer as Layer[])
    .filter(({ mark }) => mark?.type === "image")
    .flatMap(({ mark, data }) =>
      data.values
        .filter(({ alt }) => alt?.startsWith("map of "))
        .map(({ x }) => ({ x, width: mark!.width, height: mark!.height })),
    )
    .sort((a, b) => a.x - b.x);
}

test("pictures of a row are equally high and together as wide as squares, whatever their shapes", () => {
  const sizes = sizesOf([tileOf(150, 100), tileOf(75, 100), tileOf(200, 100)], 3);
  assert.equal(new Set(sizes.map(({ height }) => height)).size, 1);
  const { x, width } = sizes.at(-1)!;
  assert.ok(Math.abs(x + width - (3 * 100 + 2 * 14)) <= 3, `${x + width}`);
  sizes.forEach((size, i) => assert.ok(Math.abs(size.width / size.height - [1.5, 0.75, 2][i]) < 0.03));
});

test("a row that is not full is as high as a full one of such pictures; tall pictures alone do not tower", () => {
  assert.deepEqual(
    sizesOf([tileOf(150, 100)], 4).map(({ width }) => width),
    [101],
  );
  assert.deepEqual(
    sizesOf([tileOf(50, 100), tileOf(50, 100)], 2).map(({ height }) => height),
    [130, 130],
  );
});
