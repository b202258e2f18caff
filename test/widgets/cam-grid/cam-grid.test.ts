import assert from "node:assert/strict";
import { describe, test } from "node:test";
import sharp from "sharp";
import type { Image } from "../../../src/kernel-helpers/images/image.js";
import { mirroredPlacement, placementOf, toImage } from "../../../src/kernel-helpers/images/input/placement.js";
import type { Placement, Preprocessing } from "../../../src/kernel-helpers/images/input/preprocessing.js";
import type { Seen } from "../../../src/kernel-helpers/networks/seen.js";
import { rowsOf, textsOf } from "../rows-of.js";
import { camGrid, type CamGridOptions } from "../../../src/widgets/cam-grid/cam-grid.js";

const CELLS = 7;
const PEAK = { x: 3, y: 2 };

describe("the heat lies on the photo exactly where the network looked", () => {
  const input = { channelOrder: "RGB", mean: [0, 0, 0], std: [1, 1, 1] } as const;
  const cases: [string, Preprocessing][] = [
    ["squash", { ...input, fit: "squash", width: 224, height: 224 }],
    ["cover", { ...input, fit: "cover", width: 224, height: 224 }],
    ["contain", { ...input, fit: "contain", width: 224, height: 160 }],
    ["centre-crop", { ...input, fit: "centre-crop", resize: { shorterSide: 256 }, width: 224, height: 224 }],
    ["a large input", { ...input, fit: "cover", width: 640, height: 448 }],
  ];
  for (const [name, preprocessing] of cases) {
    for (const [width, height] of [
      [420, 260],
      [230, 370],
    ]) {
      for (const mirror of width > height ? [false, true] : [false]) {
        test(`${name}, ${width}×${height}${mirror ? ", mirrored" : ""}`, async () => {
          const upright = placementOf(preprocessing, width, height);
          const placement = mirror ? mirroredPlacement(upright) : upright;
          const cell = { width: preprocessing.width / CELLS, height: preprocessing.height / CELLS };
          const there = toImage(placement, { x: PEAK.x * cell.width, y: PEAK.y * cell.height, ...cell });
          const look = { x: there.x + there.width / 2, y: there.y + there.height / 2 };
          const marker = await changed(
            camGrid(seenOf({ placement, marker: look }), { ...plain, opacity: 0 }),
            camGrid(seenOf({ placement }), { ...plain, opacity: 0 }),
          );
          const heat = await changed(
            camGrid(seenOf({ placement, peak: 1 }), { ...plain, opacity: 1 }),
            camGrid(seenOf({ placement }), { ...plain, opacity: 1 }),
          );
          const apart = Math.hypot(marker.x - heat.x, marker.y - heat.y);
          assert.ok(apart < 1.5, `marker at ${marker.x}, ${marker.y}, heat at ${heat.x}, ${heat.y}`);
        });
      }
    }
  }
});

