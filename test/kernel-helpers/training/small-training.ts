// One small training, for tests and for the process that is killed in its midst.
import { gapArchitecture } from "../../../src/kernel-helpers/training/parameters/gap-architecture.js";
import type { TrainOptions } from "../../../src/kernel-helpers/training/train-options.js";
import { SIDE, striped, STRIPES } from "./stripes.js";

export function smallTraining(more: Partial<TrainOptions> = {}): TrainOptions {
  const stages = [
    { channels: 8, stride: 2 },
    { channels: 12, blocks: 2 },
  ];
  return {
    graph: gapArchitecture({ classes: STRIPES.length, size: SIDE, stages, pooling: "max" }),
    pictures: striped(16),
    epochs: 4,
    batchSize: 8,
    learningRate: 0.05,
    labelSmoothing: 0.05,
    average: 0.9,
    augmentation: { scale: [0.8, 1], brightness: 0.2 },
    ...more,
  };
}
