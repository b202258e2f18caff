// S = N(F): a small network of linear layers, activations, normalisations and products behind the pooling. Its weights
// for a photo are complete along the straight path from 0: see `path-weights.ts`.
import type { Graph } from "../../onnx/graph.js";
import type { HeadNetwork } from "../gap-head.js";
import { hiddenValues } from "../path/hidden-values.js";
import { vectorsBelow, type Vector } from "../vectors.js";
import type { Refused } from "../refused.js";
import { baseOf, poolsOf, type Base } from "./base.js";

/** A small network on pooled maps. */
export interface NetworkForm {
  readonly base: Base;
  readonly network: HeadNetwork;
  readonly classes: number;
}

/** The small network, for any scores that follow from pooled maps; in a graph, its hidden values too. */
export function networkForm(scores: Vector, graph?: Graph): NetworkForm | Refused {
  if (scores.size === undefined) return { refused: "the number of its class scores is not known" };
  const pools = poolsOf(scores);
  const base = baseOf(pools, readBy(scores));
  if ("refused" in base) return base;
  return {
    base,
    network: { scores, offsets: base.offsets, hidden: graph ? hiddenValues(graph, scores) : [] },
    classes: scores.size,
  };
}

/** How many numbers matrices read of each pooled vector. */
function readBy(scores: Vector): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const { size, terms } of vectorsBelow(scores)) {
    for (const { atom, by } of terms) {
      if (atom.kind !== "pool") continue;
      if (by.kind === "dense") sizes.set(atom.key, by.inputs);
      else if (terms.length === 1 && size !== undefined && by.offset === 0) sizes.set(atom.key, size);
    }
  }
  return sizes;
}
