import { csvLine } from "../kernel-helpers/support/files/csv.js";
import type { DrawingRecord } from "./dataset-record.js";
import { SINGLE_LABEL_PARTS } from "./drawn-picture.js";
import type { WorldPart } from "./drawing.js";

/** The pictures of a data set, read again for every pass. */
export type Records = () => AsyncIterable<DrawingRecord>;

/** One annotation file: its path within the data set, and its text piece by piece, however long it is. */
export interface LayoutFile {
  readonly path: string;
  readonly text: (records: Records) => AsyncIterable<string>;
}

/**
 * The files that describe a part in published layouts.
 *
 * @param classes image-level labels in their order
 * @param names names of objects in their order
 */
export function layoutsOf(part: WorldPart, classes: readonly string[], names: readonly string[]): LayoutFile[] {
  return [
    ...cubLists(part, classes),
    { path: "labels.csv", text: (records) => csvList(records, SINGLE_LABEL_PARTS.has(part) ? "label" : "labels") },
    { path: "annotations/instances.json", text: (records) => cocoInstances(records, names) },
    { path: "annotations/captions.json", text: cocoCaptions },
    ...(part === "questions" ? VQA_FILES : []),
    { path: "records.jsonl", text: (records) => eachLine(records, (record) => JSON.stringify(record)) },
  ];
}

/** The text lists of CUB-200-2011, and sizes beside them. */
function cubLists(part: WorldPart, classes: readonly string[]): LayoutFile[] {
  const list = (path: string, line: (record: DrawingRecord) => string): LayoutFile => ({
    path,
    text: (records) => eachLine(records, (record) => `${record.id} ${line(record)}`),
  });
  const lists = [
    list("images.txt", ({ file }) => file),
    list("sizes.txt", ({ width, height }) => `${width} ${height}`),
    list("train_test_split.txt", ({ provenance }) => (provenance.split === "train" ? "1" : "0")),
  ];
  if (!SINGLE_LABEL_PARTS.has(part)) return lists;
  const number = new Map(classes.map((name, i) => [name, i + 1]));
  lists.push(list("image_class_labels.txt", ({ labels }) => String(number.get(labels[0]))));
  const numbered = classes.map((name, i) => `${i + 1} ${name}\n`);
  lists.push({ path: "classes.txt", text: () => once(numbered.join("")) });
  if (part !== "birds") return lists;
  lists.push(
    list("bounding_boxes.txt", ({ objects, width, height }) => {
      const box = objects.find(({ name }) => name === "bird")?.box ?? { x: 0, y: 0, width, height };
      return [box.x, box.y, box.width, box.height].map((value) => value.toFixed(1)).join(" ");
    }),
  );
  return lists;
}

async function* csvList(records: Records, column: "label" | "labels"): AsyncIterable<string> {
  yield `image,${column},split\n`;
  for await (const { file, labels, provenance } of records()) {
    yield csvLine([`images/${file}`, labels.join("|"), provenance.split]);
  }
}

async function* cocoInstances(records: Records, names: readonly string[]): AsyncIterable<string> {
  const number = new Map(names.map((name, i) => [name, i + 1]));
  const categories = names.map((name, i) => ({ id: i + 1, name, supercategory: "world" }));
  yield `{"info":{"description":"camlab world"},\n"categories":${JSON.stringify(categories)},\n`;
  yield* cocoImages(records);
  yield `"annotations":[`;
  let id = 0;
  for await (const record of records()) {
    for (const { name, box, area, mask, stuff } of record.objects) {
      yield `${id ? "," : ""}\n${JSON.stringify({
        id: ++id,
        image_id: record.id,
        category_id: number.get(name),
        bbox: [box.x, box.y, box.width, box.height],
        area,
        iscrowd: stuff ? 1 : 0,
        segmentation: { size: [mask.height, mask.width], counts: mask.counts },
      })}`;
    }
  }
  yield "\n]}\n";
}

async function* cocoCaptions(records: Records): AsyncIterable<string> {
  yield `{"info":{"description":"camlab world"},\n`;
  yield* cocoImages(records);
  yield `"annotations":[`;
  let id = 0;
  for await (const record of records()) {
    for (const caption of record.captions) {
      yield `${id ? "," : ""}\n${JSON.stringify({ id: ++id, image_id: record.id, caption })}`;
    }
  }
  yield "\n]}\n";
}

async function* cocoImages(records: Records): AsyncIterable<string> {
  yield `"images":[`;
  let first = true;
  for await (const { id, file, width, height } of records()) {
    yield `${first ? "" : ","}\n${JSON.stringify({ id, file_name: file, width, height })}`;
    first = false;
  }
  yield "\n],\n";
}

const VQA_FILES: readonly LayoutFile[] = [
  {
    path: "annotations/questions.json",
    text: (records) =>
      vqaList(records, "questions", (record, i) => ({
        image_id: record.id,
        // Not of VQA, whose files are named by number.
        image: record.file,
        question: record.questions[i].text,
        question_id: record.id * 1000 + i,
      })),
  },
  {
    path: "annotations/answers.json",
    text: (records) =>
      vqaList(records, "annotations", (record, i) => {
        const { type, answer, answers, box } = record.questions[i];
        return {
          image_id: record.id,
          question_id: record.id * 1000 + i,
          question_type: type,
          answer_type: answer === "yes" || answer === "no" ? "yes/no" : "other",
          multiple_choice_answer: answer,
          answers: answers.map((text, k) => ({ answer: text, answer_confidence: "yes", answer_id: k + 1 })),
          // Not of VQA: where the evidence is.
          region: [box.x, box.y, box.width, box.height],
        };
      }),
  },
];

async function* vqaList(
  records: Records,
  name: string,
  entry: (record: DrawingRecord, question: number) => object,
): AsyncIterable<string> {
  yield `{"info":{"description":"camlab world","version":"2.0"},"task_type":"Open-Ended","data_type":"camlab world","data_subtype":"all",\n"${name}":[`;
  let first = true;
  for await (const record of records()) {
    for (let i = 0; i < record.questions.length; i++) {
      yield `${first ? "" : ","}\n${JSON.stringify(entry(record, i))}`;
      first = false;
    }
  }
  yield "\n]}\n";
}

/** The words of a picture as ICDAR writes them. */
export function icdarLines({ words }: Pick<DrawingRecord, "words">): string {
  return words.map(({ polygon, text }) => `${polygon.map((value) => value.toFixed(1)).join(",")},${text}\n`).join("");
}

async function* eachLine(records: Records, line: (record: DrawingRecord) => string): AsyncIterable<string> {
  for await (const record of records()) yield `${line(record)}\n`;
}

// eslint-disable-next-line @typescript-eslint/require-await -- an async generator, as every other text is
async function* once(text: string): AsyncIterable<string> {
  yield text;
}
