import type { Attention, Way } from "../way.js";
import { patchMap } from "./patch-map.js";

/**
 * How far each token's beginning reaches what is read at the end, were attention all that mixes tokens. Of no class: it
 * is the same for all.
 */
export const attentionRollout: Way = {
  name: "attention-rollout",
  title: "Attention rollout",
  equation: "r · Π_l (½ mean over heads of A^l + ½ I), r the class token's row, or the mean of those that are pooled",
  citation: "Abnar, Zuidema, Quantifying Attention Flow in Transformers, 2020",
  grain: "regions",
  ofTokens: true,
  map: ({ seen, network }) => network.attention().then((each) => patchMap(seen, each, rolledOut(each))),
};

/** What is read at the end, as shares of the tokens at the beginning. */
function rolledOut({ layers, tokens, first, width, height, reads }: Attention): Float64Array {
  const pooled = width * height;
  let row = Float64Array.from({ length: tokens }, (_, t) => {
    if (reads === "class token") return Number(t === 0);
    return t >= first && t < first + pooled ? 1 / pooled : 0;
  });
  for (const matrices of [...layers].reverse()) {
    const heads = matrices.length / (tokens * tokens);
    const before = row.map((share) => share / 2);
    matrices.forEach((weight, i) => {
      before[i % tokens] += (0.5 * weight * row[Math.floor(i / tokens) % tokens]) / heads;
    });
    row = before;
  }
  return row;
}
