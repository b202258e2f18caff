import { existsSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { extname, join } from "node:path";
import { readableName } from "../../images/files/readable-name.js";
import { CamlabError } from "../../support/errors.js";
import { isImageName } from "../../support/files/image-endings.js";
import { isToolName } from "../../support/files/tool-names.js";
import { readBeginning } from "./read-text.js";
import { isObject } from "./values.js";

/** A layout in which people hold annotations, and what reads it. */
interface Layout {
  readonly name: string;
  /** The reader's name; of layouts that are not read, what to do. */
  readonly reader?: string;
  readonly advice?: string;
}

/**
 * The error for something that a reader cannot use: what it lacks and, where it is recognised, what it is instead.
 *
 * @param path a file or folder
 * @param reader the reader's own name: its own layout is no news
 * @param lacks what is wrong, as in "has no list \"images\""
 * @example
 * throw await notOfLayout("a.json", "readCoco", 'has no list "images"');
 */
export async function notOfLayout(path: string, reader: string, lacks: string): Promise<CamlabError> {
  if (!existsSync(path)) return new CamlabError(`cannot read ${readableName(path)}: there is no such file or folder`);
  const found = await layoutOf(path).catch(() => undefined);
  const hint = found && found.reader !== reader ? `; it looks like ${found.name}, ${whatToDo(found)}` : "";
  return new CamlabError(`${readableName(path)} ${lacks}${hint}`);
}

function whatToDo({ reader, advice }: Layout): string {
  return reader === undefined ? (advice ?? "which is not read") : `which ${reader} reads`;
}

const EXPORT = "which is not read: export it as COCO";

async function layoutOf(path: string): Promise<Layout | undefined> {
  const found = await stat(path);
  if (found.isDirectory()) return layoutOfFolder(path);
  const text = await readBeginning(path);
  switch (extname(path).toLowerCase()) {
    case ".yaml":
    case ".yml":
      return /^\s*(?:names|nc|train)\s*:/m.test(text)
        ? { name: "YOLO's description of a data set", reader: "readYolo" }
        : undefined;
    case ".data":
    case ".names":
      return { name: "darknet's description of a data set", reader: "readYolo" };
    default:
      return layoutOfText(text);
  }
}

/** By the first 64 KB: fields may come in any order, so one that tells the layout is enough. */
function layoutOfText(text: string): Layout | undefined {
  const start = text.trimStart();
  if (start.startsWith("<")) return firstMatch(XML, start);
  if (/^[[{]/.test(start)) {
    try {
      const data = JSON.parse(start) as unknown;
      return layoutOfJson(data) ?? firstMatch(JSON_TEXT, start);
    } catch {
      return firstMatch(JSON_TEXT, start);
    }
  }
  return firstMatch(PLAIN, start.split(/\r\n|\n|\r/, 1)[0]);
}

function layoutOfJson(data: unknown): Layout | undefined {
  if (!Array.isArray(data)) return undefined;
  const [first] = data as readonly unknown[];
  if (!isObject(first)) return undefined;
  if ("image" in first && "question" in first) return { name: "a list of questions", reader: "readQuestions" };
  if ("image_id" in first && "score" in first) {
    return { name: "detections in COCO's form", advice: "which are results and no annotations" };
  }
  return undefined;
}

type Sign = readonly [sign: RegExp, layout: Layout];

function firstMatch(signs: readonly Sign[], text: string): Layout | undefined {
  return signs.find(([sign]) => sign.test(text))?.[1];
}

const COCO = { name: "COCO's annotations", reader: "readCoco" };
const LABELME = { name: "LabelMe's annotations", reader: "readLabelMe" };
const VOC = { name: "Pascal VOC's annotations", reader: "readVoc" };
const YOLO = { name: "YOLO labels", reader: "readYolo" };
const ICDAR = { name: "words as ICDAR outlines them", reader: "readIcdar" };

const XML: readonly Sign[] = [
  [/<tagset[\s>]/i, { name: "a list of Street View Text", reader: "readSvt" }],
  [/<bndbox>/i, VOC],
  [/<annotation[\s>][^]*<(?:polygon|segm|imagesize)[\s>]/i, LABELME],
  [/<annotation[\s>]/i, VOC],
  [/<annotations[\s>][^]*<(?:meta|image|track)[\s>]/i, { name: "CVAT's annotations", advice: EXPORT }],
  [/<dataset[\s>][^]*<images>/i, { name: "dlib's annotations", advice: "which are not read" }],
];

const JSON_TEXT: readonly Sign[] = [
  [/"shapes"\s*:/, { name: "a file of the labelme tool", reader: "readLabelMe" }],
  [/"imgToAnns"\s*:/, { name: "COCO-Text", reader: "readIcdar" }],
  [/"transcription"\s*:/, { name: "words of ICDAR's later tasks", reader: "readIcdar" }],
  [/"annotation"\s*:\s*\{[^]*"(?:object|imsize)"\s*:/, { name: "ADE20K's annotations", reader: "readAde20k" }],
  [/"segments_info"\s*:/, { name: "COCO's panoptic annotations", advice: "which are not read: use the instances" }],
  [/"question_id"\s*:[^]*"question"\s*:|"questions"\s*:/, { name: "questions of VQA", reader: "readVqa" }],
  [
    /"multiple_choice_answer"\s*:|"answer_confidence"\s*:/,
    { name: "answers of VQA", reader: "readVqa as its option `annotations`" },
  ],
  [/"_via_|"region_attributes"\s*:/, { name: "annotations of the VGG annotator (VIA)", advice: EXPORT }],
  [/"coordinates"\s*:\s*\{\s*"x"/, { name: "CreateML's annotations", advice: EXPORT }],
  [/"phrase"\s*:|"regions"\s*:/, { name: "Visual Genome's regions", advice: "which are not read" }],
  [/"images"\s*:|"categories"\s*:|"segmentation"\s*:/, COCO],
];

const NUMBER = "\\s*[+-]?(?:\\d+\\.?\\d*|\\.\\d+)\\s*";

const PLAIN: readonly Sign[] = [
  [/^\W*(?:image|file)\w*\W.*\bcaptions?\b/i, { name: "captions in CSV", reader: "readCaptionsCsv" }],
  [/^\W*(?:image|file)\w*\W.*\b(?:x_?(?:0|1|min)|left)\b/i, { name: "boxes in CSV", reader: "readBoxesCsv" }],
  [/^\W*(?:image|file)\w*\W.*\b(?:label|class)/i, { name: "a list of labels in CSV", reader: "readCsvList" }],
  [new RegExp(`^${Array.from({ length: 8 }, () => NUMBER).join(",")},`), ICDAR],
  [new RegExp(`^${NUMBER}[, ]${NUMBER}[, ]${NUMBER}[, ]${NUMBER}[, ]\\s*"`), ICDAR],
  [/^x:\s*\[\[/, { name: "words of Total-Text", reader: "readIcdar" }],
  [/^\s*\d+(?:\s+[01]?\.\d+){4}/, YOLO],
];

/** How many files of a folder are looked into. */
const LOOKED_INTO = 3;

async function layoutOfFolder(folder: string, depth = 0): Promise<Layout | undefined> {
  const entries = (await readdir(folder, { withFileTypes: true })).filter(({ name }) => !isToolName(name));
  const names = new Set(entries.map(({ name }) => name));
  const has = (...wanted: readonly string[]) => wanted.every((name) => names.has(name));
  if (has("manifest.json", "records.jsonl")) return { name: "a set that camlab drew", reader: "readWorld" };
  if (has("images.txt", "image_class_labels.txt")) return { name: "CUB-200-2011", reader: "readCub" };
  if (has("JPEGImages", "ImageSplits")) return { name: "Stanford 40 Actions", reader: "readStanford40" };
  if (has("Annotations", "JPEGImages")) return { ...VOC, name: "Pascal VOC" };
  if (has("Annotations", "Images")) return { ...LABELME, reader: 'readLabelMe, given its folder "Annotations",' };
  if (has("data.yaml") || has("obj.names") || has("images", "labels")) return { ...YOLO, name: "a data set of YOLO" };
  const files = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  if (files.some((name) => /_seg\.png$/.test(name)) && files.some((name) => /\.json$/.test(name))) {
    return { name: "ADE20K", reader: "readAde20k" };
  }
  const annotations = files.filter((name) => /\.(json|xml|csv|txt|ya?ml)$/i.test(name)).sort();
  for (const name of annotations.slice(0, LOOKED_INTO)) {
    const layout = await layoutOf(join(folder, name));
    if (layout) return { ...layout, name: `${layout.name} (${readableName(name)})` };
  }
  const folders = entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
  if (depth < 3) {
    for (const name of folders.slice(0, LOOKED_INTO)) {
      const layout = await layoutOfFolder(join(folder, name), depth + 1).catch(() => undefined);
      if (layout) return layout;
    }
  }
  const isPerClass = depth > 0 && files.some(isImageName);
  return isPerClass ? { name: "a folder for each class", reader: "readFolderPerClass" } : undefined;
}
