// The explorer's spec, run by Vega without a browser: what follows from a reader's changes is held against camlab's own maps
// and boxes.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import sharp from "sharp";
import type { View } from "vega";
import { boxOf } from "../../../src/kernel-helpers/boxes/box-of.js";
import { cam } from "../../../src/kernel-helpers/cam/cam.js";
import type { HeatMap } from "../../../src/kernel-helpers/cam/heat-map.js";
import { look } from "../../../src/kernel-helpers/networks/look.js";
import type { Network } from "../../../src/kernel-helpers/networks/network.js";
import { openNetwork } from "../../../src/kernel-helpers/networks/open-network.js";
import type { Seen } from "../../../src/kernel-helpers/networks/seen.js";
import { packageRoot } from "../../../src/kernel-helpers/support/package-root.js";
import { exploreChoice, exploreView, type ExploreOptions } from "../../../src/widgets/explore/explore.js";
import { ExploredPhoto } from "../../../src/widgets/explore/explored-photo.js";
import { exploreSpec } from "../../../src/widgets/explore/explore-spec.js";
import { colourMap, COLOUR_MAPS } from "../../../src/widgets/kit/photo/colour-map.js";
import { heatImage, heatRange } from "../../../src/widgets/kit/photo/heat-image.js";
import { heatGrid, photoHeat } from "../../../src/widgets/kit/photo/photo-heat.js";
import { HOSTILE } from "../sample-grid.js";

const PHOTO = join(packageRoot(), "models/teaching/beach.png");

