import { readFile } from "node:fs/promises";
import { wholeFileSize } from "../../graph/onnx/whole-file.js";
import { CamlabError, messageOf } from "../../support/errors.js";
import type { ImportedNetwork, ReadOptions } from "../format.js";
import type { StateDict } from "./state-dict.js";

/** No larger file is read as a whole. */
const LARGEST = 2 ** 31 - 1;

/**
 * The bytes of a file of weights.
 *
 * @throws CamlabError when it cannot be read, or is too large
 */
export async function weightsBytes(path: string): Promise<Uint8Array> {
  const size = await wholeFileSize(path, `the weights ${path}`);
  if (size > LARGEST)
    throw new CamlabError(`cannot read ${path}: it is ${(size / 1e9).toFixed(1)} GB, at most 2.1 are read`);
  try {
    return await readFile(path);
  } catch (error) {
    throw new CamlabError(`cannot read ${path}: ${messageOf(error)}`);
  }
}

/**
 * A network of weights alone.
 *
 * @throws CamlabError when nobody says how it is built, or the weights fit nothing
 */
export function builtOf(path: string, weights: StateDict, { build }: ReadOptions): ImportedNetwork {
  if (!build) {
    throw new CamlabError(
      `${path} holds weights and no graph: open it as a network (openNetwork), which finds its architecture`,
    );
  }
  try {
    return build(weights);
  } catch (error) {
    throw new CamlabError(`cannot open ${path}: ${messageOf(error)}`);
  }
}
