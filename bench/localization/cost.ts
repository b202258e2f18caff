// What judging boxes costs beside extracting features of the same pictures: both protocols in turn with the extraction,
// round after round, no cache; medians of the rounds' ratios. As built (`npm run build` first): threads that start from
// TypeScript take a second for that.
//
//   CAMLAB_REAL=FOLDER node --import tsx bench/localization/cost.ts [--rounds 9] [--pictures 100]
//
// Without CAMLAB_REAL only the embedded network is measured, on drawn pictures: one class each as photographs have it, and
// all classes each, with masks.
import { performance } from "node:perf_hooks";
import type { Network, Picture } from "../../src/index.js";
import { median } from "../../src/kernel-helpers/support/statistics.js";
import { benchArguments } from "../arguments.js";
import { openImagenetNetwork, outputLabels, readImagenetBoxes } from "./imagenet-boxes.js";

const built = new URL("../../dist/esm/index.js", import.meta.url).href;
const { boxes, boxOf, cam, drawWorld, extractFeatures, isSkipped, lookAtAll, openNetwork } = (await import(
  built
)) as typeof import("../../src/index.js");
type Evaluation = NonNullable<Parameters<typeof boxes.evaluateLocalization>[2]>;

const { values } = benchArguments({ rounds: "9", pictures: "100" });
const [rounds, count] = [Number(values.rounds), Number(values.pictures)];

async function measure(name: string, network: Network, pictures: readonly Picture[], classes?: readonly string[]) {
  const evaluation = (options: Evaluation) => () =>
    boxes.evaluateLocalization(network, pictures, { cache: false, classes, ...options });
  const runs = {
    extraction: () => extractFeatures(network, pictures, { cache: false }),
    "20 % rule: map and box of the first class": async () => {
      for await (const seen of lookAtAll(network, pictures, { top: 1 })) {
        if (isSkipped(seen)) throw new Error(seen.error);
        boxOf(cam(seen, seen.top[0].index));
      }
    },
    "cvpr2016: six boxes and the curve": evaluation({}),
    "wsol2020, 101 thresholds": evaluation({ protocol: "wsol2020" }),
  };
  const [seconds, processor] = [new Map<string, number[]>(), new Map<string, number[]>()];
  const keep = (all: Map<string, number[]>, what: string, one: number) =>
    all.set(what, [...(all.get(what) ?? []), one]);
  for (let round = 0; round <= rounds; round++) {
    for (const [what, run] of Object.entries(runs)) {
      const [began, used] = [performance.now(), process.cpuUsage()];
      await run();
      const { user, system } = process.cpuUsage(used);
      // The first round warms up.
      if (round === 0) continue;
      keep(seconds, what, (performance.now() - began) / 1000);
      keep(processor, what, (user + system) / 1e6);
    }
  }
  const base = seconds.get("extraction")!;
  console.log(
    `${name}, ${pictures.length} pictures: extraction ${((1000 * median(base)) / pictures.length).toFixed(1)} ms a picture`,
  );
  const ratio = (all: Map<string, number[]>, what: string) => {
    const ratios = all.get(what)!.map((one, i) => one / all.get("extraction")![i]);
    return `${median(ratios).toFixed(2)} × (${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)})`;
  };
  for (const what of Object.keys(runs).slice(1)) {
    console.log(
      `  ${what.padEnd(42)} ${ratio(seconds, what)} by the clock, ${ratio(processor, what)} of the processor`,
    );
  }
}

{
  using network = await openNetwork();
  const { pictures } = await drawWorld("objects", { seed: 101, train: 0, test: count });
  const single = pictures.map(({ labels, objects = [], ...picture }) => ({
    ...picture,
    label: labels![0],
    objects: objects.map(({ name, box }) => ({ name, box })),
  }));
  await measure("embedded, a class each", network, single);
  await measure("embedded, all classes and masks", network, pictures);
}
const real = process.env.CAMLAB_REAL;
const photos = await readImagenetBoxes(real);
for (const name of photos ? ["mobilenet_v1_0.75_224", "efficientnet_lite0", "efficientnet_lite2"] : []) {
  using network = await openImagenetNetwork(real!, name);
  await measure(name, network, photos!.pictures.slice(0, count), outputLabels(network, photos!.wnids));
}
