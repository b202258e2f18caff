import type { Command } from "commander";
import type { Exit } from "../../exit.js";
import { numberWhere, positiveNumber } from "../../option-parsers.js";
import { stepsOption } from "../../svm-steps.js";
import { interruptible } from "../../interruptible.js";
import { addDataSets } from "./data-set-flags.js";
import { addFolderOptions, endDiscovery } from "./discovery-options.js";

const radius = numberWhere((value) => value >= 0 && value <= 1, "0 ≤ share ≤ 1");

/** Adds `camlab discover activities`. */
export function addDiscoverActivities(discover: Command, exit: Exit): void {
  const command = discover
    .command("activities")
    .description(
      "what people are doing, and whether the maps are at what they do it with; drawn unless told otherwise",
    );
  addFolderOptions(addDataSets(command, "stanford40", "event8"), "activity")
    .addOption(stepsOption())
    .option("--cost <C>", "the SVM's cost of an error; by the steps unless given", positiveNumber)
    .option("--radius <share>", "at an object: so near, of the shorter side; half a cell unless given", radius)
    .option("-m, --model <file>", "write the probe here, as JSON, for camlab probe cam");
  endDiscovery(
    command,
    { seed: "of the drawings, and of the split that --per-class makes", page: "charts and pictures" },
    interruptible(exit, async () => (await import("./discover-activities-command.js")).discoverActivitiesCommand),
  );
}
