import type { Preprocessing } from "../images/input/preprocessing.js";
import type { NetworkTasks } from "./tasks/task-settings.js";

/** What travels beside a model file: who made it, what it expects, what it answers. `card.json`. */
export interface NetworkCard {
  readonly name: string;
  readonly title: string;
  readonly preprocessing: Preprocessing;
  /** Class names in the order of the logits, or a file beside the model that lists them. */
  readonly classes: readonly string[] | { readonly file: string };
  /**
   * How logits become probabilities: `softmax` for a network that names one class, `sigmoid` for one that names
   * everything present. Unless given, what the graph itself does after its logits; where it does nothing, sigmoid for one
   * logit and softmax for several.
   */
  readonly probabilities?: "softmax" | "sigmoid";
  readonly licence: string;
  readonly origin: string;
  /** SHA-256 of each file of the network, in hexadecimal. */
  readonly hashes: Readonly<Record<string, string>>;
  /** What each feature map stands for, where that is known. */
  readonly channels?: readonly string[];
  /** What suits the network in tasks of discovery: sizes of pictures, and where maps are hot. */
  readonly tasks?: NetworkTasks;
}
