// A process of its own: trains, tells each step, and waits to be killed.
import { trainGapNetwork } from "../../../src/kernel-helpers/training/train-gap-network.js";
import { smallTraining } from "./small-training.js";

void trainGapNetwork(
  smallTraining({
    checkpoint: { folder: process.argv[2], everySteps: 1 },
    onEvent: ({ kind, epoch }) => void process.stdout.write(`${kind} of epoch ${epoch}\n`),
  }),
);