describe("explore", () => {
  let network: Network;
  let seen: Seen;
  before(async () => {
    network = await openNetwork(join(packageRoot(), "models/teaching"));
    seen = await look(network, { file: PHOTO, region: { x: 20, y: 30, width: 430, height: 310 } });
  });
  after(() => network?.dispose());

  const mapOf = (index: number): HeatMap => ({ ...cam(seen, index), placement: seen.placement });
  const topIndex = (at: number) => seen.top[at].index;

  async function viewOf(options: ExploreOptions = {}): Promise<View> {
    const { View, parse } = await import("vega");
    const spec = await exploreView(seen, options).spec();
    return new View(parse(spec), { renderer: "none" }).runAsync();
  }

  test("a moved threshold moves the exact box, and takes it away where there is none", async () => {
    const view = await viewOf();
    const frame = seen.placement.region!;
    for (const threshold of [0.01, 0.2, 0.37, 0.5, 0.99]) {
      for (const pick of [0, 1]) {
        await view.signal("threshold", threshold).signal("pick", pick).runAsync();
        const [row] = view.data("boxes") as { box: number[] }[];
        const { box } = boxOf(mapOf(topIndex(pick)), { threshold });
        assert.ok(box && row);
        const shares = [
          (box.x - frame.x) / frame.width,
          (box.y - frame.y) / frame.height,
          box.width / frame.width,
          box.height / frame.height,
        ];
        row.box.forEach((share, i) =>
          assert.ok(Math.abs(share - shares[i]) < 1e-4, `${row.box.join(" ")} for ${shares.join(" ")}`),
        );
      }
    }
    await view.signal("against", 0).runAsync();
    assert.equal(view.data("boxes").length, 0, "no box of two classes");
  });

  test("pointing at a place says what each class's map is there", async () => {
    const view = await viewOf({ classes: 4 });
    const frame = seen.placement.region!;
    const [columns, rows] = [100, 100];
    for (const [across, down] of [
      [10.5, 20.5],
      [50.5, 50.5],
      [0.5, 99.5],
      [73.5, 31.5],
    ]) {
      // prettier-ignore
      await view.signal("across", across).signal("down", down).runAsync();
      const here = (view.data("classes") as { here: number }[]).map((row) => row.here);
      here.forEach((value, at) => {
        // The pixel whose middle is that place.
        const heat = photoHeat(mapOf(topIndex(at)), { width: columns, height: rows, frame });
        const expected = heat.data[Math.floor(down) * columns + Math.floor(across)];
        assert.ok(Math.abs(value - expected) <= 2e-3 * (1 + Math.abs(expected)), `${value} for ${expected}`);
      });
    }
  });

  test("the picture of a map is the one that the grid draws, in every colour map, and two classes are held against each other", async () => {
    const view = await viewOf({ classes: 3, colourScale: "map" });
    const frame = seen.placement.region!;
    const pixels = async (uri: string) =>
      (
        await sharp(Buffer.from(uri.slice(uri.indexOf(",") + 1), "base64"))
          .ensureAlpha()
          .raw()
          .toBuffer()
      ).toString("hex");
    for (const [number, name] of COLOUR_MAPS.entries()) {
      await view.signal("pick", 1).signal("colours", number).runAsync();
      const [map, colours] = [mapOf(topIndex(1)), await colourMap(name)];
      const heat = photoHeat(map, { ...heatGrid(frame, map), frame });
      assert.equal(
        await pixels(shownUri(view)),
        await pixels(heatImage(heat, heatRange([heat], colours), colours)),
        name,
      );
    }
    const blueOrange = await colourMap("blue-orange");
    for (const [pick, against] of [
      [0, 2],
      [2, 0],
    ]) {
      // prettier-ignore
      await view.signal("pick", pick).signal("against", against).runAsync();
      const [one, other] = [mapOf(topIndex(pick)), mapOf(topIndex(against))];
      const map = { ...one, data: one.data.map((value, p) => value - other.data[p]) };
      const heat = photoHeat(map, { ...heatGrid(frame, map), frame });
      const expected = heatImage(heat, heatRange([heat], blueOrange), blueOrange);
      assert.ok((await meanDifference(shownUri(view), expected)) < 1.5, `${pick} against ${against}`);
    }
  });

  test("contours enclose the places above their level", async () => {
    const view = await viewOf({ show: "contours" });
    const contours = view.data("contours") as { contour: { coordinates: number[][][][]; value: number } }[];
    assert.equal(contours.length, 4);
    const areas = contours.map(({ contour }) =>
      contour.coordinates.flat().reduce((sum, ring) => sum + ringArea(ring), 0),
    );
    assert.ok(areas[0] > areas[1] && areas[1] > areas[2] && areas[2] > areas[3] && areas[3] > 0, String(areas));
    await view.signal("show", "both").signal("threshold", 0.4).runAsync();
    const [edge] = view.data("edge") as typeof contours;
    assert.deepEqual(edge.contour.value, (view.data("contours") as typeof contours)[1].contour.value);
  });

  test("begins with what was asked for, and lists it", async () => {
    const view = await viewOf({
      classes: 2,
      pick: topIndex(3),
      against: topIndex(0),
      threshold: 0.35,
      opacity: 0.4,
      scale: 2,
    });
    const names = (view.data("classes") as { name: string }[]).map(({ name }) => name);
    assert.deepEqual(
      names,
      [0, 1, 3].map((at) => seen.top[at].name),
    );
    assert.deepEqual(
      ["pick", "against", "threshold", "opacity"].map((name) => view.signal(name) as number),
      [2, 0, 0.35, 0.4],
    );
    assert.ok(view.width() > 1000);
  });

  test("maps of an early layer, with more values than a call takes arguments, are shown, the ring at the peak", async () => {
    const side = 400;
    const [column, row] = [300, 100];
    const data = new Float32Array(side * side);
    data[row * side + column] = 7;
    const explored = new ExploredPhoto(seen, (index) => ({ ...cam(seen, index), width: side, height: side, data }));
    const { signals } = exploreSpec(await explored.data(exploreChoice(seen, { classes: 1 }))) as {
      signals?: { name: string; value: number }[];
    };
    const { inputWidth, inputHeight, scaleX, scaleY, offsetX, offsetY, region } = seen.placement;
    const x = ((((column + 0.5) / side) * inputWidth - offsetX) / scaleX - region!.x) / region!.width;
    const y = ((((row + 0.5) / side) * inputHeight - offsetY) / scaleY - region!.y) / region!.height;
    const at = (name: string) => signals!.find((signal) => signal.name === name)!.value;
    assert.ok(Math.abs(at("across") - 100 * x) <= 0.25 && Math.abs(at("down") - 100 * y) <= 0.25);
  });

  test("whoever no longer wants it waits for no more than the map of one class", async () => {
    const stop = new AbortController();
    const made: number[] = [];
    const explored = new ExploredPhoto(seen, (index) => {
      made.push(index);
      if (made.length === 2) stop.abort();
      return cam(seen, index);
    });
    await assert.rejects(explored.data(exploreChoice(seen, { classes: 4 }), stop.signal), { name: "AbortError" });
    assert.deepEqual(made, [topIndex(0), topIndex(1)]);
    await explored.data(exploreChoice(seen, { classes: 4 }));
    assert.deepEqual(made, [0, 1, 2, 3].map(topIndex), "what was made is kept");
  });

  test("hostile names stay text and get into no expression", async () => {
    const classes = network.classes.map((name) => name + HOSTILE);
    const hostile = { ...seen, picture: { ...seen.picture, label: HOSTILE }, network: { ...network, classes } } as Seen;
    const widget = exploreView(hostile);
    assert.doesNotMatch(await widget.toHtml(), /<script>alert/);
    const expressions = JSON.stringify(await widget.spec()).match(/"(signal|expr|update|test)":"(\\.|[^"\\])*"/g) ?? [];
    assert.ok(expressions.length > 50);
    assert.deepEqual(
      expressions.filter((text) => text.includes("alert")),
      [],
    );
  });

  test("refuses what it cannot show", () => {
    assert.throws(() => exploreView([seen, seen] as unknown as Seen), /invalid seen: "?2 photos/);
    assert.throws(() => exploreView(seen, { threshold: 1 }), /invalid threshold: 1 /);
    assert.throws(() => exploreView(seen, { classes: [] }), /invalid classes/);
    assert.throws(() => exploreView(seen, { pick: "a zebra" }), /a zebra/);
    assert.throws(
      () => exploreView(seen, { opacty: 1 } as ExploreOptions),
      /no option "opacty", did you mean "opacity"/,
    );
  });
});

/** The address of the one picture of a map that is drawn. */
function shownUri(view: View): string {
  const found: string[] = [];
  const walk = (node: { items?: object[]; marktype?: string; url?: string }) => {
    if (node.url?.startsWith("data:image/png")) found.push(node.url);
    for (const item of node.items ?? []) walk(item);
  };
  walk((view.scenegraph() as unknown as { root: object }).root);
  assert.equal(found.length, 1);
  return found[0];
}

async function meanDifference(uri: string, other: string): Promise<number> {
  const [a, b] = await Promise.all(
    [uri, other].map((each) =>
      sharp(Buffer.from(each.slice(each.indexOf(",") + 1), "base64"))
        .ensureAlpha()
        .raw()
        .toBuffer(),
    ),
  );
  return a.reduce((sum, value, i) => sum + Math.abs(value - b[i]), 0) / a.length;
}

/** Signed: a hole counts against. */
function ringArea(ring: readonly number[][]): number {
  let area = 0;
  ring.forEach(([x, y], i) => {
    const [nextX, nextY] = ring[(i + 1) % ring.length];
    area += (x * nextY - nextX * y) / 2;
  });
  return -area;
}
