import { savedOrigin } from "../../features/saved-origin.js";
import { writeWhole } from "../../support/write-file.js";
import { readSaved } from "../../support/files/read-saved.js";
import { openSaved, type SavedObject } from "../../support/files/saved-object.js";
import { AnswerModel, type AnswerProvenance } from "./answer-model.js";

/**
 * Saves an answerer as JSON that people can read: what it was made with first, then one line of weights a word and a
 * channel. Numbers keep six digits. The file appears whole or not at all.
 *
 * @throws CamlabError when the file cannot be written
 * @example
 * await discover.saveAnswerModel(model, "answers.json");
 */
export async function saveAnswerModel(model: AnswerModel, path: string): Promise<void> {
  await writeWhole(path, modelText(model));
}

/**
 * Loads what `saveAnswerModel` saved.
 *
 * @throws CamlabError when the file cannot be read or is not a saved answerer
 * @example
 * const model = await discover.loadAnswerModel("answers.json");
 */
export async function loadAnswerModel(path: string): Promise<AnswerModel> {
  return answerModelFromJson(await readSaved(path, "an answer model"), path);
}

/**
 * The model that `toJSON` gave as plain data.
 *
 * @param name what the data is called in an error
 * @throws CamlabError when the data is not a saved answerer, naming the field that is wrong, and when it was changed since
 * @example
 * discover.answerModelFromJson(JSON.parse(JSON.stringify(model)));
 */
export function answerModelFromJson(data: unknown, name = "the data"): AnswerModel {
  const saved = openSaved(data, name, { format: "camlab answer model", what: "answer model", version: 1 });
  const answers = saved.texts("answers");
  if (answers.length === 0) throw saved.wrong("answers", "at least one");
  const words = saved.texts("words");
  const openings = saved.objects("openings").map((opening, g) => {
    const parent = opening.number("parent");
    if (!Number.isInteger(parent) || parent >= g || (g === 0) !== (parent === -1) || parent < -1) {
      throw opening.wrong("parent", g === 0 ? "-1" : `the number of an opening before it, 0 to ${g - 1}`);
    }
    return { words: opening.text("words"), parent, questions: opening.count("questions") };
  });
  if (openings.length === 0) throw saved.wrong("openings", "at least one");
  const channels = saved.count("channels");
  const columns = answers.length;
  const tables = saved.tables("imageWeights", openings.length, channels, columns);
  return new AnswerModel({
    answers,
    words,
    openings,
    bias: saved.numbers("bias", columns),
    wordWeights: { rows: words.length, columns, data: saved.table("wordWeights", words.length, columns) },
    imageWeights: tables.map((table) => ({ rows: channels, columns, data: table })),
    meanFeatures: saved.numbers("meanFeatures", channels),
    provenance: provenanceOf(saved.object("provenance")),
  });
}

function provenanceOf(saved: SavedObject): AnswerProvenance {
  const fit = saved.object("fit");
  return {
    software: saved.text("software"),
    ...(saved.has("features") && { features: savedOrigin(saved.object("features")) }),
    C: saved.number("C"),
    imageScale: saved.number("imageScale"),
    tolerance: saved.number("tolerance"),
    ...(saved.has("leastPerWord") && { leastPerWord: saved.count("leastPerWord") }),
    questions: saved.count("questions"),
    otherAnswers: saved.count("otherAnswers"),
    fit: {
      steps: fit.number("steps"),
      evaluations: fit.number("evaluations"),
      objective: fit.number("objective"),
      gap: fit.number("gap"),
      converged: fit.flag("converged"),
    },
    ...(saved.has("notes") && { notes: saved.object("notes").all() }),
  };
}

function modelText(model: AnswerModel): string {
  const { bias, meanFeatures, wordWeights, imageWeights, ...head } = model.toJSON() as unknown as SavedTables;
  const opening = JSON.stringify(head, null, 2).slice(0, -2);
  const lines = (rows: number[][], indent: string) => rows.map((row) => `${indent}${JSON.stringify(row)}`).join(",\n");
  const tables = imageWeights.map((rows) => `    [\n${lines(rows, "      ")}\n    ]`).join(",\n");
  return (
    `${opening},\n  "bias": ${JSON.stringify(bias)},\n  "meanFeatures": ${JSON.stringify(meanFeatures)},\n` +
    `  "wordWeights": [\n${lines(wordWeights, "    ")}\n  ],\n  "imageWeights": [\n${tables}\n  ]\n}\n`
  );
}

/** What `toJSON` gives as numbers. */
interface SavedTables {
  readonly bias: number[];
  readonly meanFeatures: number[];
  readonly wordWeights: number[][];
  readonly imageWeights: number[][][];
}
