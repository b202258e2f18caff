import type { Network } from "./network.js";
import { sigmoid } from "./sigmoid.js";
import { softmax } from "./softmax.js";

/** Logits of one photo as probabilities, by the rule that the network's card says. */
export function probabilitiesOf({ card }: Pick<Network, "card">, logits: Float32Array): Float32Array {
  return card.probabilities === "sigmoid" ? sigmoid(logits) : softmax(logits);
}
