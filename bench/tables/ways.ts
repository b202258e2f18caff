// Every way to look: what it costs, whether the network misses what it shows, and whether it is where the thing is.
import { join } from "node:path";
import { boxes, boxOf, drawWorld, iou, type Network, type Picture } from "../../src/index.js";
import { casesOf, classFinder } from "../../src/kernel-helpers/boxes/evaluation/localization-case.js";
import { measureCalled } from "../../src/kernel-helpers/boxes/trust/choose-measures.js";
import { PictureJudge } from "../../src/kernel-helpers/boxes/trust/picture-judge.js";
import { summarised, type TrustRow } from "../../src/kernel-helpers/boxes/trust/trust-rows.js";
import type { TrustedPicture } from "../../src/kernel-helpers/boxes/trust/trusted-picture.js";
import { centredBlob, randomMap } from "../../src/kernel-helpers/cam/faithfulness/control-ways.js";
import type { Measure } from "../../src/kernel-helpers/cam/faithfulness/measure.js";
import { evenly } from "../../src/kernel-helpers/support/grouped.js";
import { median } from "../../src/kernel-helpers/support/statistics.js";
import { Widget } from "../../src/widgets/kit/widget.js";
import { trustPanels } from "../../src/widgets/trust/trust-chart.js";
import type { TrustPanel } from "../../src/widgets/trust/trust-chart-data.js";
import { trustChartSpec } from "../../src/widgets/trust/trust-chart-spec.js";
import { openImagenetNetwork, outputLabels, readImagenetBoxes } from "../localization/imagenet-boxes.js";
import type { Cell, Estimate, TableContext, TableResult } from "./table.js";

const SAMPLE = { seed: 101, test: Number(process.env.CAMLAB_WAYS_PICTURES ?? 24) };
const PHOTO_NETWORK = "mobilenet_v1_0.75_224";
const MEASURES = ["deletion", "insertion", "road", "pointing", "relevance-mass"].map(measureCalled);
/** Those of transformers are left out; CAMLAB_WAYS=cam,saliency for some of the others, to try. */
const KNOWN = boxes.WAYS.filter(
  ({ name }) =>
    !["attention-rollout", "legrad"].includes(name) && (process.env.CAMLAB_WAYS?.split(",").includes(name) ?? true),
);
/** Pictures of which the time is taken, the first to warm up. */
const TIMED = 4;

/** Pictures with their truth, and a network that knows their classes. */
interface Bench {
  readonly title: string;
  readonly network: Network;
  readonly pictures: readonly Picture[];
  readonly classes?: readonly string[];
}

/** What was found of one kind of pictures. */
interface Found {
  readonly title: string;
  readonly measures: readonly Measure[];
  readonly rows: readonly TrustRow[];
  readonly costs: ReadonlyMap<string, Cost>;
}

/** Runs, and times the time of one run: median, least and most over pictures. */
interface Cost extends Estimate {
  readonly passes: number;
}

/** Cost, faithfulness and localization of every way, on the embedded world and on photographs where there are some. */
export async function waysTable(context: TableContext): Promise<TableResult> {
  const { pictures } = await drawWorld("objects", { seed: SAMPLE.seed, train: 0, test: SAMPLE.test });
  const found = [await foundIn({ title: "drawn objects", network: context.network, pictures }, context)];
  const photos = await readImagenetBoxes(context.real);
  if (photos) {
    using network = await openImagenetNetwork(context.real!, PHOTO_NETWORK);
    const bench = {
      ...{ title: `photographs, ${PHOTO_NETWORK}`, network, classes: outputLabels(network, photos.wnids) },
      pictures: evenly(photos.pictures, SAMPLE.test),
    };
    found.push(await foundIn(bench, context));
  }
  await chartOf(found).save(join("docs", "images", "ways.png"));
  return {
    columns: ["data", "way", "runs", "× a forward pass", ...found[0].measures.map(({ title }) => title.toLowerCase())],
    rows: found.flatMap(({ title, rows, costs, measures }) =>
      rows.map(({ way, title: heading, values }): Cell[] => {
        const cost = costs.get(way);
        const numbers = measures.map(({ name }): Cell =>
          Number.isFinite(values[name].value) ? bare(values[name]) : "–",
        );
        return [title, heading, cost ? String(cost.passes) : "–", cost ? timesText(cost.value) : "–", ...numbers];
      }),
    ),
    images: `${SAMPLE.test} pictures of the part objects, split test, seed ${SAMPLE.seed}${photos ? `; as many of 250 ILSVRC validation photographs` : ""}`,
    notes: [
      "[As a chart](images/ways.png). Lower is better: deletion; higher: insertion, ROAD, and where the thing is. What each is: [Ways to look](ways.md).",
      "× a forward pass: the time of a map, beside the look that saw the photo, over that of one run of the network, medians on the same machine in the same minute; runs count one with its gradient as three.",
      "Box: IoU ≥ 0.5 of the largest region above 20 % of the map's maximum; none of single pixels. Random map and centred blob know nothing of the photo. A way that the network does not allow is left out.",
      ...(photos ? [] : ["The rows of photographs need CAMLAB_REAL."]),
    ],
  };
}

