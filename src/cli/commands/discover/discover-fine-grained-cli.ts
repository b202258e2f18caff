import type { Command } from "commander";
import type { Exit } from "../../exit.js";
import { interruptible } from "../../interruptible.js";
import { positiveNumber, share } from "../../option-parsers.js";
import { stepsOption } from "../../svm-steps.js";
import { addDataSets } from "./data-set-flags.js";
import { addFolderOptions, endDiscovery } from "./discovery-options.js";

/** Adds `camlab discover fine-grained`. */
export function addDiscoverFineGrained(discover: Command, exit: Exit): void {
  const command = discover
    .command("fine-grained")
    .description(
      "kinds that differ little: full pictures, crops by the maps of their own SVM, true boxes; drawn birds unless told otherwise",
    );
  addFolderOptions(addDataSets(command, "cub"), "kind")
    .option("--threshold <share>", "share of the map's maximum that a box must exceed", share, 0.2)
    .addOption(stepsOption())
    .option("--cost <C>", "the SVMs' cost of an error; by the steps unless given", positiveNumber);
  endDiscovery(
    command,
    { seed: "of the drawings, and of the split that --per-class makes", page: "the table and pictures" },
    interruptible(exit, async () => (await import("./discover-fine-grained-command.js")).discoverFineGrainedCommand),
  );
}
