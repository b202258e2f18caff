// New tasks on the embedded network's features: linear SVMs from image-level labels.
import {
  averagePrecision,
  bootstrapInterval,
  chooseC,
  extractFeatures,
  type FeatureMatrix,
  loadImage,
  matrixOf,
  type Network,
  trainLinearSvm,
  type WorldDataset,
  worldDataset,
  type WorldPart,
} from "../../src/index.js";
import { colourHistogram } from "../world/colour-histogram.js";
import { mean } from "../world/probe.js";
import { target } from "./objects.js";
import type { Estimate, ResultTable } from "./table.js";

const TASKS = [
  { part: "scenes", train: 1000, test: 500 },
  { part: "activities", train: 1000, test: 500 },
  { part: "birds", train: 2000, test: 1000 },
  { part: "text", train: 1000, test: 500 },
] as const;
const SEED = 101;
const LINEAR = { steps: ["l2Normalise"] } as const;

/** Scenes, activities, birds, text. */
export const transferTable: ResultTable = {
  id: "transfer",
  title: "New tasks from labels alone",
  about:
    "Linear SVMs on GAP features of the frozen network, trained on image-level labels of parts that it never saw: accuracy, for text the average precision. C by five-fold cross-validation on the training part, for every column.",
  async run({ network, gmp, say }) {
    const rows = [];
    const found = new Map<WorldPart, { value: Estimate; colours: Estimate; chance: number }>();
    for (const { part, train, test } of TASKS) {
      const data = await worldDataset(part, { seed: SEED, train, test });
      const value = await probe(data, await networkFeatures(network, data));
      const twin = gmp && (await probe(data, await networkFeatures(gmp, data)));
      const colours = await probe(data, await colourFeatures(data));
      const chance = part === "text" ? shareOfText(data) : 1 / data.classes.length;
      found.set(part, { value, colours, chance });
      rows.push([part, data.classes.length, train, test, value, twin ?? "–", colours, { share: chance }]);
      say(`  ${part} ${value.value.toFixed(3)}`);
    }
    const of = (part: WorldPart) => found.get(part)!;
    const times = (part: WorldPart) => of(part).value.value / of(part).chance;
    const folds = (part: WorldPart) => ({
      what: `${part}, times chance`,
      wanted: "≥ 4",
      measured: times(part).toFixed(1),
      met: times(part) >= 4,
    });
    return {
      columns: ["task", "classes", "learned from", "judged on", "GAP", "GMP twin", "colour histogram", "chance"],
      rows,
      images: `seed ${SEED}, splits train and test of each part`,
      notes: ["The colour histogram (8 × 8 × 8 colours) is a control: what can be told without seeing any shape."],
      targets: [
        target("scenes", of("scenes").value.value, 0.85),
        folds("activities"),
        target("text, average precision", of("text").value.value, 0.9),
        folds("birds"),
        target("birds, points above the colour histogram", of("birds").value.value - of("birds").colours.value, 0.1),
      ],
    };
  },
};

async function networkFeatures(network: Network, { images }: WorldDataset): Promise<FeatureMatrix> {
  return await extractFeatures(network, images);
}

async function colourFeatures({ images }: WorldDataset): Promise<FeatureMatrix> {
  const rows = [];
  for (const { file } of images) rows.push(colourHistogram(await loadImage(file)));
  return matrixOf(rows);
}

function shareOfText({ images }: WorldDataset): number {
  const test = images.filter(({ split }) => split === "test");
  return test.filter(({ label }) => label === "text").length / test.length;
}

/** Accuracy of the test part, or average precision where the question is "text or not". */
async function probe({ images, classes }: WorldDataset, features: FeatureMatrix): Promise<Estimate> {
  const rowsOf = (split: string) => images.flatMap((image, row) => (image.split === split ? [row] : []));
  const pick = (rows: readonly number[]) =>
    matrixOf(rows.map((row) => features.data.slice(row * features.columns, (row + 1) * features.columns)));
  const [train, test] = [rowsOf("train"), rowsOf("test")];
  const labels = train.map((row) => images[row].label!);
  const truth = test.map((row) => images[row].label!);
  const binary = classes.length === 2 && classes.includes("text");
  const options = { ...LINEAR, ...(binary && { positive: "text" }) };
  const { C } = await chooseC(pick(train), labels, options);
  const svm = await trainLinearSvm(pick(train), labels, { ...options, C });
  if (binary) {
    const scores = svm.decisionValues(pick(test)).data;
    const relevant = truth.map((label) => label === "text");
    return bootstrapInterval(test.length, (rows) =>
      averagePrecision(
        rows.map((i) => scores[i]),
        rows.map((i) => relevant[i]),
      ),
    );
  }
  const predicted = svm.predict(pick(test));
  return bootstrapInterval(test.length, (rows) => mean(rows.map((i) => (predicted[i] === truth[i] ? 1 : 0))));
}
