import type { Dim } from "../../graph/onnx/graph.js";
import { CamlabError } from "../../support/errors.js";
import { asFile, inputValue, isConstant, type Operand } from "../channels-last/value.js";
import { GraphBuilder } from "../graph-builder.js";
import type { FoundSettings, ImportedNetwork } from "../format.js";
import { usualPixels } from "../usual-pixels.js";
import { LITE_OPERATORS, type LiteOperation } from "./operators.js";
import { metadataOf, type LiteMetadata } from "./metadata.js";
import { Table } from "./table.js";
import { constantOf, eightBits, tensorsOf, type LiteTensor } from "./tensors.js";

/** What open sizes of a picture are called. */
const OPEN: readonly Dim[] = ["N", "rows", "columns", "channels"];

/** More than any network has. */
const MOST_OPERATORS = 20_000;

/**
 * The network in a file of TensorFlow Lite.
 *
 * @throws CamlabError when it is damaged, or holds what cannot be said as an ONNX graph
 */
export function importTflite(bytes: Uint8Array): ImportedNetwork {
  const model = Table.root(bytes);
  const version = model.int(0);
  if (version !== 3) throw new CamlabError(`it is of version ${version} of TFLite's format, camlab reads version 3`);
  const [graph] = model.tables(2);
  if (graph === undefined) throw new CamlabError("it holds no graph");
  const tensors = tensorsOf(model, graph);
  const tensor = (index: number) => {
    const found = tensors[index];
    if (found === undefined) throw new CamlabError(`it names tensor ${index} of ${tensors.length}`);
    return found;
  };
  const builder = new GraphBuilder();
  const known = new Map<number, Operand>();
  for (const index of graph.ints(1)) {
    const { name, shape, open } = tensor(index);
    const sizes = shape.map((size, axis) => (open.includes(axis) ? OPEN[axis] : size));
    known.set(index, inputValue(builder, name || "input", sizes));
  }
  const operandOf = (index: number): Operand | undefined => {
    if (index === -1) return undefined;
    const found = known.get(index) ?? (tensor(index).bytes && constantOf(tensor(index)));
    if (found === undefined) throw new CamlabError(`it reads "${tensor(index).name}" before anything computes it`);
    known.set(index, found);
    return found;
  };
  const codes = model.tables(1).map((code) => Math.max(code.byte(0), code.int(3)));
  const operators = graph.tables(3);
  if (operators.length > MOST_OPERATORS)
    throw new CamlabError(`it holds ${operators.length} operators, more than any network`);
  for (const operator of operators) {
    const [first] = operator.ints(2);
    const [name] = tensor(first ?? -1).name.split(";");
    const inputs = operator.ints(1).map(operandOf);
    known.set(first, converted(codes[operator.int(0)], { builder, name, inputs, options: operator.table(4) }));
  }
  const outputs = graph.ints(2).map((index) => {
    const found = operandOf(index);
    if (found === undefined || isConstant(found)) throw new CamlabError("an output of it is computed by nothing");
    return asFile(builder, found).name;
  });
  if (outputs.length === 0) throw new CamlabError("it has no outputs");
  const [input] = graph.ints(1);
  const notes = notesOn(tensors);
  const { normalisation, labels } = readable(() => metadataOf(model, bytes), notes);
  const scores = tensor(graph.ints(2)[0]).shape.at(-1);
  if (labels && labels.names.length !== scores)
    notes.push(
      `classes: ${labels.file} in the file has ${labels.names.length} names for ${scores} scores, and was left out`,
    );
  return {
    graph: builder.finish({ outputs, name: "tflite" }),
    preprocessing: [preprocessingOf(tensor(input ?? -1), normalisation)],
    ...(labels &&
      labels.names.length === scores && { classes: { names: labels.names, from: `${labels.file} in the file` } }),
    notes,
  };
}

/** The network is what it is without them: damaged metadata are left out, and it is said so. */
function readable(read: () => LiteMetadata, notes: string[]): LiteMetadata {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof CamlabError)) throw error;
    notes.push(`TensorFlow Lite: the file's metadata were left out: ${error.message}`);
    return {};
  }
}

function converted(code: number | undefined, operation: LiteOperation): Operand {
  const known = code === undefined ? undefined : LITE_OPERATORS.get(code);
  if (!known) {
    const names = [...LITE_OPERATORS.values()].map(([name]) => name).join(", ");
    throw new CamlabError(
      `"${operation.name}" is computed by operator ${code}, which camlab does not know (it knows ${names})`,
    );
  }
  try {
    return known[1](operation);
  } catch (error) {
    if (error instanceof CamlabError) throw new CamlabError(`"${operation.name}" (${known[0]}): ${error.message}`);
    throw error;
  }
}

/**
 * A quantised input takes pixels as they are, and its scale says what they mean; else the metadata say it; else they run
 * from −1 to 1 with most.
 */
function preprocessingOf(tensor: LiteTensor, normalisation: LiteMetadata["normalisation"]): FoundSettings {
  const bits = eightBits(tensor);
  const scale = tensor.quantisation?.scales[0];
  if (bits !== undefined && scale !== undefined && scale > 0) {
    const zero = (tensor.quantisation?.zeros[0] ?? 0) + (bits === "int8" ? 128 : 0);
    const std = Number((1 / scale).toPrecision(7));
    return {
      settings: { channelOrder: "RGB", mean: [zero, zero, zero], std: [std, std, std] },
      from: "the quantised input",
    };
  }
  if (!normalisation) return usualPixels("TensorFlow Lite");
  const each = (values: readonly number[]) => [0, 1, 2].map((i) => values[values.length === 1 ? 0 : i]);
  const [mean, std] = [each(normalisation.mean), each(normalisation.std)] as unknown as [Triple, Triple];
  return { settings: { channelOrder: "RGB", mean, std }, from: "the file's metadata" };
}

type Triple = readonly [number, number, number];

function notesOn(tensors: readonly LiteTensor[]): string[] {
  const isQuantised = tensors.some((tensor) => tensor.quantisation !== undefined && eightBits(tensor) !== undefined);
  return isQuantised
    ? ["TensorFlow Lite: weights of 8 bits were brought back to float32, and everything is computed in it"]
    : [];
}
