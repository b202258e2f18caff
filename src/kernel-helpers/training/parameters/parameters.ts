// What is learned: the initializers of a network as lists of numbers, and the way from those to what it computes with.
import { nodeLabel, type Graph } from "../../graph/onnx/graph.js";
import type { NodeProto } from "../../graph/onnx/onnx.js";
import { tensorDims, tensorFloats, typeName } from "../../graph/onnx/tensor.js";
import { CamlabError } from "../../support/errors.js";
import type { Variable } from "../loop/optimizer.js";
import { gainsOf, STANDARDISED_FILTERS, standardisedFilters, standardisedGradients } from "./standardised-filters.js";

/** An initializer that is learned. */
export interface Parameter {
  readonly name: string;
  readonly dims: readonly number[];
  /** Its place among the variables; a standardised filter's gain is the one behind. */
  readonly at: number;
  readonly standardised: boolean;
}

/** Everything that is learned. */
export interface Parameters {
  readonly list: readonly Parameter[];
  readonly variables: readonly Variable[];
}

/**
 * The learned numbers of some nodes: weights and biases of convolutions and products, scales and shifts of
 * normalisations, slopes. Filters that the file lists as standardised are learned as v and γ.
 *
 * @param nodes which nodes; a weight that others read too is learned all the same
 */
export function parametersOf(graph: Graph, nodes: readonly NodeProto[]): Parameters {
  const standardised = new Set(standardisedNames(graph));
  const list: Parameter[] = [];
  const variables: Variable[] = [];
  for (const [name, role] of learnedInputs(graph, nodes)) {
    const tensor = graph.initializer(name)!;
    const dims = tensorDims(tensor);
    const value = Float32Array.from(tensorFloats(tensor));
    const isFilter = standardised.has(name);
    list.push({ name, dims, at: variables.length, standardised: isFilter });
    variables.push({ key: name, value, decay: role === "weight" });
    if (isFilter) variables.push({ key: `${name} gain`, value: gainsOf(value, dims[0]), decay: false });
  }
  if (list.length === 0)
    throw new CamlabError(
      "nothing of this network can be learned: no layer with stored weights is among those to train",
    );
  return { list, variables };
}

/**
 * What the network computes with, one list a parameter.
 *
 * @param values one list a variable: the variables' own, or their averages
 */
export function weightsOf({ list }: Parameters, values: readonly Float32Array[]): Float32Array[] {
  return list.map(({ at, standardised }) =>
    standardised ? standardisedFilters(values[at], values[at + 1]) : values[at],
  );
}

/** The loss's gradients by the variables, from those by what the network computes with. */
export function variableGradients({ list, variables }: Parameters, gradients: readonly Float32Array[]): Float32Array[] {
  return list.flatMap(({ at, standardised }, i) => {
    if (!standardised) return [gradients[i]];
    const { byV, byGain } = standardisedGradients(variables[at].value, variables[at + 1].value, gradients[i]);
    return [byV, byGain];
  });
}

/** The nodes that hold learned numbers, in the network's order. */
export function learnableNodes(graph: Graph): NodeProto[] {
  return graph.nodes.filter((node) => learnedInputs(graph, [node]).size > 0);
}

function standardisedNames(graph: Graph): string[] {
  const text = graph.model.metadataProps.find(({ key }) => key === STANDARDISED_FILTERS)?.value;
  return text === undefined ? [] : (JSON.parse(text) as string[]);
}

/** Which inputs of an operator are learned, and whether weight decay pulls at them. */
const LEARNED: Readonly<Record<string, readonly ("weight" | "other" | undefined)[]>> = {
  Conv: [undefined, "weight", "other"],
  Gemm: [undefined, "weight", "other"],
  MatMul: ["weight", "weight"],
  BatchNormalization: [undefined, "other", "other"],
  InstanceNormalization: [undefined, "other", "other"],
  LayerNormalization: [undefined, "other", "other"],
  PRelu: [undefined, "other"],
  Add: ["other", "other"],
};

function learnedInputs(graph: Graph, nodes: readonly NodeProto[]): Map<string, "weight" | "other"> {
  const found = new Map<string, "weight" | "other">();
  for (const node of nodes) {
    const roles = LEARNED[node.opType] ?? [];
    node.input.forEach((name, index) => {
      const role = roles[index];
      const tensor = role && graph.initializer(name);
      if (!tensor) return;
      const dims = tensorDims(tensor);
      // A single number beside an addition is arithmetic, not a bias.
      if (node.opType === "Add" && dims.every((dim) => dim === 1)) return;
      if (typeName(tensor.dataType) !== "float32") {
        const type = typeName(tensor.dataType);
        throw new CamlabError(
          `the weights of "${nodeLabel(node)}" are ${type} and cannot be trained: export them as float32`,
        );
      }
      found.set(name, role);
    });
  }
  return found;
}
