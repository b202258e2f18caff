// What makes a scene: annotated objects under the maps of scene SVMs, against how often they occur.
import { join } from "node:path";
import { discoverScenes, openNetwork, drawWorld } from "../../src/index.js";
import type { BootstrapInterval } from "../../src/kernel-helpers/svm/metrics/bootstrap-interval.js";
import { FREQUENT_OBJECTS, INFORMATIVE_OBJECTS } from "../../src/world/parts/scenes.js";
import { judgeObjectLists, type ListJudgement } from "../../src/kernel-helpers/discovery/scenes/judge-lists.js";
import { labelByObjects } from "../../src/kernel-helpers/datasets/sets/label-by-objects.js";
import { readYolo } from "../../src/kernel-helpers/datasets/objects/yolo/yolo.js";
import type { SceneDiscovery } from "../../src/kernel-helpers/discovery/scenes/scene-findings.js";
import { FIVE_PROBES } from "../scenes/probes.js";
import { shownAt } from "../embedded/shown-at.js";
import type { Cell, TableContext, TableResult, Target } from "./table.js";

const COUNTS = { train: 4000, test: 1000, seed: 202 } as const;
/** Fixed on pictures of seeds 7 and 55: shown a little larger, maps are finer; their peaks are sharp. */
const SIZE = 240;
const HOT = 0.04;
const SEEDS = [0, 1, 2, 3, 4] as const;

/** Lists of frequent and of informative objects, judged by what makes the scene. */
export async function informativeObjectsTable({ network: embedded, real, say }: TableContext): Promise<TableResult> {
  using network = await shownAt(embedded, SIZE);
  const { pictures } = await drawWorld("scenes", COUNTS);
  const found = await discoverScenes(network, pictures, { hot: HOT });
  const drawn = judgeObjectLists(found, { own: INFORMATIVE_OBJECTS, common: FREQUENT_OBJECTS });
  say(
    `  drawn scenes: AUC ${drawn.informative.auc.value.toFixed(3)}, by frequency ${drawn.frequent.auc.value.toFixed(3)}`,
  );
  const photographs = real === undefined ? undefined : await photographed(real, say);
  return {
    columns: ["pictures", "lists", "AUC", "mean reciprocal rank of the first own object"],
    rows: [...rowsOf("drawn scenes, ten", drawn), ...scenesOf(found, drawn), ...(photographs?.rows ?? [])],
    images: `${COUNTS.train} drawn pictures to learn from, ${COUNTS.test} to look at, seed ${COUNTS.seed}, shown at ${SIZE} × ${SIZE} pixels (\`openNetwork(…, { size: ${SIZE} })\`)`,
    notes: [
      `How much of an object lies under the map: the share of its pixels above ${100 * found.findings.settings.hot} % of the map's maximum, 0 where it is absent, the mean over the scene's pictures. That ${100 * found.findings.settings.hot} %, and the size, were fixed on pictures of other seeds; photographs have the default, 20 %.`,
      `Mean average precision of the scene SVMs: ${(100 * meanOf(found.findings.scenes.map((scene) => scene.averagePrecision))).toFixed(1)}.`,
      "Intervals: the looked-at pictures resampled.",
      ...(photographs?.notes ?? []),
    ],
    targets: [
      atLeast("drawn scenes: AUC of the informative lists", 0.9, drawn.informative.auc.value),
      above("drawn scenes: informative above frequency lists, AUC", drawn),
      ...(photographs?.targets ?? []),
    ],
  };
}

function rowsOf(name: string, { informative, frequent }: ListJudgement): Cell[][] {
  return [
    [name, "informative", informative.auc, informative.meanReciprocalRank],
    [name, "by frequency", frequent.auc, frequent.meanReciprocalRank],
  ];
}

function scenesOf(found: SceneDiscovery, { scenes }: ListJudgement): Cell[][] {
  return scenes.map(({ scene, informativeAuc, frequentAuc }) => {
    const { informative } = found.findings.scenes.find((each) => each.scene === scene)!;
    const first = informative.slice(0, 4).map(({ name, informativeness }) => `${name} ${informativeness.toFixed(2)}`);
    return [scene, first.join(", "), { share: informativeAuc }, `AUC by frequency ${(100 * frequentAuc).toFixed(1)}`];
  });
}

/** COCO photographs with MobileNet, cross-validated, the mean over the seeds of the folds. */
async function photographed(folder: string, say: TableContext["say"]) {
  using network = await openNetwork("mobilenet_v1_0.75_224", { models: join(folder, "models") });
  const { pictures } = labelByObjects(await readYolo(join(folder, "data", "coco-vqa")), FIVE_PROBES);
  const judged: ListJudgement[] = [];
  for (const seed of SEEDS) {
    say(`  photographs, seed ${seed}`);
    const found = await discoverScenes(network, pictures, { minImages: 3, seed });
    judged.push(judgeObjectLists(found, { own: FIVE_PROBES }, { seed }));
  }
  const list = (kind: "informative" | "frequent") => ({
    auc: meanInterval(judged.map((one) => one[kind].auc)),
    meanReciprocalRank: meanInterval(judged.map((one) => one[kind].meanReciprocalRank)),
  });
  const gain = meanInterval(judged.map((one) => one.gain));
  const means = { informative: list("informative"), frequent: list("frequent"), gain, scenes: [] };
  return {
    rows: rowsOf(`COCO photographs, five probes, ${SEEDS.length} seeds`, means),
    notes: [
      `Photographs: ${network.name}, ${pictures.length} COCO photographs with boxes of 80 classes; a probe is "shows one of these objects" (${Object.keys(FIVE_PROBES).join(", ")}), 5-fold cross-validation, objects in at least 3 photographs; own objects are those that define the probe, all others are common ones. Figures and ends of intervals are means over seeds.`,
    ],
    targets: [above("photographs: informative above frequency lists, AUC", means)],
  };
}

function meanInterval(all: readonly BootstrapInterval[]): BootstrapInterval {
  const [value, low, high] = (["value", "low", "high"] as const).map((end) => meanOf(all.map((one) => one[end])));
  return { ...all[0], value, low, high };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function atLeast(what: string, wanted: number, measured: number): Target {
  return { what, wanted: `≥ ${wanted}`, measured: measured.toFixed(3), met: measured >= wanted };
}

function above(what: string, { gain }: ListJudgement): Target {
  return { what, wanted: "> 0", measured: gain.value.toFixed(3), met: gain.value > 0 };
}
