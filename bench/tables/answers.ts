// Questions about drawn pictures: words and photo against words alone and wrong photos; where the maps of answers peak.
import {
  type AnswersReport,
  bootstrapInterval,
  type EvidenceReport,
  learnAnswers,
  pointAtEvidence,
  pointingOf,
  testAnswers,
  trainAnswers,
  worldDataset,
  worldQuestions,
} from "../../src/index.js";
import { target } from "./objects.js";
import type { Cell, Estimate, ResultTable, Target } from "./table.js";

const SEED = 101;
const TRAIN = 2000;
const TEST = 1000;

/** Visual question answering with iBOWIMG, its controls, and image weights by a question's opening. */
export const answersTable: ResultTable = {
  id: "answers",
  title: "Questions and answers",
  about:
    "Questions about drawn pictures, ten answers each, accuracy by the VQA metric. A softmax over the training's answers on the bag of words and GAP features: image weights by the opening of the question (default), shared by all questions (iBOWIMG), none, and pictures dealt out at random.",
  async run({ network, say }) {
    const drawn = await worldDataset("questions", { seed: SEED, train: TRAIN, test: TEST });
    const questions = worldQuestions(drawn);
    const test = questions.filter(({ split }) => split === "test");
    const learned = await learnAnswers(network, questions);
    const { model, features, test: opening } = learned;
    const controls = learned.controls!;
    const train = questions.filter(({ split }) => split === "train");
    const plain = await trainAnswers(features, train, { imageWeights: "shared" });
    const shared = testAnswers(plain, features, test);
    say(`  by opening ${opening.accuracy.value.toFixed(3)}, shared ${shared.accuracy.value.toFixed(3)}`);
    const reports = [opening, shared, controls.questionOnly, controls.shuffledImages];
    const evidence = await pointAtEvidence(model, network, test);
    const sharedEvidence = await pointAtEvidence(plain, network, test);
    const words = gainOf(opening, controls.questionOnly);
    const wrong = gainOf(opening, controls.shuffledImages);
    const kinds = opening.byQuestionType.map(({ kind }) => kind);
    return {
      columns: [
        "questions",
        "by opening",
        "shared (iBOWIMG)",
        "words alone",
        "wrong pictures",
        "peak on the evidence, by opening",
        "shared",
        "chance",
      ],
      rows: [
        ["all", ...reports.map(({ accuracy }) => accuracy), ...pointingCells(evidence, sharedEvidence)],
        ...kinds.map((kind) => [
          kind,
          ...reports.map((report) => kindOf(report, kind)),
          ...pointingCells(evidence, sharedEvidence, kind),
        ]),
        ["gain of the picture over words alone", words, gainOf(shared, controls.questionOnly), "", "", "", "", ""],
        ["gain over wrong pictures", wrong, gainOf(shared, controls.shuffledImages), "", "", "", "", ""],
      ],
      images: `${TRAIN} pictures to learn from, ${TEST} with ${test.length} questions to judge by, seed ${SEED}`,
      notes: [
        "Evidence: visible pixels of the things that the question asks of. Chance: their mean share of the picture.",
        "“Where are the cows?”: what tells a beach from a road is the ground, not the cows, and there the map peaks.",
        `${opening.unanswerable} test questions have answers that the training did not have.`,
      ],
      targets: [
        target("points above words alone", words.value, 0.15),
        target("points above wrong pictures", wrong.value, 0.1),
        ...["what is on", "where is", "where are"].map((kind) => pointingTarget(evidence, kind)),
        pointingTarget(evidence, "“where” and “on the …” together", ["what is on", "where is", "where are"]),
      ],
    };
  },
};

function kindOf(report: AnswersReport, wanted: string): Cell {
  return report.byQuestionType.find(({ kind }) => kind === wanted)?.accuracy ?? "–";
}

/** Both reports judge the same questions: the gain is taken picture by picture. */
function gainOf(one: AnswersReport, other: AnswersReport): Estimate {
  const gains = new Map<string, number[]>();
  one.questions.forEach(({ file, accuracy }, i) => {
    const gain = accuracy - other.questions[i].accuracy;
    gains.set(file, [...(gains.get(file) ?? []), gain]);
  });
  const each = [...gains.values()];
  return bootstrapInterval(each.length, (rows) => {
    const drawn = rows.flatMap((row) => each[row]);
    return drawn.reduce((sum, gain) => sum + gain, 0) / drawn.length;
  });
}

function pointingCells(evidence: EvidenceReport, shared: EvidenceReport, wanted?: string): Cell[] {
  const of = ({ overall, byQuestionType }: EvidenceReport) =>
    wanted === undefined ? overall : byQuestionType.find(({ kind }) => kind === wanted);
  const [one, other] = [of(evidence), of(shared)];
  return [one?.pointing ?? "–", other?.pointing ?? "–", one ? { share: one.chance } : "–"];
}

function pointingTarget({ peaks }: EvidenceReport, name: string, kinds: readonly string[] = [name]): Target {
  const { times, pointing, chance } = pointingOf(
    name,
    peaks.filter(({ questionType }) => kinds.includes(questionType ?? "")),
  );
  const share = (value: number) => (100 * value).toFixed(1);
  return {
    what: `${name}: the map's peak on the evidence`,
    wanted: "≥ 3 × chance",
    measured: `${times.toFixed(1)} × (${share(pointing.value)} against ${share(chance)})`,
    met: times >= 3,
  };
}
