// Finding text: a linear SVM that is told of whole pictures only whether they hold text, against word outlines.
import { join } from "node:path";
import { openNetwork, readFolderPerClass, discoverText, drawWorld } from "../../src/index.js";
import {
  type AgainstChance,
  type TextScores,
  textScores,
} from "../../src/kernel-helpers/discovery/text/text-scores.js";
import type { TextView } from "../../src/kernel-helpers/discovery/text/text-view.js";
import { judgeText } from "../../src/kernel-helpers/discovery/text/discover-text.js";
import { readIcdar } from "../../src/kernel-helpers/datasets/words/icdar.js";
import { textAgainst, type TextExample, textExamples } from "../../src/kernel-helpers/discovery/text/text-example.js";
import { textCrops } from "../../src/kernel-helpers/discovery/text/text-crops.js";
import type { Cell, TableContext, TableResult, Target } from "./table.js";

const STREETS = { train: 3000, test: 1000, seed: 202 } as const;
const TRAP = { train: 400, test: 200, seed: 202 } as const;
/** Letters are small: pictures are shown larger than those that the network learned from. */
const SIZE = 336;
/** Chosen on other pictures (seed 55). */
const SVM = { steps: ["standardise"], C: 0.01 } as const;
const SEEDS = [0, 1, 2, 3, 4] as const;

export async function textDetectorTable(context: TableContext): Promise<TableResult> {
  const { say } = context;
  using network = await openNetwork(context.network.modelFile, { size: SIZE });
  const street = textExamples(await drawWorld("text", STREETS));
  const trap = textExamples(await drawWorld("text-trap", TRAP));
  say("  drawn streets");
  const drawn = await discoverText(network, street, { svm: SVM });
  say("  the drawn trap");
  const trapped = await discoverText(network, trap, { svm: SVM });
  const elsewhere = await judgeText(
    network,
    trapped.model,
    street.filter(({ split }) => split === "test"),
  );
  const real = context.real === undefined ? undefined : await realStreets(context.real, say);
  return {
    columns: [
      "trained and judged on",
      "average precision",
      "peak at a word",
      "chance",
      "pixel AP",
      "chance",
      "words' area under the boxes",
      "words found",
      "chance",
    ],
    rows: [
      row("drawn streets, with text and with what looks like it", drawn.findings.scores),
      row("the trap: drawn streets against open country", trapped.findings.scores),
      row("that detector on the drawn streets", elsewhere.findings.scores),
      ...(real?.rows ?? []),
    ],
    images: `${STREETS.train} drawn pictures to train on and ${STREETS.test} to judge by (the trap: ${TRAP.train} and ${TRAP.test}), seed ${STREETS.seed}, at ${SIZE} × ${SIZE} pixels`,
    notes: [
      "The trap's positives are streets, its negatives differ from them in everything: the first figure alone would not tell.",
      ...(real?.notes ?? []),
    ],
    targets: [...targetsOf("drawn streets", drawn.findings.scores, 0.9, 3, 3), ...(real?.targets ?? [])],
  };
}

/** ICDAR 2015 street scenes with MobileNet as its card says; each half of the photographs is judged by the other's detector. */
async function realStreets(folder: string, say: TableContext["say"]) {
  using network = await openNetwork("mobilenet_v1_0.75_224", { models: join(folder, "models") });
  const { pictures } = await readIcdar(join(folder, "data", "scene-text"));
  const closer: TextView[] = [];
  const once: TextView[] = [];
  const zooms = new Set<number>();
  for (const seed of SEEDS) {
    say(`  photographs, seed ${seed}`);
    const { examples } = await textCrops(pictures, { seed });
    for (const half of [examples, examples.map(otherHalf)]) {
      const { findings, model } = await discoverText(network, half, { seed });
      const judged = half.filter(({ split }) => split === "test");
      closer.push(...findings.views);
      for (const zoom of [findings.zoom].flat()) zooms.add(zoom);
      once.push(...(await judgeText(network, model, judged, { seed, zoom: 1 })).findings.views);
    }
  }
  say("  photographs of other scenes as negatives");
  const scenes = await readFolderPerClass(join(folder, "data", "scenes6"));
  const trap = await discoverText(network, textAgainst(pictures, scenes.pictures));
  const crops = textScores(closer);
  const five = "crops with and without text of the same photographs, five seeds, both halves";
  return {
    rows: [
      row(`ICDAR 2015, ${five}`, crops),
      row("the same, looked at once (zoom 1)", textScores(once)),
      row("ICDAR 2015, whole photographs against photographs of other scenes", trap.findings.scores),
    ] as (readonly Cell[])[],
    notes: [
      `Photographs: ${network.name}, ${network.head.summary}; ${pictures.length} photographs, each half judged by detectors ` +
        "that were trained on the other; intervals over photographs, with all their crops and seeds.",
      `Their maps are joined from those of ${[...zooms].map((zoom) => `${zoom} × ${zoom}`).join(", ")} parts of each picture, which \`discoverText\` chose by labels of whole training pictures.`,
    ],
    targets: [...targetsOf("photographs", crops, 0.88, 2.5, 3), ...lowerEnds("photographs", crops, 2.5, 3)],
  };
}

function otherHalf(example: TextExample): TextExample {
  return { ...example, split: example.split === "train" ? "test" : "train" };
}

function row(name: string, scores: TextScores): Cell[] {
  const { averagePrecision, pointing, pixelPrecision, wordsUnderBoxes, wordsFound } = scores;
  const figure = (one: AgainstChance | undefined): Cell => one?.figure ?? "";
  const chance = (one: AgainstChance | undefined): Cell => (one ? { share: one.chance } : "");
  const cells = [pointing, pixelPrecision].flatMap((one) => [figure(one), chance(one)]);
  return [name, averagePrecision, ...cells, figure(wordsUnderBoxes), figure(wordsFound), chance(wordsFound)];
}

function targetsOf(
  where: string,
  { averagePrecision, pointing, pixelPrecision }: TextScores,
  ap: number,
  point: number,
  pixel: number,
): Target[] {
  const times = (one: AgainstChance | undefined) => one?.times.value ?? 0;
  const target = (what: string, wanted: number, found: number, unit: string): Target => ({
    what: `${where}: ${what}`,
    wanted: `≥ ${wanted}${unit}`,
    measured: `${found.toFixed(2)}${unit}`,
    met: found >= wanted,
  });
  return [
    target("average precision", ap, averagePrecision.value, ""),
    target("peak at a word", point, times(pointing), " × chance"),
    target("pixel average precision", pixel, times(pixelPrecision), " × the share of text"),
  ];
}

function lowerEnds(where: string, { pointing, pixelPrecision }: TextScores, point: number, pixel: number): Target[] {
  const target = (what: string, wanted: number, found: AgainstChance | undefined): Target => ({
    what: `${where}: ${what}, lower end of the interval`,
    wanted: `≥ ${wanted} × chance`,
    measured: `${(found?.times.low ?? 0).toFixed(2)} × chance`,
    met: (found?.times.low ?? 0) >= wanted,
  });
  return [target("peak at a word", point, pointing), target("pixel average precision", pixel, pixelPrecision)];
}
