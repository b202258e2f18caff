// Informative objects against frequent ones on COCO photographs, all networks, probes and seeds as one figure:
// CAMLAB_REAL=… node --import tsx bench/scenes/pooled.ts NETWORK…
//
// Photographs are drawn for the interval; each draw goes through every network, both kinds of probes and every seed, so the
// figures of one draw are as alike as those networks and probes are.
import { join } from "node:path";
import { discover, discoverScenes, openNetwork } from "../../src/index.js";
import { labelByObjects } from "../../src/kernel-helpers/datasets/sets/label-by-objects.js";
import { readYolo } from "../../src/kernel-helpers/datasets/objects/yolo/yolo.js";
import type { SceneDiscovery } from "../../src/kernel-helpers/discovery/scenes/scene-findings.js";
import { mean } from "../../src/kernel-helpers/support/statistics.js";
import { bootstrapInterval } from "../../src/kernel-helpers/svm/metrics/bootstrap-interval.js";
import { COCO_GROUPS, FIVE_PROBES } from "./probes.js";

const SEEDS = [0, 1, 2, 3, 4] as const;
const PROBES = { "five probes": FIVE_PROBES, "COCO's groups": COCO_GROUPS };
const RESAMPLES = 1000;
const real = process.env.CAMLAB_REAL;
if (real === undefined) throw new Error("CAMLAB_REAL is not set");
const photographs = await readYolo(join(real, "data/coco-vqa"));
const ids = photographs.pictures.map(({ id }) => id);

interface Run {
  readonly network: string;
  readonly probes: keyof typeof PROBES;
  readonly found: SceneDiscovery;
}

const runs: Run[] = [];
for (const name of process.argv.slice(2)) {
  using network = await openNetwork(name, { models: join(real, "models") });
  for (const kind of Object.keys(PROBES) as (keyof typeof PROBES)[]) {
    const set = labelByObjects(photographs, PROBES[kind]);
    for (const seed of SEEDS) {
      const found = await discoverScenes(network, set, { minImages: 3, seed });
      runs.push({ network: name, probes: kind, found });
    }
  }
}

/** The run with each photograph as often as it was drawn; the objects listed stay those of the run. */
function drawnOf({ found }: Run, times: ReadonlyMap<string, number>): Pick<SceneDiscovery, "findings"> {
  const scenes = found.findings.scenes.map((scene) => ({
    ...scene,
    photos: scene.photos.flatMap((photo) => new Array<typeof photo>(times.get(photo.id) ?? 0).fill(photo)),
  }));
  return { findings: { ...found.findings, scenes } };
}

function judged(run: Run, rows: readonly number[]): { gain: number; informative: number; frequent: number } {
  const times = new Map<string, number>();
  for (const row of rows) times.set(ids[row], (times.get(ids[row]) ?? 0) + 1);
  const { gain, informative, frequent } = discover.judgeObjectLists(
    drawnOf(run, times),
    { own: PROBES[run.probes] },
    { resamples: 1 },
  );
  return { gain: gain.value, informative: informative.auc.value, frequent: frequent.auc.value };
}

function line(what: string, of: readonly Run[]): string {
  // The three figures come of the same draws: one pass over them serves all.
  const known = new Map<string, ReturnType<typeof judged>[]>();
  const all = (rows: readonly number[]) => {
    const key = rows.join();
    const made = known.get(key) ?? of.map((run) => judged(run, rows));
    known.set(key, made);
    return made;
  };
  const cells = (["frequent", "informative", "gain"] as const).map((kind) => {
    const { value, low, high } = bootstrapInterval(ids.length, (rows) => mean(all(rows).map((one) => one[kind])), {
      resamples: RESAMPLES,
    });
    return `${value.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
  });
  return `| ${[what, ...cells].join(" | ")} |`;
}

console.log("| pooled over | by frequency | hot, with rivals | gain |");
console.log("|---|---|---|---|");
console.log(line("all", runs));
for (const name of new Set(runs.map(({ network }) => network))) {
  console.log(
    line(
      name,
      runs.filter(({ network }) => network === name),
    ),
  );
}
for (const kind of Object.keys(PROBES)) {
  console.log(
    line(
      kind,
      runs.filter(({ probes }) => probes === kind),
    ),
  );
}
