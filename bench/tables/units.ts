// What units of the last feature maps respond to, against masks of other pictures; what a class loses with its own units.
import { discoverUnits, drawWorld, extractFeatures } from "../../src/index.js";
import { ablateUnits } from "../../src/kernel-helpers/discovery/units/ablate-units.js";
import type { AblationFall } from "../../src/kernel-helpers/discovery/units/ablation.js";
import type { UnitDiscovery } from "../../src/kernel-helpers/discovery/units/unit-findings.js";
import type { Estimate, TableContext, TableResult } from "./table.js";

const SEED = 101;
const TEST = 1000;
const TENTH = 0.1;

/** Class-specific units: network dissection, and silencing. */
export async function unitsTable({ network, say }: TableContext): Promise<TableResult> {
  const rows: TableRow[] = [];
  const found: UnitDiscovery[] = [];
  for (const part of ["objects", "scenes"] as const) {
    const drawn = await drawWorld(part, { seed: SEED, ...PICTURES[part] });
    const pictures = drawn.pictures.filter(({ split }) => split === "test");
    const dissected = await discoverUnits(network, pictures, { permutations: 10, seed: SEED });
    const { units, matched, control, concepts } = dissected.findings;
    found.push(dissected);
    say(`  ${part}: ${matched} units, by chance ${control.join(" ")}`);
    const named = concepts.filter((concept) => concept.units > 0);
    rows.push([
      `units that match a concept, ${part}`,
      `${matched} of ${units.length}`,
      `${meanOf(control).toFixed(1)} (${Math.min(...control)}–${Math.max(...control)})`,
      `${named.length} of ${concepts.length} concepts: ${named
        .slice(0, 5)
        .map(({ name, units }) => `${name} ${units}`)
        .join(", ")}`,
    ]);
  }
  const objectSet = await drawWorld("objects", { seed: SEED, ...PICTURES.objects });
  const ablation = await ablateUnits(network, await extractFeatures(network, objectSet), { seed: SEED });
  for (const { units, share, top, random, times, others } of ablation.all) {
    rows.push([
      `${units} silent (${percent(share)} %)`,
      { value: top.value, low: top.low, high: top.high },
      { value: random.value, low: random.low, high: random.high },
      `${timesText(times)}; other classes lose ${percent(others).replace("-", "−")}`,
    ]);
  }
  const tenth = ablation.all.find(({ share }) => Math.abs(share - TENTH) < 0.01)!;
  const [objects] = found;
  return {
    columns: ["", "units of the class / masks as they are", "random units / masks of other pictures", ""],
    rows,
    images: `${TEST} pictures of the part objects and 500 of scenes, test split, seed ${SEED}`,
    notes: [
      `Accuracy: a class that a picture shows is among the n highest scores, n being how many it shows; ${percent(ablation.before.value)} % (${percent(ablation.before.low)}–${percent(ablation.before.high)}) with no unit silent.`,
      `Masks of other pictures: 10 dealings, mean (least–most). Random units: ${ablation.draws} draws for each class. A picture is drawn again with all of its classes.`,
      "Scores are linear in pooled features, so silencing is exact without running the network again.",
    ],
    targets: [
      {
        what: "units that match a concept (objects), against masks of other pictures",
        wanted: "≥ 2 ×",
        measured: `${objects.findings.matched} against ${meanOf(objects.findings.control).toFixed(1)}`,
        met: objects.findings.matched >= 2 * meanOf(objects.findings.control),
      },
      timesTarget(tenth),
    ],
  };
}

type TableRow = (string | Estimate)[];

const PICTURES = { objects: { train: 0, test: TEST }, scenes: { train: 1000, test: 500 } } as const;

function timesTarget({ top, random, times }: AblationFall) {
  return {
    what: "a class loses with its own top 10 % of units, against 10 % at random",
    wanted: "≥ 3 ×",
    measured: `${timesText(times)}: ${percent(top.value)} against ${percent(random.value)} points`,
    met: times.value >= 3,
  };
}

function timesText({ value, low, high }: Estimate): string {
  const [times, from, to] = [value, low, high].map((each) => (Number.isFinite(each) ? each.toFixed(1) : "∞"));
  return `${times} × (${from}–${to})`;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function percent(share: number): string {
  return (100 * share).toFixed(1);
}
