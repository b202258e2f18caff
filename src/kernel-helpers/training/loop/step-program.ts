// What a training asks of whatever computes scores, loss and gradients of one batch.
import type { Tensor as Numbers } from "../../engines/engine.js";
import type { Graph } from "../../graph/onnx/graph.js";
import type { LossKind } from "./loss-kind.js";

/** Numbers that the learned part of a network reads, in the form of the program that they are for. */
export type Feeds = ReadonlyMap<string, unknown>;

/** A running average of a batch normalisation: an initializer and its numbers, which training changes. */
export interface RunningAverage {
  readonly name: string;
  readonly value: Float32Array;
}

/** What one batch gave. */
export interface StepOutcome {
  readonly loss: number;
  /** By what the network computes with, one list a learned initializer. */
  readonly gradients: Float32Array[];
  /** Pictures × classes. */
  readonly logits: Float32Array;
}

/** What is run. */
export interface StepSetting {
  readonly graph: Graph;
  /** The value of the class scores. */
  readonly logits: string;
  readonly classes: number;
  readonly loss: LossKind;
  /** Initializers that are learned. */
  readonly names: readonly string[];
  /** Whether batch normalisations in the learned part use the batch's statistics. */
  readonly batchStatistics: boolean;
}

/** What the learned part reads of some pictures, on the host. */
export type Between = Readonly<Record<string, Numbers>>;

/** What computes, for provenance. */
export interface ProgramBackend {
  /** Part of a checkpoint's fingerprint: another backend gives other last digits. */
  readonly name: string;
  /** Why it. */
  readonly reason: string;
  /** Versions of the packages that compute. */
  readonly versions: Readonly<Record<string, string>>;
}

/** A network made ready to learn. */
export interface StepProgram {
  readonly backend: ProgramBackend;
  /** Values that the learned part reads: of the frozen part, or the network's input itself. */
  readonly between: readonly string[];
  /** Means and variances of batch normalisations in the learned part. */
  readonly running: readonly RunningAverage[];
  /** Whether the learned part begins at the network's input. */
  readonly startsAtInput: boolean;
  /** What the learned part reads of some pictures (N×H×W×3, as numbers), to be released by the caller. */
  feeds(pixels: Float32Array, size: readonly [number, number, number]): Promise<Feeds>;
  /** What the frozen part computes of some pictures. */
  frozen(pixels: Float32Array, size: readonly [number, number, number]): Promise<Between>;
  /** Numbers as feeds, to be released by the caller. */
  feedsOf(between: Between): Feeds;
  /**
   * Loss and gradients of a batch; running averages take in its statistics.
   *
   * @param weights what the network computes with, one list a learned initializer
   * @param targets pictures × classes
   */
  step(feeds: Feeds, weights: readonly Float32Array[], targets: Float32Array): Promise<StepOutcome>;
  /** Class scores of a batch, pictures × classes, as the exported network computes them. */
  scores(feeds: Feeds, weights: readonly Float32Array[]): Promise<Float32Array>;
  /** Frees what a batch was fed with. */
  release(feeds: Feeds): void;
  dispose(): void;
}