async function foundIn({ title, network, pictures, classes }: Bench, { say }: TableContext): Promise<Found> {
  const { classOf } = classFinder(network.classes, [], classes);
  const measures = [...MEASURES, boxMeasure(classes ?? network.classes)];
  const ways = [...KNOWN, randomMap, centredBlob];
  const judged: TrustedPicture[] = [];
  using judge = new PictureJudge(network, ways, measures, 0);
  for (const picture of pictures) {
    const known = casesOf(picture, classOf).at(0);
    judged.push(await judge.judge(picture, known && { index: known.index, boxesOn: known.boxes }, {}));
    say(`  ${title}: ${judged.length} of ${pictures.length} pictures judged`);
  }
  const rows = summarised(ways, measures, judged, 0);
  return { title, measures, rows, costs: await costsOf(network, evenly(pictures, Math.min(TIMED, pictures.length))) };
}

/** Whether the box of a way's map is right. */
function boxMeasure(classes: readonly string[]): Measure {
  return {
    ...measureCalled("pointing"),
    ...{ name: "box", title: "Box", definition: "share of maps whose box and a true one overlap by half (IoU ≥ 0.5)" },
    citation: "Russakovsky et al., ImageNet Large Scale Visual Recognition Challenge, 2015",
    value: ({ way, map, index, seen: { picture } }) => {
      if (way.grain === "pixels") return NaN;
      const { box } = boxOf(map);
      const objects = (picture.objects ?? []).filter(({ name }) => name === classes[index]);
      return Number(box !== undefined && objects.some((each) => iou(box, each.box) >= 0.5));
    },
  };
}

/** One figure: a row of panels for each kind of pictures, the cost first. */
function chartOf(found: readonly Found[]): Widget {
  const panels = found.flatMap(({ rows, costs, measures }): TrustPanel[] => [
    {
      ...{
        name: "× a forward pass",
        definition: "time of a map over that of one run",
        better: "lower",
        logarithmic: true,
      },
      marks: rows.flatMap(({ way }, row) => {
        const cost = costs.get(way);
        return cost ? [{ row, ...bare(cost), verdict: "plain" as const }] : [];
      }),
    },
    ...trustPanels({ rows, measures }),
  ]);
  const spec = () =>
    trustChartSpec({
      title: "Ways to look: cost, faithfulness, place",
      subtitle: `${SAMPLE.test} pictures each; lines are 95 % intervals over pictures, of the cost least and most`,
      ways: found[0].rows.map(({ title }) => title),
      ...{ panels, columns: panels.length / found.length, of: found.map(({ title }) => title) },
    });
  return new Widget(spec);
}

function bare({ value, low, high }: Estimate): Estimate {
  return { value, low, high };
}

function timesText(times: number): string {
  return times < 10 ? times.toFixed(times < 1 ? 2 : 1) : times.toFixed(0);
}

/** The first photo opens what the others use. */
async function costsOf(network: Network, pictures: readonly Picture[]): Promise<Map<string, Cost>> {
  using open = await boxes.openWays(network);
  const { width, height } = network.preprocessing;
  const input = new Float32Array(3 * width * height);
  const taken = new Map<string, { passes: number; times: number[] }>();
  for (const [i, picture] of pictures.entries()) {
    const forward: number[] = [];
    for (let run = 0; run < 9; run++) {
      const began = performance.now();
      await network.run(input, 1);
      forward.push(performance.now() - began);
    }
    const { maps } = await open.look(picture, { ways: KNOWN.map(({ name }) => name) });
    for (const { way, passes, milliseconds } of maps) {
      const before = i <= 1 ? [] : taken.get(way)!.times;
      taken.set(way, { passes, times: [...before, milliseconds / median(forward)] });
    }
  }
  return new Map(
    [...taken].map(([way, { passes, times }]) => [
      way,
      { passes, value: median(times), low: Math.min(...times), high: Math.max(...times) },
    ]),
  );
}
