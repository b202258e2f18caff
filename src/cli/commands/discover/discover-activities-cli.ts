import { type Command, InvalidArgumentError } from "commander";
import type { Exit } from "../../exit.js";
import type { DiscoverActivitiesFlags } from "./discover-activities-command.js";
import {
  deviceOption,
  mapsOption,
  positiveInteger,
  positiveNumber,
  SIZE_HELP,
  wholeNumber,
} from "../../option-parsers.js";
import { stepsOption } from "../../svm-steps.js";
import { withInterrupt } from "../../with-interrupt.js";

/** Adds `camlab discover activities`. */
export function addDiscoverActivities(discover: Command, exit: Exit): void {
  discover
    .command("activities")
    .description("what people are doing, and whether the maps are at what they do it with; drawn unless told otherwise")
    .option("--stanford40 <folder>", "photographs in the layout of Stanford-40 Actions")
    .option("--event8 <folder>", "photographs in the layout of UIUC Event8")
    .option("--folders <folder>", "photographs in a folder for each activity, or train/ and test/ with such folders")
    .option(
      "--per-class <count>",
      "photographs of each activity to learn from, where no split is given",
      positiveInteger,
    )
    .option("--train <count>", "drawn pictures to learn from", positiveInteger, 600)
    .option("--test <count>", "drawn pictures to judge by", positiveInteger, 300)
    .option("--seed <number>", "of the drawings, and of the split that --per-class makes", wholeNumber, 0)
    .option("-n, --network <name|file>", "a named network or a model file; the embedded one unless given")
    .addOption(mapsOption())
    .option("--size <pixels>", SIZE_HELP, positiveInteger)
    .addOption(stepsOption())
    .option("--cost <C>", "the SVM's cost of an error; by the steps unless given", positiveNumber)
    .option(
      "--radius <share>",
      "at an object: so near, of the shorter side; half a cell of the map unless given",
      radius,
    )
    .addOption(deviceOption())
    .option("--threads <count>", "CPU threads", positiveInteger)
    .option("-m, --model <file>", "write the probe here, as JSON, for camlab probe cam")
    .option("-o, --out <folder>", "write a page with charts and pictures, index.html, into this folder")
    .option("--json", "print one JSON document instead of text, maps included")
    .action(async (options: DiscoverActivitiesFlags) => {
      const { discoverActivitiesCommand } = await import("./discover-activities-command.js");
      exit.code = await withInterrupt((signal) => discoverActivitiesCommand(options, signal));
    });
}

function radius(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0 && value <= 1)) throw new InvalidArgumentError("expected 0 ≤ share ≤ 1.");
  return value;
}