describe("camGrid", () => {
  const placement = placementOf(
    { fit: "squash", width: 224, height: 224, channelOrder: "RGB", mean: [0, 0, 0], std: [1, 1, 1] },
    300,
    200,
  );

  test("shows the most probable classes in order, or the classes asked for with their rank", async () => {
    const titles = async (options: CamGridOptions) => {
      const words = JSON.stringify(await camGrid(seenOf({ placement, peak: 1 }), options).spec());
      return [...new Set(words.match(/\d+\. class \w/g))];
    };
    assert.deepEqual(await titles({ classes: 2 }), ["1. class c", "2. class a"]);
    assert.deepEqual(await titles({ classes: 9 }), ["1. class c", "2. class a", "3. class b"]);
    assert.deepEqual(await titles({ classes: ["class b", 0] }), ["3. class b", "2. class a"]);
  });

  test("shows a map of one's own under its label, without a probability", async () => {
    const map = { width: 2, height: 2, data: Float32Array.of(0, 1, 2, 3), label: "text <here>" };
    const spec = await camGrid(seenOf({ placement }), { classes: [map] }).spec();
    assert.equal(spec.description, "Class activation maps of photo: text <here>.");
  });

  test("draws the truth in green, in its own place and only for its class", async () => {
    const seen = seenOf({ placement, peak: 1 });
    const truth = (_: Seen, label: string) => (label === "class c" ? [{ x: 30, y: 40, width: 120, height: 60 }] : []);
    const shown = { classes: 2, size: 300, caption: () => "a <photo>" };
    const spec = await camGrid(seen, { ...shown, truth }).spec();
    const frames = framesOf(spec, "#4ade80");
    const [panel] = rowsOf(spec).filter(({ alt }) => alt === "map of 1. class c") as { x: number; y: number }[];
    const scale = imageWidth(spec) / 300;
    assert.equal(frames.length, 1);
    const { x, y, x2, y2 } = frames[0];
    [x - panel.x, y - panel.y, x2 - panel.x, y2 - panel.y].forEach((place, i) => {
      assert.ok(Math.abs(place - scale * [30, 40, 150, 100][i]) < 0.5, `${place} for ${scale * [30, 40, 150, 100][i]}`);
    });
    const words = textsOf(spec);
    assert.deepEqual([words.includes("box: the truth"), words.includes("a <photo>")], [true, true]);
    assert.equal(textsOf(await camGrid(seen, shown).spec()).includes("box: the truth"), false);
  });

  test("a caption stands in place of name and size; an empty one leaves nothing, but what the photo is called for who cannot see it", async () => {
    const seen = seenOf({ placement, peak: 1 });
    const size = `${placement.imageWidth} × ${placement.imageHeight}`;
    for (const [caption, shown] of [
      [undefined, ["photo", size]],
      ["street", ["street"]],
      ["", []],
    ] as const) {
      const options = { classes: 1, boxes: false, ...(caption !== undefined && { caption: () => caption }) };
      const spec = await camGrid(seen, options).spec();
      const words = textsOf(spec).filter((text) => ["photo", "street", size, ""].includes(text));
      assert.deepEqual(words, shown, caption);
      assert.match(String(spec.description), new RegExp(`^Class activation maps of ${caption || "photo"}: `));
      assert.ok(rowsOf(spec).some(({ alt }) => alt === "photo photo"));
    }
  });

  test("truth: true shows what the picture knows; the paper's style does so unasked, and draws what was found in red", async () => {
    const seen = seenOf({ placement, peak: 1 });
    const box = { x: 30, y: 40, width: 120, height: 60 };
    const object = { name: "class c", box: { x: 0, y: 0, width: 50, height: 50 } };
    const knows = (picture: object) => ({ ...seen, picture: { ...seen.picture, ...picture } });
    const colours = async (each: Seen, options: CamGridOptions) => {
      const spec = await camGrid(each, { classes: 2, sliders: false, ...options }).spec();
      return ["#4ade80", "#ffffff", "#ff5a5a", "orange"].map((colour) => framesOf(spec, colour).length);
    };
    assert.deepEqual(await colours(knows({ objects: [object, object] }), { truth: true }), [2, 2, 0, 0]);
    assert.deepEqual(await colours(knows({ label: "class a", box }), { truth: true }), [1, 2, 0, 0]);
    assert.deepEqual(await colours(knows({ label: "class a", box }), {}), [0, 2, 0, 0]);
    assert.deepEqual(await colours(knows({ label: "class a", box }), { style: "paper" }), [1, 0, 2, 0]);
    assert.deepEqual(await colours(seen, { style: "paper", colours: { box: "orange" } }), [0, 0, 0, 2]);
    assert.throws(() => camGrid(seen, { colours: { box: "url(x)" } }), /invalid colours.box/);
  });

  test("one colour means the same in all maps of a photo, unless each is to show its own evidence", async () => {
    const placed = { placement, width: 2, height: 1 };
    const maps = [
      { ...placed, data: Float32Array.of(0, 4), label: "strong" },
      { ...placed, data: Float32Array.of(0, 1), label: "weak" },
    ];
    const colourAt = async (options: CamGridOptions) => {
      const spec = await camGrid(seenOf({ placement }), { classes: maps, ...options }).spec();
      const { pictures } = (spec as unknown as { datasets: { pictures: { uri: string }[] } }).datasets;
      const heats = pictures.filter(({ uri }) => uri.startsWith("data:image/png"));
      return { heats: heats.length, legend: textsOf(spec).find((text) => text.startsWith("strongest")) };
    };
    // On its own scale the weak map is the strong one's twin: one picture for both.
    assert.deepEqual(await colourAt({}), { heats: 1, legend: "strongest of each map" });
    assert.deepEqual(await colourAt({ colourScale: "photo" }), { heats: 2, legend: "strongest in the photo" });
    const classes = await camGrid(seenOf({ placement, peak: 1 }), { classes: 2 }).spec();
    assert.equal(textsOf(classes).includes("strongest in the photo"), true);
  });

  test("a skipped picture and a promise are named, not a crash", () => {
    const seen = seenOf({ placement });
    const skipped = { picture: { file: "broken.jpg" }, error: "it is empty" } as unknown as Seen;
    const message = /camGrid cannot show "broken.jpg", which was skipped: it is empty \(leave such ones out/;
    assert.throws(() => camGrid(skipped), message);
    assert.throws(() => camGrid([seen, skipped]), message);
    assert.throws(() => camGrid(Promise.resolve(seen) as unknown as Seen), /await look/);
    assert.throws(() => camGrid([undefined] as unknown as Seen[]), /invalid seen: undefined/);
    assert.throws(
      () => camGrid(seen, { treshold: 0.3 } as CamGridOptions),
      /no option "treshold", did you mean "threshold"/,
    );
  });

  test("draws maps that hold nothing to see: constant, negative, NaN", async () => {
    for (const peak of [0, -1, NaN, Infinity]) {
      for (const colourMap of ["inferno", "blue-orange"] as const) {
        const png = await camGrid(seenOf({ placement, peak }), { classes: 1, colourMap }).toPng({ scale: 1 });
        assert.equal((await sharp(png).metadata()).format, "png");
      }
    }
  });

  test("a diverging colour map tells evidence against from evidence for", async () => {
    const colourAtPeak = async (peak: number) => {
      const options = { classes: 1, boxes: false, opacity: 1, colourMap: "blue-orange" } as const;
      const at = await changed(camGrid(seenOf({ placement, peak }), options), camGrid(seenOf({ placement }), options));
      return at.colour;
    };
    const [red, , blue] = await colourAtPeak(1);
    const [coldRed, , coldBlue] = await colourAtPeak(-1);
    assert.ok(red > blue + 40 && coldBlue > coldRed + 40);
  });

  test("refuses options that mean nothing, at once", () => {
    const seen = seenOf({ placement });
    assert.throws(() => camGrid([]), /invalid seen/);
    assert.throws(() => camGrid(seen, { classes: 0 }), /invalid classes: 0/);
    assert.throws(() => camGrid(seen, { classes: [] }), /invalid classes/);
    assert.throws(() => camGrid(seen, { classes: ["zebra"] }), /no class is named "zebra"/);
    assert.throws(() => camGrid(seen, { threshold: 1.5 }), /invalid threshold: 1.5 \(expected 0 ≤ t < 1\)/);
    assert.throws(() => camGrid(seen, { colourMap: "rainbow" as never }), /invalid colourMap: "rainbow"/);
    assert.throws(() => camGrid(seen, { size: NaN }), /invalid size/);
  });
});

/** Frames of a colour on photos; those of the legend are smaller. */
function framesOf(spec: unknown, colour: string): { x: number; y: number; x2: number; y2: number }[] {
  type Layer = { layer?: { mark: { stroke?: string } }[]; data: { values: { x: number; x2: number }[] } };
  return (spec as { layer: Layer[] }).layer
    .filter(({ layer }) => layer?.[1].mark.stroke === colour)
    .flatMap(({ data }) => data.values)
    .filter(({ x, x2 }) => x2 - x > 10) as never;
}

function imageWidth(spec: unknown): number {
  return (spec as { layer: { mark?: { type: string; width: number } }[] }).layer.find(
    ({ mark }) => mark?.type === "image",
  )!.mark!.width;
}

const plain = { classes: 1, boxes: false, size: 300 } as const;

interface Sketch {
  readonly placement: Placement;
  /** The value of the map at PEAK; all else is 0. */
  readonly peak?: number;
  /** The centre of a white square in the otherwise black photo. */
  readonly marker?: { readonly x: number; readonly y: number };
}

function seenOf({ placement, peak = 0, marker }: Sketch): Seen {
  const data = new Float32Array(CELLS * CELLS);
  data[PEAK.y * CELLS + PEAK.x] = peak;
  const classes = ["class a", "class b", "class c"];
  const head = {
    form: "pool-then-classify",
    weights: Float32Array.of(1, 1, 1),
    featureMaps: { channels: 1 },
    logits: { classes: 3 },
  };
  const { imageWidth: width, imageHeight: height } = placement;
  return {
    network: { classes, head } as unknown as Seen["network"],
    picture: { file: drawn(width, height, marker) },
    photo: { file: "photo", width, height },
    placement,
    logits: Float32Array.of(1, 0, 2),
    probabilities: Float32Array.of(0.25, 0.1, 0.65),
    top: [],
    featureMaps: { channels: 1, width: CELLS, height: CELLS, data },
    features: Float32Array.of(peak / data.length),
  };
}

function drawn(width: number, height: number, marker?: Sketch["marker"]): Image {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; marker && y < height; y++) {
    for (let x = 0; x < width; x++) {
      const within = Math.abs(x + 0.5 - marker.x) < 10 && Math.abs(y + 0.5 - marker.y) < 10;
      if (within) data.fill(255, (y * width + x) * 3, (y * width + x) * 3 + 3);
    }
  }
  return { width, height, data };
}

