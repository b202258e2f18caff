// Finding text: a linear SVM that is told of whole pictures only whether they hold text, against word outlines.
import { join } from "node:path";
import { openNetwork, readFolderPerClass, discoverText, drawWorld } from "../../src/index.js";
import type { AgainstChance, TextScores } from "../../src/kernel-helpers/discovery/text/text-scores.js";
import { judgeText } from "../../src/kernel-helpers/discovery/text/discover-text.js";
import { readIcdar } from "../../src/kernel-helpers/datasets/words/icdar.js";
import { textAgainst, textExamples } from "../../src/kernel-helpers/discovery/text/text-example.js";
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
      "words under the box",
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

/** ICDAR 2015 street scenes with MobileNet, its last stride taken away. */
async function realStreets(folder: string, say: TableContext["say"]) {
  using network = await openNetwork("mobilenet_v1_0.75_224", {
    models: join(folder, "models"),
    maps: "finer",
  });
  const { pictures } = await readIcdar(join(folder, "data", "scene-text"));
  const all: TextScores[] = [];
  for (const seed of SEEDS) {
    say(`  photographs, seed ${seed}`);
    const { examples } = await textCrops(pictures, { seed });
    all.push((await discoverText(network, examples, { seed })).findings.scores);
  }
  say("  photographs of other scenes as negatives");
  const scenes = await readFolderPerClass(join(folder, "data", "scenes6"));
  const trap = await discoverText(network, textAgainst(pictures, scenes.pictures));
  const crops = meanOf(all);
  return {
    rows: [
      ["ICDAR 2015, crops with and without text of the same photographs, five seeds", ...cellsOf(crops)],
      row("ICDAR 2015, whole photographs against photographs of other scenes", trap.findings.scores),
    ] as (readonly Cell[])[],
    notes: [
      `Photographs: ${network.name}, ${network.head.summary}; ${pictures.length} photographs, every second one to judge by.`,
    ],
    targets: targetsOf("photographs", crops, 0.88, 2.5, 3),
  };
}

interface Means {
  readonly averagePrecision: { readonly value: number };
  readonly pointing?: Against;
  readonly pixelPrecision?: Against;
  readonly wordsUnderBox?: Against;
}

type Against = { readonly figure: { readonly value: number }; readonly chance: number };

function meanOf(all: readonly TextScores[]): Means {
  const mean = (of: (one: TextScores) => number) => all.reduce((sum, one) => sum + of(one), 0) / all.length;
  const against = (of: (one: TextScores) => AgainstChance | undefined) => ({
    figure: { value: mean((one) => of(one)?.figure.value ?? NaN) },
    chance: mean((one) => of(one)?.chance ?? NaN),
  });
  return {
    averagePrecision: { value: mean((one) => one.averagePrecision.value) },
    pointing: against((one) => one.pointing),
    pixelPrecision: against((one) => one.pixelPrecision),
    wordsUnderBox: against((one) => one.wordsUnderBox),
  };
}

function row(name: string, { averagePrecision, pointing, pixelPrecision, wordsUnderBox }: TextScores): Cell[] {
  const cells = [pointing, pixelPrecision, wordsUnderBox].flatMap((one): Cell[] =>
    one ? [one.figure, { share: one.chance }] : ["", ""],
  );
  return [name, averagePrecision, ...cells];
}

function cellsOf({ averagePrecision, pointing, pixelPrecision, wordsUnderBox }: Means): Cell[] {
  const cells = [pointing, pixelPrecision, wordsUnderBox].flatMap((one): Cell[] =>
    one ? [{ share: one.figure.value }, { share: one.chance }] : ["", ""],
  );
  return [{ share: averagePrecision.value }, ...cells];
}

function targetsOf(
  where: string,
  { averagePrecision, pointing, pixelPrecision }: Means,
  ap: number,
  point: number,
  pixel: number,
): Target[] {
  const times = (one: Against | undefined) => (one ? one.figure.value / one.chance : 0);
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
