import type { Command } from "commander";
import type { Exit } from "../../exit.js";
import { positiveInteger, share } from "../../option-parsers.js";
import { interruptible } from "../../interruptible.js";
import { endDiscovery } from "./discovery-options.js";

/** Adds `camlab discover units`. */
export function addDiscoverUnits(discover: Command, exit: Exit): void {
  const command = discover
    .command("units")
    .description(
      "what the units of the last feature maps respond to, and what a class loses without its own; drawn pictures unless told otherwise",
    )
    .option("--ade20k <folder>", "photographs in the layout of ADE20K 2021")
    .option("--coco <instances.json>", "COCO instances")
    .option("--yolo <folder>", "images/, labels/ and classes.json or classes.txt")
    .option("--images <folder>", "where the images of --coco are")
    .option("--class <names...>", "rank and silence the units of these classes")
    .option("--quantile <share>", "the share of all places that a unit's threshold lets pass", share)
    .option("--min-iou <share>", "the IoU from which a unit matches a concept", share)
    .option("--min-images <count>", "images that a concept must be in", positiveInteger)
    .option("--top <count>", "units a list", positiveInteger, 8);
  endDiscovery(
    command,
    {
      train: false,
      test: "look at",
      seed: "of the drawings, the permuted masks and the random units",
      page: "galleries and charts",
    },
    interruptible(exit, async () => (await import("./discover-units-command.js")).discoverUnitsCommand),
  );
}
