/** What a training tells while it goes on. */
export type TrainingEvent = StepEvent | EpochEvent;

/** A step was taken. */
export interface StepEvent {
  readonly kind: "step";
  /** From 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** Within the epoch, from 1. */
  readonly step: number;
  readonly steps: number;
  readonly loss: number;
  readonly learningRate: number;
  readonly imagesPerSecond: number;
  readonly secondsLeft: number;
}

/** Every image was learned from once more. */
export interface EpochEvent extends EpochRecord {
  readonly kind: "epoch";
  readonly epochs: number;
}

/** What became of one epoch. */
export interface EpochRecord {
  /** From 1. */
  readonly epoch: number;
  /** The mean loss of its steps. */
  readonly loss: number;
  /** The learning rate of its last step. */
  readonly learningRate: number;
  /** Of the epoch, validation included. */
  readonly seconds: number;
  readonly validation?: ValidationFigures;
}

/** How well the network answers images that it does not learn from. */
export interface ValidationFigures {
  readonly loss: number;
  /** `softmax`: the part of the images whose highest score is their class's. */
  readonly accuracy?: number;
  /** `sigmoid`: the mean over classes of average precision. */
  readonly meanAveragePrecision?: number;
}

/** The figure by which epochs are compared: higher is better. */
export function figureOf({ accuracy, meanAveragePrecision, loss }: ValidationFigures): number {
  return accuracy ?? meanAveragePrecision ?? -loss;
}
