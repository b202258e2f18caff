import type { Command } from "commander";
import type { Exit } from "../../exit.js";
import { share } from "../../option-parsers.js";
import { interruptible } from "../../interruptible.js";
import { addDataSets } from "./data-set-flags.js";
import { addListOptions, endDiscovery } from "./discovery-options.js";

/** Adds `camlab discover units`. */
export function addDiscoverUnits(discover: Command, exit: Exit): void {
  const command = discover
    .command("units")
    .description(
      "what the units of the last feature maps respond to, and what a class loses without its own; drawn pictures unless told otherwise",
    );
  addDataSets(command, "ade20k", "coco", "yolo", "images")
    .option("--class <names...>", "rank and silence the units of these classes")
    .option("--quantile <share>", "the share of all places that a unit's threshold lets pass", share)
    .option("--min-iou <share>", "the IoU from which a unit matches a concept", share);
  addListOptions(command, "images that a concept must be in", "units", 8);
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
