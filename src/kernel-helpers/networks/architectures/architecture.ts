import type { Preprocessing } from "../../images/input/preprocessing.js";
import type { Layers, Maps } from "./parts/layers.js";

/** The layers of a published network, as a recipe. */
export interface Architecture {
  /** What it is called here: "resnet18". */
  readonly name: string;
  /** For people: whose it is, and where it was published. */
  readonly title: string;
  /** How pictures reach it, as those who trained it wrote. */
  readonly preprocessing: Preprocessing;
  /** The name of the classifier's weights, which tell how many classes a file is of. */
  readonly classifier: string;
  /** Names in files of weights that a network that only looks does not need: heads for training, counters. */
  readonly passedOver?: RegExp;
  /** Other names that files of its weights use, as the names that it has here. */
  readonly renamed?: (name: string) => string;
  /**
   * Adds its layers.
   *
   * @param image the input: 3 channels, any size that it takes
   * @returns the class scores, before any softmax
   */
  build(layers: Layers, image: Maps, classes: number): Maps;
}
