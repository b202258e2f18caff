// How time and memory grow: pooled features of 1,000 to 50,000 photographs (a process each), a look with five maps and
// boxes for 10 to 1,000 classes, and five maps and boxes of maps of 7×7 to 28×28. Prints a table; with --write PICTURE also
// draws it.
//   CAMLAB_REAL=… node --import tsx bench/growth.ts [--images 1000,10000,50000] [--write docs/images/growth.png]
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { boxes, extractFeatures, look, networks, openNetwork } from "../src/index.js";
import { writeGraphFile } from "../src/kernel-helpers/graph/onnx/write-graph.js";
import { listImages } from "../src/kernel-helpers/images/files/list-images.js";
import { median } from "../src/kernel-helpers/support/statistics.js";
import { chartTitle } from "../src/widgets/kit/text/chart-title.js";
import { COLOUR, FONT_SIZE, litePreamble } from "../src/widgets/kit/theme.js";
import { Widget } from "../src/widgets/kit/widget.js";
import { benchArguments } from "./arguments.js";

/** A panel of the chart: what grows, and what is measured for each of its values. */
interface Growth {
  readonly what: string;
  readonly measured: string;
  readonly points: readonly { readonly x: number; readonly y: number; readonly label: string }[];
}

const { values } = benchArguments({ images: "1000,10000,50000", write: "", only: "" });
const real = process.env.CAMLAB_REAL;
if (!real) throw new Error("set CAMLAB_REAL to the folder of the real photographs and weights");
const models = join(real, "models");
const photos = await listImages([join(real, "data/imagenet-photos")]);

if (values.only !== "") {
  console.log(JSON.stringify(await featuresOf(Number(values.only))));
} else {
  console.log(`${cpus()[0].model}, ${availableParallelism()} cores, load ${loadavg()[0].toFixed(1)} before\n`);
  const growth = [...byImages(), await byClasses(), await byMaps()];
  for (const { what, measured, points } of growth) {
    for (const { x, y, label } of points)
      console.log(`| ${what} | ${label === "" ? x : label} | ${measured} | ${y.toFixed(2)} |`);
  }
  if (values.write !== "") writeFileSync(values.write, await new Widget(() => growthSpec(growth)).toPng({ scale: 2 }));
}

/** The same files come again and again; each time they are read and decoded anew. */
async function featuresOf(count: number): Promise<{ milliseconds: number; mebibytes: number }> {
  using network = await openNetwork("mobilenet_v1_0.75_224", { models, device: "cpu" });
  await extractFeatures(network, photos, { cache: false });
  const started = performance.now();
  const pictures = Array.from({ length: count }, (_, i) => photos[i % photos.length]);
  let most = 0;
  // The table's pages become resident as they are filled.
  const columns = network.head.featureMaps.channels * 4;
  await extractFeatures(network, pictures, {
    cache: false,
    onProgress: ({ done }) => (most = Math.max(most, process.memoryUsage().rss - done * columns)),
  });
  return { milliseconds: (performance.now() - started) / count, mebibytes: most / 2 ** 20 };
}

function byImages(): Growth[] {
  const found = values.images.split(",").map((count) => {
    const words = [...process.execArgv, ...process.argv.slice(1), "--only", count];
    const printed = execFileSync(process.execPath, words, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    return { x: Number(count), ...(JSON.parse(printed) as Awaited<ReturnType<typeof featuresOf>>) };
  });
  return [
    {
      what: "photographs",
      measured: "ms a photograph",
      points: found.map(({ x, milliseconds: y }) => ({ x, y, label: "" })),
    },
    {
      what: "photographs",
      measured: "MiB beyond the table",
      points: found.map(({ x, mebibytes: y }) => ({ x, y, label: "" })),
    },
  ];
}

async function byClasses(): Promise<Growth> {
  const folder = mkdtempSync(join(tmpdir(), "camlab-growth-"));
  try {
    const points: Growth["points"][number][] = [];
    for (const classes of [10, 100, 1000]) {
      const file = join(folder, `${classes}.onnx`);
      await writeGraphFile(networks.buildNetwork("mobilenet_v2", { classes }), file);
      using network = await openNetwork(file, { device: "cpu" });
      points.push({
        x: classes,
        y: await each(async (photo) => void boxes.classMaps(await look(network, photo))),
        label: "",
      });
    }
    return { what: "classes", measured: "ms a look, five maps and boxes", points };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function byMaps(): Promise<Growth> {
  const points: Growth["points"][number][] = [];
  for (const size of [224, 448, 896]) {
    using network = await openNetwork("mobilenet_v1_0.75_224", { models, device: "cpu", size });
    const seen = await look(network, photos[0], { view: "card" });
    const { width } = seen.featureMaps;
    points.push({ x: width, y: await each(() => void boxes.classMaps(seen)), label: `${width}×${width}` });
  }
  return { what: "places a side", measured: "ms for five maps and boxes", points };
}

/** The median over a hundred photographs, of which the first ten warm up. */
async function each(work: (photo: string) => void | Promise<void>): Promise<number> {
  const times: number[] = [];
  for (const photo of photos.slice(0, 100)) {
    const started = performance.now();
    await work(photo);
    times.push(performance.now() - started);
  }
  return median(times.slice(10));
}

function growthSpec(growth: readonly Growth[]) {
  return {
    ...litePreamble("How time and memory grow with photographs, classes and places of the maps"),
    title: chartTitle("How time and memory grow", { width: 960 }),
    hconcat: growth.map(({ what, measured, points }) => ({
      width: 200,
      height: 160,
      title: { text: measured, fontSize: FONT_SIZE.heading, color: COLOUR.muted, fontWeight: 400 },
      data: { values: points },
      mark: { type: "line", strokeWidth: 2, point: { size: 40 } },
      encoding: {
        x: {
          field: "x",
          type: "quantitative",
          scale: { type: "log", nice: false, padding: 10 },
          axis: { title: what, grid: false, values: points.map(({ x }) => x), format: "~s" },
        },
        y: {
          field: "y",
          type: "quantitative",
          scale: { domain: [0, 1.1 * Math.max(...points.map(({ y }) => y))], nice: true },
          axis: { title: null, gridColor: COLOUR.track, domain: false, ticks: false, labelPadding: 12 },
        },
      },
    })),
    spacing: 36,
  };
}
