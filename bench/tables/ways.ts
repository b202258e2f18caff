// Every way to look: what it costs, whether the network misses what it shows, and whether it is where the thing is.
import { join } from "node:path";
import { boxes, boxOf, drawWorld, iou, type Network, type Picture, svm, widgets } from "../../src/index.js";
import type { PictureObject } from "../../src/kernel-helpers/images/picture.js";
import { evenly } from "../../src/kernel-helpers/support/grouped.js";
import { median } from "../../src/kernel-helpers/support/statistics.js";
import { openImagenetNetwork, outputLabels, readImagenetBoxes } from "../localization/imagenet-boxes.js";
import { mean } from "../world/probe.js";
import type { Cell, Estimate, TableContext, TableResult } from "./table.js";

const SAMPLE = { seed: 101, test: Number(process.env.CAMLAB_WAYS_PICTURES ?? 24) };
const PHOTO_NETWORK = "mobilenet_v1_0.75_224";
const MEASURES = ["deletion", "insertion", "road", "pointing", "relevance-mass"];

/** Pictures with their truth, and a network that knows their classes. */
interface Bench {
  readonly title: string;
  readonly network: Network;
  readonly pictures: readonly Picture[];
  readonly classes?: readonly string[];
}

/** Cost, faithfulness and localization of every way, on the embedded world and on photographs where there are some. */
export async function waysTable(context: TableContext): Promise<TableResult> {
  const { pictures } = await drawWorld("objects", { seed: SAMPLE.seed, train: 0, test: SAMPLE.test });
  const rows = await rowsOf({ title: "drawn objects", network: context.network, pictures }, "drawn", context);
  const photos = await readImagenetBoxes(context.real);
  if (photos) {
    using network = await openImagenetNetwork(context.real!, PHOTO_NETWORK);
    const bench = {
      ...{ title: `photographs, ${PHOTO_NETWORK}`, network, classes: outputLabels(network, photos.wnids) },
      pictures: evenly(photos.pictures, SAMPLE.test),
    };
    rows.push(...(await rowsOf(bench, "photographs", context)));
  }
  return {
    columns: [
      ...["data", "way", "runs", "× a forward pass"],
      ...["deletion", "insertion", "ROAD", "pointing", "heat in the box", "box"],
    ],
    rows,
    images: `${SAMPLE.test} pictures of the part objects, split test, seed ${SAMPLE.seed}${photos ? `; as many of 250 ILSVRC validation photographs` : ""}`,
    notes: [
      "Charts: [drawn objects](images/ways-drawn.png), [photographs](images/ways-photographs.png). Lower is better: deletion; higher: insertion, ROAD, and where the thing is. What each is: [Ways to look](ways.md).",
      "× a forward pass: the time of a map, beside the look that saw the photo, over that of one run of the network, medians on the same machine in the same minute; runs count one with its gradient as three.",
      "Box: IoU ≥ 0.5 of the largest region above 20 % of the map's maximum; none of single pixels. Random map and centred blob know nothing of the photo. A way that the network does not allow is left out.",
      ...(photos ? [] : ["The rows of photographs need CAMLAB_REAL."]),
    ],
  };
}

async function rowsOf({ title, network, pictures, classes }: Bench, name: string, { say }: TableContext) {
  const known = boxes.WAYS.map((way) => way.name).filter((way) => !["attention-rollout", "legrad"].includes(way));
  const report = await boxes.trust(network, pictures, {
    ...{ ways: known, measures: MEASURES, ...(classes && { classes }) },
    onProgress: ({ done }) => done % 4 === 0 && say(`  ${title}: ${done} pictures judged`),
  });
  await widgets
    .trustChart(report, { title: `Ways to look: ${title}`, columns: 3 })
    .save(join("docs", "images", `ways-${name}.png`));
  const costs = await costsOf(network, pictures.slice(0, 3), known);
  const hits = await boxHits(network, pictures, known, classes ?? network.classes);
  return report.rows.map(({ way, title: heading, values }): Cell[] => {
    const cost = costs.get(way);
    return [
      title,
      heading,
      cost ? String(cost.passes) : "–",
      cost ? cost.times.toFixed(cost.times < 10 ? 1 : 0) : "–",
      ...MEASURES.map((measure): Cell => (Number.isFinite(values[measure].value) ? estimate(values[measure]) : "–")),
      hits.get(way) ?? "–",
    ];
  });
}

function estimate({ value, low, high }: Estimate): Estimate {
  return { value, low, high };
}

/** Runs, and time over that of one run; the first photo opens what the others use. */
async function costsOf(network: Network, pictures: readonly Picture[], ways: readonly string[]) {
  using open = await boxes.openWays(network);
  const { width, height } = network.preprocessing;
  const input = new Float32Array(3 * width * height);
  const forward: number[] = [];
  const taken = new Map<string, { passes: number; milliseconds: number[] }>();
  for (const [i, picture] of pictures.entries()) {
    for (let run = 0; run < 5; run++) {
      const began = performance.now();
      await network.run(input, 1);
      forward.push(performance.now() - began);
    }
    const { maps } = await open.look(picture, { ways });
    for (const { way, passes, milliseconds } of maps) {
      const before = taken.get(way)?.milliseconds ?? [];
      taken.set(way, { passes, milliseconds: i === 0 ? [] : [...before, milliseconds] });
    }
  }
  const one = median(forward);
  return new Map(
    [...taken].map(([way, { passes, milliseconds }]) => [way, { passes, times: median(milliseconds) / one }]),
  );
}

/** How often the box of a way's map is right. */
async function boxHits(
  network: Network,
  pictures: readonly Picture[],
  ways: readonly string[],
  classes: readonly string[],
): Promise<Map<string, Estimate>> {
  const hits = new Map<string, number[]>();
  using open = await boxes.openWays(network);
  const regions = boxes.WAYS.filter(({ name, grain }) => grain === "regions" && ways.includes(name));
  for (const picture of pictures) {
    const { objects = [] } = picture as Picture & { objects?: readonly PictureObject[] };
    const label = objects.find(({ name }) => classes.includes(name))?.name;
    if (label === undefined) continue;
    const { maps } = await open.look(picture, {
      ways: regions.map(({ name }) => name),
      classes: [classes.indexOf(label)],
    });
    for (const { way, map } of maps) {
      const { box } = boxOf(map);
      const right = objects.some((each) => each.name === label && box !== undefined && iou(box, each.box) >= 0.5);
      hits.set(way, [...(hits.get(way) ?? []), Number(right)]);
    }
  }
  return new Map(
    [...hits].map(([way, values]) => [
      way,
      estimate(svm.bootstrapInterval(values.length, (rows) => mean(rows.map((i) => values[i])))),
    ]),
  );
}
