import { existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { FoundSettings, ImportedNetwork } from "../../formats/format.js";
import { CamlabError, messageOf } from "../../support/errors.js";
import { namesInJson } from "../class-names/names-in-json.js";
import { namesInLiteral } from "../class-names/names-in-literals.js";
import { fromHub, fromTimm, fromTriples, type Settings } from "./preprocessing-files.js";

/** What lies beside a network, or in its file, and says how it is fed and what its classes are called. */
export interface Facts {
  /** The first that says a field goes before the others. */
  readonly preprocessing: readonly FoundSettings[];
  readonly classes?: { readonly names: readonly string[]; readonly from: string };
  readonly probabilities?: "softmax" | "sigmoid";
  /** Whether camlab exported the file, which then speaks for itself. */
  readonly isExport?: boolean;
}

/**
 * What the model's own format says of a network that has no card, a hub's folder (`config.json`,
 * `preprocessor_config.json`), the notes in an ONNX file (`metadata_props`, as Ultralytics writes them) or Teachable
 * Machine's `metadata.json`, in this order.
 *
 * @param model the network's file
 * @throws CamlabError when one of these files is damaged
 */
export async function factsOf(model: string, imported: ImportedNetwork): Promise<Facts> {
  const folder = dirname(model);
  const folders = /^(onnx|openvino|exports?)$/i.test(basename(folder)) ? [folder, dirname(folder)] : [folder];
  const read = async (name: string) => {
    const path = folders.map((each) => join(each, name)).find((each) => existsSync(each));
    return path === undefined ? undefined : recordIn(path);
  };
  const [processor, config, teachable] = [
    await read("preprocessor_config.json"),
    await read("config.json"),
    await read("metadata.json"),
  ];
  const notes = Object.fromEntries(imported.graph.model.metadataProps.map(({ key, value }) => [key, value]));
  return {
    preprocessing: [
      ...imported.preprocessing,
      ...settingsIn([
        [processor && fromHub(processor), "preprocessor_config.json"],
        [config && fromTimm(config), "config.json"],
        [fromNotes(notes), "the notes in the ONNX file"],
        [teachable && fromTeachable(teachable), "metadata.json"],
      ]),
    ],
    ...(imported.classes
      ? { classes: imported.classes }
      : classesIn([
          [config && hubNames(config), "config.json"],
          [namesInNotes(notes), "the notes in the ONNX file"],
          [teachable?.labels, "metadata.json"],
        ])),
  };
}

function settingsIn(sources: readonly (readonly [Settings | undefined, string])[]): FoundSettings[] {
  return sources.flatMap(([settings, from]) => (settings ? [{ settings, from }] : []));
}

function classesIn(sources: readonly (readonly [unknown, string])[]): Pick<Facts, "classes"> {
  for (const [value, from] of sources) {
    if (value === undefined) continue;
    const found = namesInJson(value);
    if ("names" in found && found.names.length > 0) return { classes: { names: found.names, from } };
  }
  return {};
}

type Fields = Readonly<Record<string, unknown>>;

/** Names of a hub's configuration; "LABEL_0" and on only stand for names. */
function hubNames(config: Fields): unknown {
  const { id2label, label_names: names, label_descriptions: words } = config;
  if (names !== undefined) return { label_names: names, label_descriptions: words };
  if (typeof id2label !== "object" || id2label === null) return undefined;
  return Object.values(id2label).every((name) => /^LABEL_\d+$/.test(String(name))) ? undefined : id2label;
}

const NAME_KEYS = ["names", "classes", "class_names", "labels", "id2label", "label_names"];

function namesInNotes(notes: Readonly<Record<string, string>>): readonly string[] | undefined {
  for (const key of NAME_KEYS) {
    const text = notes[key]?.trim();
    if (!text) continue;
    const found = parsed(text);
    if (found && "names" in found) return found.names;
    if (!/^[[{]/.test(text) && text.includes(",")) return text.split(",").map((name) => name.trim());
  }
  return undefined;
}

function parsed(text: string) {
  try {
    return namesInJson(JSON.parse(text) as unknown);
  } catch {
    return /^[[{]/.test(text) ? namesInLiteral(text) : undefined;
  }
}

/** Ultralytics: pixels from 0 to 1, the shorter side at the input's size; else numbers by their usual names. */
function fromNotes(notes: Readonly<Record<string, string>>): Settings | undefined {
  const numbers = (key: string): unknown => {
    try {
      return notes[key] === undefined ? undefined : (JSON.parse(notes[key]) as unknown);
    } catch {
      return undefined;
    }
  };
  if (notes.author === "Ultralytics" || (notes.stride !== undefined && notes.imgsz !== undefined)) {
    const size = numbers("imgsz");
    const [height, width] = Array.isArray(size) ? (size as unknown[]) : [size, size];
    if (typeof height !== "number" || typeof width !== "number") return undefined;
    return { width, height, fit: "cover", channelOrder: "RGB", mean: [0, 0, 0], std: [255, 255, 255] };
  }
  return fromTriples(numbers("mean") ?? numbers("image_mean"), numbers("std") ?? numbers("image_std"));
}

/** Teachable Machine: the middle square of a picture, pixels from −1 to 1. */
function fromTeachable(fields: Fields): Settings | undefined {
  if (!Array.isArray(fields.labels)) return undefined;
  const side = typeof fields.imageSize === "number" ? fields.imageSize : 224;
  const half: [number, number, number] = [127.5, 127.5, 127.5];
  return { width: side, height: side, fit: "cover", channelOrder: "RGB", mean: half, std: half };
}

/** More than any description of a network takes. */
const LARGEST = 64 * 2 ** 20;

async function recordIn(path: string): Promise<Fields | undefined> {
  const found = await stat(path);
  if (!found.isFile() || found.size > LARGEST) return undefined;
  let value: unknown;
  try {
    value = JSON.parse((await readFile(path, "utf8")).replace(/^\uFEFF/, ""));
  } catch (error) {
    throw new CamlabError(`cannot read ${path}, which lies beside the network: ${messageOf(error)}`);
  }
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}
