import type { Command } from "commander";
import type { Exit } from "../../exit.js";
import type { DiscoverUnitsFlags } from "./discover-units-command.js";
import { deviceOption, positiveInteger, share, wholeNumber } from "../../option-parsers.js";
import { withInterrupt } from "../../with-interrupt.js";

/** Adds `camlab discover units`. */
export function addDiscoverUnits(discover: Command, exit: Exit): void {
  discover
    .command("units")
    .description(
      "what the units of the last feature maps respond to, and what a class loses without its own; drawn pictures unless told otherwise",
    )
    .option("--ade20k <folder>", "photographs in the layout of ADE20K 2021")
    .option("--coco <instances.json>", "COCO instances")
    .option("--yolo <folder>", "images/, labels/ and classes.json or classes.txt")
    .option("--images <folder>", "where the images of --coco are")
    .option("--class <names...>", "rank and silence the units of these classes")
    .option("--test <count>", "drawn pictures to look at", positiveInteger, 300)
    .option("--quantile <share>", "the share of all places that a unit's threshold lets pass", share)
    .option("--min-iou <share>", "the IoU from which a unit matches a concept", share)
    .option("--min-images <count>", "images that a concept must be in", positiveInteger)
    .option("--seed <number>", "of the drawings, the permuted masks and the random units", wholeNumber, 0)
    .option("--top <count>", "units a list", positiveInteger, 8)
    .option("-n, --network <name|file>", "a named network or a model file; the embedded one unless given")
    .addOption(deviceOption())
    .option("--threads <count>", "CPU threads", positiveInteger)
    .option("-o, --out <folder>", "write a page with galleries and charts, index.html, into this folder")
    .option("--json", "print one JSON document instead of text, maps included")
    .action(async (options: DiscoverUnitsFlags) => {
      const { discoverUnitsCommand } = await import("./discover-units-command.js");
      exit.code = await withInterrupt((signal) => discoverUnitsCommand(options, signal));
    });
}
