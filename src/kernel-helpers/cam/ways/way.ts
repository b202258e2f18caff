import type { FeatureMaps, Seen } from "../../networks/seen.js";
import type { Random } from "../../support/random.js";
import type { HeatMap } from "../heat-map.js";

/** One way to look: how it is called, where it comes from, and how its map is made. */
export interface Way {
  /** As options and the command line name it: `grad-cam`. */
  readonly name: string;
  /** As figures name it: “Grad-CAM”. */
  readonly title: string;
  /** The equation, in one line. */
  readonly equation: string;
  /** Who described it first. */
  readonly citation: string;
  /** Whether the map says something of `regions`, of which boxes are made, or of single `pixels`. */
  readonly grain: "regions" | "pixels";
  /** Whether the map is made of the network's last maps alone: where these are a single place, it says nothing. */
  readonly ofLastMaps?: boolean;
  /** Whether it is made of what a transformer's tokens attend to: other networks have no such map. */
  readonly ofTokens?: boolean;
  /** What it needs of whom it looks at, where a weight vector is not enough: another class, or probabilities. */
  readonly needsClass?: string;
  /** What the map adds up to, where it claims to tell of a whole score. */
  readonly total?: Total;
  /** Counts up when its maps change: those that are kept on disk are then made anew. */
  readonly version?: number;
  /** The map of one class: raw, in the units of its equation. */
  readonly map: (looking: Looking) => Promise<HeatMap> | HeatMap;
}

/** What a map adds up to. */
export interface Total {
  /** The map's mean, or its sum. */
  readonly as: "mean" | "sum";
  /** What of the score it leaves out: that of empty feature maps, or that of a picture of mean colour. */
  readonly without: "the maps" | "the photo";
}

/** What a way is given: one photo, one class, and what can be asked of the network. */
export interface Looking {
  readonly seen: Seen;
  /** The class, by its index. */
  readonly index: number;
  /** The class that it is held against, by its index, where one was given. */
  readonly against?: number;
  /** The photo as the network takes it: `3 × height × width`, normalised. */
  readonly input: Float32Array;
  readonly size: { readonly width: number; readonly height: number };
  /** Random numbers that the seed decides, anew for each way and class. */
  readonly random: Random;
  /** Random numbers that the seed decides, anew for each way, the same for every class. */
  readonly randomOfPhoto: Random;
  readonly network: NetworkQuestions;
}

/** Copies of a photo that no class decides, such as those seen through masks. */
export interface Copies {
  readonly count: number;
  /** Writes one of them, from 0, as the network takes it: `3 × height × width`, normalised. */
  readonly write: (copy: number, to: Float32Array) => void;
}

/** What can be asked of a network; each question counts the photos that go through it. */
export interface NetworkQuestions {
  /**
   * S_c of the class for each copy of the photo. They are run once: every other class of this photo is answered from what is
   * kept of it under `name`.
   */
  scoresOfCopies(name: string, copies: Copies): Promise<Float32Array>;
  /** S_c of the class and its probability for each of `count` inputs. */
  answers(
    inputs: Float32Array,
    count: number,
  ): Promise<{ readonly scores: Float32Array; readonly probabilities: Float32Array }>;
  /** ∂S_c/∂x for each of `count` inputs, `count × 3 × height × width`; ReLU by another rule where one is given. */
  inputGradients(inputs: Float32Array, count: number, relu?: "guided" | "deconvolution"): Promise<Float32Array>;
  /** ∂S_c/∂f_k(x, y) at the photo's feature maps, as they lie. */
  mapGradients(maps: FeatureMaps): Promise<FeatureMaps>;
  /** What follows the last maps, by itself, for maps of this size; refused where it cannot be taken by itself. */
  behindMaps(maps: FeatureMaps): Promise<BehindMaps>;
  /** The last maps of each size in the network and ∂S_c by them, the finest first; its own feature maps are the last. */
  layers(): Promise<readonly LayerMapsWithGradients[]>;
  /** What every token of a transformer attends to in each layer. */
  attention(): Promise<Attention>;
  /** ∂s_c^l/∂A^l: of the class's score, made of what block l hands on, by the attention in that block. */
  attentionGradients(): Promise<Attention>;
}

/** What follows a network's last maps. Maps are `channels × height × width`. */
export interface BehindMaps {
  /** The class scores, were these the photo's maps. */
  scores(maps: Float32Array): Promise<Float32Array>;
  /** Σ_j by_j ∂S_j/∂f_k(x, y) at these maps, as they lie. */
  gradient(maps: Float32Array, by: Float32Array): Promise<Float32Array>;
}

/** One layer's maps and their gradients. */
export interface LayerMapsWithGradients {
  readonly maps: FeatureMaps;
  readonly gradients: FeatureMaps;
}

/** Matrices of a transformer's layers: the attention, or gradients by it. */
export interface Attention {
  /** A layer each, first to last: `heads × tokens × tokens`; row: who attends, column: to whom. */
  readonly layers: readonly Float32Array[];
  readonly tokens: number;
  /** The first token that stands for a place, and how many columns and rows of places there are. */
  readonly first: number;
  readonly width: number;
  readonly height: number;
  /** What the class scores are made of: token 0, or the mean over the places. */
  readonly reads: "class token" | "mean";
  /** The class scores of the network's file. */
  readonly scores?: Float32Array;
}
