// Informative objects against frequent ones on COCO photographs, with and without rival scenes:
// CAMLAB_REAL=… node --import tsx bench/scenes/informative.ts NETWORK…
import { join } from "node:path";
import { discover, discoverScenes, openNetwork } from "../../src/index.js";
import { labelByObjects } from "../../src/kernel-helpers/datasets/sets/label-by-objects.js";
import { readYolo } from "../../src/kernel-helpers/datasets/objects/yolo/yolo.js";
import { listObjects } from "../../src/kernel-helpers/discovery/scenes/list-objects.js";
import type { SceneDiscovery } from "../../src/kernel-helpers/discovery/scenes/scene-findings.js";
import type { Interval } from "../../src/kernel-helpers/support/statistics.js";
import { COCO_GROUPS, FIVE_PROBES } from "./probes.js";

const SEEDS = [0, 1, 2, 3, 4] as const;
const PROBES = { "five probes": FIVE_PROBES, "COCO's groups": COCO_GROUPS };
const real = process.env.CAMLAB_REAL;
if (real === undefined) throw new Error("CAMLAB_REAL is not set");
const photographs = await readYolo(join(real, "data/coco-vqa"));
const order = new Map(photographs.pictures.map(({ id }, i) => [id, i]));

/** Photographs of every second place; measures were chosen on those of even places. */
function oddOnly(found: SceneDiscovery): SceneDiscovery {
  const { settings } = found.findings;
  const scenes = found.findings.scenes.flatMap((scene) => {
    const photos = scene.photos.filter(({ id }) => order.get(id)! % 2 === 1);
    return photos.length ? [{ ...scene, photos, ...listObjects(photos, { ...settings, minImages: 2 }) }] : [];
  });
  return { ...found, findings: { ...found.findings, scenes } };
}

function meanOf(all: readonly Interval[]): string {
  const [value, low, high] = (["value", "low", "high"] as const).map((end) =>
    (all.reduce((sum, one) => sum + one[end], 0) / all.length).toFixed(2),
  );
  return `${value} (${low} to ${high})`;
}

console.log("| network | probes | photographs | by frequency | hot | gain | hot, above rivals | gain |");
console.log("|---|---|---|---|---|---|---|---|");
for (const name of process.argv.slice(2)) {
  using network = await openNetwork(name, { models: join(real, "models") });
  for (const [kind, probes] of Object.entries(PROBES)) {
    const set = labelByObjects(photographs, probes);
    const judge = async (rivals: boolean, seed: number) => {
      const found = await discoverScenes(network, set, { minImages: 3, rivals, seed });
      return [found, oddOnly(found)].map((one) => discover.judgeObjectLists(one, { own: probes }, { seed }));
    };
    const judgeBoth = async (seed: number) => ({ plain: await judge(false, seed), rivals: await judge(true, seed) });
    const judged: Awaited<ReturnType<typeof judgeBoth>>[] = [];
    for (const seed of SEEDS) judged.push(await judgeBoth(seed));
    ["all", "odd"].forEach((part, i) => {
      const cells = [
        meanOf(judged.map(({ plain }) => plain[i].frequent.auc)),
        ...(["plain", "rivals"] as const).flatMap((rule) => [
          meanOf(judged.map((one) => one[rule][i].informative.auc)),
          meanOf(judged.map((one) => one[rule][i].gain)),
        ]),
      ];
      console.log(`| ${[name, kind, part, ...cells].join(" | ")} |`);
    });
  }
}
