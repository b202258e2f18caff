import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { wholeFileSize } from "../../graph/onnx/whole-file.js";
import { decodeText } from "../../support/decode-text.js";
import { CamlabError, messageOf } from "../../support/errors.js";
import { checkIsModel } from "../check-is-model.js";
import type { FirstBytes, Format, ImportedNetwork } from "../format.js";
import { caffeFiles } from "./caffe-files.js";
import { caffeGraph } from "./caffe-graph.js";
import { caffePreprocessing } from "./caffe-preprocessing.js";
import { readBinary } from "./read-binary.js";
import { readText } from "./read-text.js";
import { NET } from "./schema.js";

/** Caffe: a `.caffemodel` with the weights and a `.prototxt` with the layers, side by side. */
export const caffeFormat: Format = {
  name: "Caffe",
  endings: [".caffemodel"],
  recognises: (file) => isText(file) || isBinary(file),
  read,
};

async function read(path: string, head: Uint8Array): Promise<ImportedNetwork> {
  const kind = isText({ head }) ? "description" : "weights";
  const { weights, description, means } = await caffeFiles(path, kind);
  const trained = readBinary(await whole(weights, LARGEST), NET, weights);
  const net = description === undefined ? trained : readText(await textOf(description), NET, description);
  const { graph, notes } = caffeGraph(net, trained, description ?? weights);
  const described = [
    { message: net, from: basename(description ?? weights) },
    { message: trained, from: basename(weights) },
  ];
  const preprocessing = await caffePreprocessing(
    graph,
    description === undefined ? described.slice(1) : described,
    means,
  );
  const alone =
    description === undefined
      ? [`Caffe: no .prototxt lies beside ${basename(path)}, so the layers are those that it was trained with`]
      : [];
  return { graph, preprocessing: preprocessing.settings, notes: [...alone, ...notes, ...preprocessing.notes] };
}

/** Protobuf holds no more. */
const LARGEST = 2 ** 31 - 1;
/** More than any description takes. */
const LONGEST = 2 ** 24;

async function whole(path: string, most: number): Promise<Uint8Array> {
  const size = await wholeFileSize(path, path);
  if (size > most) throw new CamlabError(`cannot read ${path}: it has ${size} bytes, at most ${most} are read`);
  if (size === 0) throw new CamlabError(`cannot read ${path}: it is empty`);
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new CamlabError(`cannot read ${path}: ${messageOf(error)}`);
  });
  checkIsModel(path, bytes);
  return bytes;
}

async function textOf(path: string): Promise<string> {
  return decodeText(await whole(path, LONGEST)).text;
}

/** A description: text that begins with a field of a network's, and has a layer before long. */
function isText({ head }: Pick<FirstBytes, "head">): boolean {
  if (head.includes(0)) return false;
  const text = new TextDecoder().decode(head).replace(/#[^\n]*/g, "");
  const first = /^\s*(name|input|input_dim|input_shape|layers?|force_backward|state)\s*[:{<]/.test(text);
  return first && /\blayers?\s*:?\s*[{<]/.test(text);
}

/** Weights: protobuf whose first fields are a name, or layers, and not ONNX's number. */
function isBinary({ head }: Pick<FirstBytes, "head">): boolean {
  if (head[0] !== 0x0a) return isNetField(head, 0);
  const end = 2 + head[1];
  if (head[1] > 127 || end >= head.length) return false;
  // eslint-disable-next-line no-control-regex
  return !/[\0-\x08]/.test(new TextDecoder().decode(head.subarray(2, end))) && isNetField(head, end);
}

/** Whether a field of a network's begins here: inputs, layers of either kind, or what is only for training. */
function isNetField(head: Uint8Array, at: number): boolean {
  if (head[at] === 0xa2 && head[at + 1] === 0x06) return true;
  return [0x12, 0x1a, 0x20, 0x22, 0x28, 0x32, 0x42].includes(head[at]) && head[at + 1] > 0;
}
