import type { Picture } from "../images/picture.js";
import type { Placement } from "../images/input/preprocessing.js";
import type { Network } from "./network.js";
import type { LookView } from "./views/view.js";

/** A network's last feature maps of one photo: f_k(x, y), channel-major (all of channel 0 row by row, then 1, …). */
export interface FeatureMaps {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly data: Float32Array;
}

/** A class and how strongly the network saw it. */
export interface SeenClass {
  readonly index: number;
  readonly name: string;
  /** Softmax of the logits; their sigmoid for a network whose card says so. */
  readonly probability: number;
  /** The logit S_c. */
  readonly score: number;
}

/**
 * What a network saw in one picture. Plain arrays: nothing here needs disposing.
 *
 * @example
 * const saw: Seen = await look(network, "photo.jpg");
 * saw.top[0].name;
 */
export interface Seen<P extends Picture = Picture> {
  readonly network: Network;
  /** The very picture that was given; `{ file }` for a path, bytes or pixels. */
  readonly picture: P;
  /** What of the picture was seen, where that was asked for (see `look`). */
  readonly view?: LookView;
  /** The photo: its name for people, and its size in pixels after EXIF orientation. */
  readonly photo: {
    readonly file: string;
    readonly width: number;
    readonly height: number;
  };
  /** Where the photo lies on the network's input grid. */
  readonly placement: Placement;
  /** Class scores before softmax or sigmoid, one a class; in the view `both` those of the card's view. */
  readonly logits: Float32Array;
  /** Softmax of the logits; their sigmoid for a network whose card says so. */
  readonly probabilities: Float32Array;
  /** The most probable classes, best first. */
  readonly top: readonly SeenClass[];
  readonly featureMaps: FeatureMaps;
  /** The pooled feature maps F_k (GAP features; maxima for a GMP network), one a channel. */
  readonly features: Float32Array;
}
