import { type Command, InvalidArgumentError, Option } from "commander";
import type { Exit } from "../../exit.js";
import { addPreprocessingOptions } from "../../network-flags.js";
import { positiveInteger, positiveNumber, share, wholeNumber } from "../../option-parsers.js";
import type { TrainFlags } from "./train-command.js";
import { withInterrupt } from "../../with-interrupt.js";

/** Adds `camlab train`. */
export function addTrainCommand(program: Command, exit: Exit): void {
  addPreprocessingOptions(program.command("train"))
    .description("train a GAP network on your pictures, or fine-tune one; interrupted, the same command goes on")
    .requiredOption(
      "-d, --data <source>",
      "a folder of classes, a list image,label[,split] in .csv, what camlab dataset make wrote, or a drawn part such as scenes",
    )
    .requiredOption("-o, --out <folder>", "where to write model.onnx, classes.json and card.json")
    .option("-n, --network <name|file>", "fine-tune this network; a new one is trained from scratch unless given")
    .option("--trainable <part>", "head, all, or the number of last layers; head with --network", trainable)
    .option("--size <pixels>", "side of a new network's input; 64 unless given", positiveInteger)
    .option("--channels <counts>", "of a new network's stages, each of which halves the maps", counts, [32, 64, 128])
    .addOption(new Option("--pooling <kind>", "of a new network").choices(["average", "max"]).default("average"))
    .option("--epochs <count>", "how often every picture is seen; 20, and 60 for the head alone", positiveInteger)
    .option("--batch <count>", "pictures a step; 32 unless given", positiveInteger)
    .addOption(new Option("--optimizer <name>", "adamw unless given").choices(["sgd", "adam", "adamw"]))
    .option("--learning-rate <number>", "at its height; by optimizer and what is trained unless given", positiveNumber)
    .option("--label-smoothing <share>", "of the truth that is given to the other classes; none unless given", share)
    .addOption(
      new Option(
        "--augment <strength>",
        "random cuts and mirroring, strong: colours too; light, none for the head alone",
      ).choices(["none", "light", "strong"]),
    )
    .option("--patience <epochs>", "stop when validation has not improved for so many epochs", positiveInteger)
    .option("--validation <share>", "of the pictures to learn from, where the data has no val split", share, 0.1)
    .option("--train <count>", "drawn pictures to learn from; by the part unless given", positiveInteger)
    .option("--test <count>", "drawn pictures to judge by; by the part unless given", wholeNumber)
    .option("--seed <number>", "of everything random, the drawn pictures too", wholeNumber)
    .addOption(
      new Option("--engine <name>", "what trains: ONNX Runtime unless given, TF.js as a second opinion").choices([
        "onnxruntime",
        "tfjs",
      ]),
    )
    .addOption(
      new Option("--device <name>", "of the engine: cpu, webgpu, cuda; of TF.js tfjs-node-gpu, tfjs-node, wasm, cpu")
        .choices(["auto", "cpu", "webgpu", "cuda", "tfjs-node-gpu", "tfjs-node", "wasm"])
        .default("auto"),
    )
    .option("--fresh", "start anew, though the folder holds an interrupted training")
    .option("--json", "print one JSON document instead of text")
    .action(async (options: TrainFlags) => {
      const { trainCommand } = await import("./train-command.js");
      exit.code = await withInterrupt((signal) => trainCommand(options, signal));
    });
}

function trainable(text: string): "head" | "all" | { last: number } {
  if (text === "head" || text === "all") return text;
  const last = Number(text);
  if (!Number.isInteger(last) || last < 1) throw new InvalidArgumentError("expected head, all or a number of layers.");
  return { last };
}

function counts(text: string): number[] {
  const list = text.split(",").map(Number);
  if (!list.every((count) => Number.isInteger(count) && count >= 1)) {
    throw new InvalidArgumentError("expected whole numbers such as 32,64,128.");
  }
  return list;
}