/** Where two grids differ most in the right half (the panel with the map), and the colour of the first one there. */
async function changed(one: ReturnType<typeof camGrid>, other: ReturnType<typeof camGrid>) {
  const [a, b] = await Promise.all(
    [one, other].map(async (grid) =>
      sharp(await grid.toPng({ scale: 1 }))
        .removeAlpha()
        .raw()
        .toBuffer({ resolveWithObject: true }),
    ),
  );
  const { width, height } = a.info;
  assert.deepEqual([b.info.width, b.info.height], [width, height]);
  const difference = new Float64Array(width * height);
  for (let at = 0; at < difference.length; at++) {
    if (at % width < width / 2) continue;
    for (let c = 0; c < 3; c++) difference[at] += Math.abs(a.data[at * 3 + c] - b.data[at * 3 + c]);
  }
  const most = difference.reduce((max, value) => Math.max(max, value), 0);
  assert.ok(most > 60, "the two pictures are the same");
  const sum = { weight: 0, x: 0, y: 0 };
  difference.forEach((value, at) => {
    if (value < most * 0.6) return;
    sum.weight += value;
    sum.x += value * (at % width);
    sum.y += value * Math.floor(at / width);
  });
  const [x, y] = [sum.x / sum.weight, sum.y / sum.weight];
  const at = (Math.round(y) * width + Math.round(x)) * 3;
  return { x, y, colour: [...a.data.subarray(at, at + 3)] };
}
