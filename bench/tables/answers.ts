// Questions about drawn pictures: words and picture against words alone and wrong photos; where the maps of answers peak.
import { discoverAnswers, drawWorld } from "../../src/index.js";
import { type AnswersReport, testAnswers } from "../../src/kernel-helpers/discovery/answers/test-answers.js";
import { bootstrapInterval } from "../../src/kernel-helpers/svm/metrics/bootstrap-interval.js";
import {
  type EvidenceReport,
  pointAtEvidence,
  pointingOf,
} from "../../src/kernel-helpers/discovery/answers/evidence.js";
import { trainAnswers } from "../../src/kernel-helpers/discovery/answers/train-answers.js";
import { questionsOf } from "../../src/kernel-helpers/discovery/answers/questions-of.js";
import { target } from "./table.js";
import type { Cell, Estimate, TableContext, TableResult, Target } from "./table.js";

const SAMPLE = { seed: 101, train: 2000, test: 1000 };

/** Visual question answering with iBOWIMG, its controls, and image weights by a question's opening. */
export async function answersTable({ network, say }: TableContext): Promise<TableResult> {
  const drawn = await drawWorld("questions", SAMPLE);
  const questions = questionsOf(drawn);
  const test = questions.filter(({ split }) => split === "test");
  const learned = await discoverAnswers(network, drawn);
  const { model, features, findings } = learned;
  const { test: shared } = findings;
  const controls = learned.findings.controls!;
  const train = questions.filter(({ split }) => split === "train");
  const byOpening = await trainAnswers(features, train, { imageWeights: "by opening" });
  const opening = testAnswers(byOpening, features, test);
  say(`  shared ${shared.accuracy.value.toFixed(3)}, by opening ${opening.accuracy.value.toFixed(3)}`);
  const reports = [shared, opening, controls.questionOnly, controls.shuffledImages];
  const evidence = await pointAtEvidence(model, network, test);
  const openingEvidence = await pointAtEvidence(byOpening, network, test);
  const words = gainOf(shared, controls.questionOnly);
  const wrong = gainOf(shared, controls.shuffledImages);
  const kinds = shared.byQuestionType.map(({ kind }) => kind);
  return {
    columns: [
      "questions",
      "shared (iBOWIMG)",
      "by opening",
      "words alone",
      "wrong pictures",
      "peak on the evidence, shared",
      "by opening",
      "chance",
    ],
    rows: [
      ["all", ...reports.map(({ accuracy }) => accuracy), ...pointingCells(evidence, openingEvidence)],
      ...kinds.map((kind) => [
        kind,
        ...reports.map((report) => kindOf(report, kind)),
        ...pointingCells(evidence, openingEvidence, kind),
      ]),
      ["gain of the picture over words alone", words, gainOf(opening, controls.questionOnly), "", "", "", "", ""],
      ["gain over wrong pictures", wrong, gainOf(opening, controls.shuffledImages), "", "", "", "", ""],
    ],
    images: `${SAMPLE.train} pictures to learn from, ${SAMPLE.test} with ${test.length} questions to judge by, seed ${SAMPLE.seed}`,
    notes: [
      "Evidence: visible pixels of the things that the question asks of. Chance: their mean share of the picture.",
      `${shared.unanswerable} test questions have answers that the training did not have.`,
    ],
    targets: [
      target("points above words alone", words.value, 0.15),
      target("points above wrong pictures", wrong.value, 0.1),
      ...["what is on", "where is", "where are"].map((kind) => pointingTarget(evidence, kind)),
      pointingTarget(evidence, "“where” and “on the …” together", ["what is on", "where is", "where are"]),
    ],
  };
}

function kindOf(report: AnswersReport, wanted: string): Cell {
  return report.byQuestionType.find(({ kind }) => kind === wanted)?.accuracy ?? "–";
}

/** Both reports judge the same questions: the gain is taken picture by picture. */
function gainOf(one: AnswersReport, other: AnswersReport): Estimate {
  const gains = new Map<object, number[]>();
  one.questions.forEach(({ picture, accuracy }, i) => {
    const gain = accuracy - other.questions[i].accuracy;
    gains.set(picture, [...(gains.get(picture) ?? []), gain]);
  });
  const each = [...gains.values()];
  return bootstrapInterval(each.length, (rows) => {
    const drawn = rows.flatMap((row) => each[row]);
    return drawn.reduce((sum, gain) => sum + gain, 0) / drawn.length;
  });
}

function pointingCells(evidence: EvidenceReport, opening: EvidenceReport, wanted?: string): Cell[] {
  const of = ({ overall, byQuestionType }: EvidenceReport) =>
    wanted === undefined ? overall : byQuestionType.find(({ kind }) => kind === wanted);
  const [one, other] = [of(evidence), of(opening)];
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
