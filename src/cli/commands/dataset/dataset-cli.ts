import { Argument, type Command, Option } from "commander";
import type { Exit } from "../../exit.js";
import { WORLD_PARTS } from "../../../world/drawing.js";
import { positiveInteger, wholeNumber } from "../../option-parsers.js";
import { interruptible } from "../../interruptible.js";

/** Adds `camlab dataset make | info | show`: the drawn world. */
export function addDatasetCommands(program: Command, exit: Exit): void {
  const dataset = program
    .command("dataset")
    .description("pictures that camlab draws, with their truth: make, info, show");
  const part = () => new Argument("<part>", "which part of the world").choices(WORLD_PARTS);
  dataset
    .command("make")
    .description("draw a part into a folder, in the layouts of published data sets")
    .addArgument(part())
    .requiredOption("-o, --out <folder>", "where to; it appears when it is whole")
    .option("--seed <number>", "another seed is another world of the same kind", wholeNumber, 0)
    .option("--train <count>", "pictures to learn from; by the part unless given", wholeNumber)
    .option("--val <count>", "pictures to choose settings by; none unless given", wholeNumber)
    .option("--test <count>", "pictures to judge by; by the part unless given", wholeNumber)
    .addOption(new Option("--format <format>", "of the pictures; jpeg unless given").choices(["jpeg", "png"]))
    .option("--json", "print one JSON document instead of text")
    .action(interruptible(exit, async () => (await import("./dataset-command.js")).datasetMakeCommand));
  dataset
    .command("info")
    .description("what a drawn data set holds")
    .argument("<folder>", "what camlab dataset make wrote")
    .option("--json", "print one JSON document instead of text")
    .action(async (folder: string, options: { json?: boolean }) => {
      const { datasetInfoCommand } = await import("./dataset-command.js");
      exit.code = await datasetInfoCommand(folder, options);
    });
  dataset
    .command("show")
    .description("a contact sheet of a part, as .png or .jpg")
    .addArgument(part())
    .requiredOption("-o, --out <file>", "where to")
    .option("--seed <number>", "of the world", wholeNumber, 0)
    .option("--count <count>", "how many pictures", positiveInteger, 24)
    .option("--boxes", "draw the boxes of the things")
    .action(interruptible(exit, async () => (await import("./dataset-command.js")).datasetShowCommand));
}
