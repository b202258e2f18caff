import { open } from "node:fs/promises";
import { wholeFileSize } from "../graph/onnx/whole-file.js";
import { CamlabError, messageOf } from "../support/errors.js";
import { checkIsModel } from "./check-is-model.js";
import type { FirstBytes, Format, ImportedNetwork, ReadOptions } from "./format.js";
import { FORMATS } from "./formats.js";

/**
 * Reads a network of any format that camlab knows, as an ONNX graph: its content decides which format it is, not its name.
 *
 * @param path a model file: ONNX, or one of the formats of docs/formats.md
 * @param options how a network is made of a file that holds weights alone
 * @throws CamlabError when the file is of no known format, is damaged, or holds what cannot be said as an ONNX graph
 * @example
 * const { graph: net, notes } = await graph.importGraph("deploy.caffemodel");
 */
export async function importGraph(path: string, options: ReadOptions = {}): Promise<ImportedNetwork> {
  const file = await firstBytes(path);
  checkIsModel(path, file.head);
  const isNamed = ({ endings }: Format) => endings.some((ending) => path.toLowerCase().endsWith(ending));
  // Where nothing is recognised, the name says whose reader tells what is wrong.
  const format = FORMATS.find((each) => each.recognises(file)) ?? FORMATS.find(isNamed);
  if (format) return format.read(path, file.head, options);
  const known = FORMATS.map(({ name }) => name).join(", ");
  throw new CamlabError(
    `cannot open ${path}: its content is of no format that camlab reads (${known}); is it whole, and a network? ` +
      "docs/formats.md says how to come from others",
  );
}

const HEAD = 2 ** 16;

async function firstBytes(path: string): Promise<FirstBytes> {
  const size = await wholeFileSize(path, `the model ${path}`);
  if (size === 0) throw new CamlabError(`cannot read the model ${path}: it is empty`);
  try {
    await using file = await open(path, "r");
    const { buffer, bytesRead } = await file.read(new Uint8Array(Math.min(size, HEAD)));
    return { path, head: buffer.subarray(0, bytesRead), size };
  } catch (error) {
    throw new CamlabError(`cannot read the model ${path}: ${messageOf(error)}`);
  }
}
