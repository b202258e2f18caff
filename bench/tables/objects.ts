// What the embedded network was taught: naming objects, and where its maps put them, beside its twin with maximum pooling.
import {
  averagePrecision,
  bootstrapInterval,
  boxArea,
  boxOf,
  type Box,
  cam,
  iou,
  isSkipped,
  lookAtAll,
  type Network,
  peakOf,
  pointInBox,
  type WorldDataset,
  worldDataset,
} from "../../src/index.js";
import { mean } from "../world/probe.js";
import type { Estimate, ResultTable, Target } from "./table.js";

const PICTURES = 600;
const SEED = 101;
/** Shares of the frame that part small from middling from large boxes. */
const SIZES = { small: [0, 0.06], middling: [0.06, 0.15], large: [0.15, 1] } as const;

/** Naming and finding objects. */
export const objectsTable: ResultTable = {
  id: "objects",
  title: "Objects: naming and finding them",
  about:
    "The 30 classes that the network was trained on, from image-level labels. A box is the largest region of the class's map above 20 % of its maximum; it is right when its IoU with a true box of the class is 0.5 or more. Pointing is right when the map's peak lies in a true box.",
  async run({ network, gmp, say }) {
    const data = await worldDataset("objects", { seed: SEED, train: 0, test: PICTURES });
    const gap = await judge(network, data);
    say(`  mAP ${gap.precision.value.toFixed(3)}, boxes ${gap.boxes.value.toFixed(3)}`);
    const twin = gmp && (await judge(gmp, data));
    const row = (name: string, of: (found: Judged) => Estimate, control: string | Estimate) => [
      name,
      of(gap),
      twin ? of(twin) : "–",
      control,
    ];
    const { precision, boxes, pointing, controls } = gap;
    return {
      columns: ["", "GAP", "GMP twin", "control"],
      rows: [
        row("mean average precision", (found) => found.precision, "–"),
        row("boxes, IoU ≥ 0.5", (found) => found.boxes, controls.centred),
        ...(["small", "middling", "large"] as const).map((size) =>
          row(`boxes of ${size} things`, (found) => found.bySize[size], controls.bySize[size]),
        ),
        row("pointing", (found) => found.pointing, controls.chance),
      ],
      images: `${PICTURES} pictures of the part "objects", split test, seed ${SEED}, ${gap.count} present classes`,
      notes: [
        "Control of boxes: a centred box of half the frame's area. Control of pointing: the share of the frame that the true boxes cover.",
        "Small: less than 6 % of the frame; large: 15 % or more.",
        "The twin has the same layers, recipe and seed, with the maximum in place of the mean (GMP), as the paper compares them.",
      ],
      targets: [
        target("mean average precision", precision.value, 0.9),
        target("boxes, IoU ≥ 0.5", boxes.value, 0.45),
        target("boxes, points above the centred box", boxes.value - controls.centred.value, 0.2),
        target("pointing", pointing.value, 0.8),
      ],
    };
  },
};

/** A target that asks for at least so much, in percent. */
export function target(what: string, measured: number, wanted: number): Target {
  return {
    what,
    wanted: `≥ ${(100 * wanted).toFixed(1)}`,
    measured: (100 * measured).toFixed(1),
    met: measured >= wanted,
  };
}

type Size = keyof typeof SIZES;

interface Judged {
  readonly precision: Estimate;
  readonly boxes: Estimate;
  readonly pointing: Estimate;
  readonly bySize: Readonly<Record<Size, Estimate>>;
  readonly controls: {
    readonly centred: Estimate;
    readonly chance: Estimate;
    readonly bySize: Readonly<Record<Size, Estimate>>;
  };
  readonly count: number;
}

/** One class that is present in a picture. */
interface Presence {
  readonly picture: number;
  readonly size: Size;
  readonly hit: number;
  readonly point: number;
  readonly centred: number;
  readonly chance: number;
}

async function judge(network: Network, { images, records }: WorldDataset): Promise<Judged> {
  const scores: Float32Array[] = [];
  const present: Presence[] = [];
  const files = images.map(({ file }) => file);
  for await (const seen of lookAtAll(network, files)) {
    if (isSkipped(seen)) throw new Error(seen.error);
    const picture = scores.length;
    const { objects, width, height } = records[picture];
    const frame = width * height;
    scores.push(seen.logits);
    for (const label of records[picture].labels) {
      const truth = objects.filter(({ name }) => name === label).map(({ box }) => box);
      const map = cam(seen, label);
      const { box } = boxOf(map);
      const hits = (guess: Box | undefined) => (guess && truth.some((each) => iou(each, guess) >= 0.5) ? 1 : 0);
      const peak = peakOf(map);
      present.push({
        picture,
        size: sizeOf(Math.max(...truth.map(boxArea)) / frame),
        hit: hits(box),
        point: truth.some((each) => pointInBox(peak, each)) ? 1 : 0,
        centred: hits(centredBox(width, height)),
        chance: covered(truth, width, height),
      });
    }
  }
  const share = (of: (each: Presence) => number, list = present) => overPictures(list, of);
  const ofSize = (of: (each: Presence) => number) =>
    Object.fromEntries(
      (Object.keys(SIZES) as Size[]).map((size) => [
        size,
        share(
          of,
          present.filter((each) => each.size === size),
        ),
      ]),
    ) as Record<Size, Estimate>;
  const relevant = network.classes.map((name) => records.map(({ labels }) => labels.includes(name)));
  return {
    precision: bootstrapInterval(
      scores.length,
      (rows) =>
        mean(
          network.classes.map((_, c) =>
            averagePrecision(
              rows.map((i) => scores[i][c]),
              rows.map((i) => relevant[c][i]),
            ),
          ),
        ),
      { resamples: 200 },
    ),
    boxes: share(({ hit }) => hit),
    pointing: share(({ point }) => point),
    bySize: ofSize(({ hit }) => hit),
    controls: {
      centred: share(({ centred }) => centred),
      chance: share(({ chance }) => chance),
      bySize: ofSize(({ centred }) => centred),
    },
    count: present.length,
  };
}

/** A mean over present classes, with an interval from resampling pictures, whose classes stay together. */
function overPictures(list: readonly Presence[], of: (each: Presence) => number): Estimate {
  const byPicture = new Map<number, number[]>();
  for (const each of list) byPicture.set(each.picture, [...(byPicture.get(each.picture) ?? []), of(each)]);
  const groups = [...byPicture.values()];
  const value = (rows: readonly number[]) => mean(rows.flatMap((row) => groups[row]));
  return groups.length
    ? bootstrapInterval(groups.length, value, { resamples: 400 })
    : { value: NaN, low: NaN, high: NaN };
}

function sizeOf(share: number): Size {
  return (Object.keys(SIZES) as Size[]).find((size) => share < SIZES[size][1]) ?? "large";
}

function centredBox(width: number, height: number): Box {
  const scale = Math.sqrt(0.5);
  const [w, h] = [width * scale, height * scale];
  return { x: (width - w) / 2, y: (height - h) / 2, width: w, height: h };
}

/** The share of the frame that boxes cover together. */
function covered(boxes: readonly Box[], width: number, height: number): number {
  let inside = 0;
  for (let y = 0; y < height; y += 2)
    for (let x = 0; x < width; x += 2) if (boxes.some((box) => pointInBox({ x: x + 1, y: y + 1 }, box))) inside++;
  return inside / (Math.ceil(width / 2) * Math.ceil(height / 2));
}
