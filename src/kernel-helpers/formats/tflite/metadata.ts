import { readZip } from "../../support/files/zip.js";
import { CamlabError } from "../../support/errors.js";
import { Table } from "./table.js";

/** What a file says of itself beside its layers: what its input and its scores mean. */
export interface LiteMetadata {
  /** For pixels from 0 to 255, one number for all channels or one each. */
  readonly normalisation?: { readonly mean: readonly number[]; readonly std: readonly number[] };
  /** Class names, from a text file that is packed behind the layers. */
  readonly labels?: { readonly names: readonly string[]; readonly file: string };
}

const NORMALIZATION = 1;
const AXIS_LABELS = 2;
/** No list of class names is larger. */
const LARGEST_LIST = 2 ** 24;

/**
 * The metadata of a model (TFLite Metadata, Task Library), where it has any.
 *
 * @throws CamlabError when they are damaged
 */
export function metadataOf(model: Table, file: Uint8Array): LiteMetadata {
  const entry = model.tables(6).find((each) => each.text(0) === "TFLITE_METADATA");
  const bytes = entry && model.tables(4)[entry.int(1)]?.bytes(0);
  if (!bytes) return {};
  const [graph] = Table.root(bytes).tables(3);
  const [input] = graph?.tables(2) ?? [];
  const [output] = graph?.tables(3) ?? [];
  const unit = input
    ?.tables(4)
    .find((each) => each.byte(0) === NORMALIZATION)
    ?.table(1);
  const labels = output
    ?.tables(6)
    .find((each) => each.byte(2) === AXIS_LABELS)
    ?.text(0);
  const normalisation = unit && normalisationOf(unit.floats(0), unit.floats(1));
  return {
    ...(normalisation && { normalisation }),
    ...(labels && { labels: { names: linesOf(file, labels), file: labels } }),
  };
}

function normalisationOf(mean: readonly number[], std: readonly number[]): LiteMetadata["normalisation"] {
  const count = Math.max(mean.length, std.length);
  const isWhole = (list: readonly number[]) => list.length === 1 || list.length === count;
  if (count === 0) return undefined;
  if (
    (count === 1 || count === 3) &&
    isWhole(mean) &&
    isWhole(std) &&
    std.every((value) => value > 0) &&
    mean.every(Number.isFinite)
  )
    return { mean, std };
  throw new CamlabError(`pixels are normalised by a mean of ${mean.join(", ")} and a deviation of ${std.join(", ")}`);
}

function linesOf(file: Uint8Array, name: string): string[] {
  const packed = readZip(file, "the files packed into it").find((each) => each.name === name);
  if (!packed) throw new CamlabError(`the list of class names, ${JSON.stringify(name)}, is not packed into it`);
  if (packed.size > LARGEST_LIST) throw new CamlabError(`the list of class names has ${packed.size} bytes`);
  const text = new TextDecoder().decode(packed.bytes()).trimEnd();
  return text.split(/\r?\n/).map((line) => line.trim());
}
