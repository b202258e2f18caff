import { type Command, Option } from "commander";
import { MEASURES } from "../../../kernel-helpers/cam/faithfulness/measures.js";
import { WAYS } from "../../../kernel-helpers/cam/ways/ways.js";
import type { Exit } from "../../exit.js";
import { addNetworkOptions } from "../../network-flags.js";
import { positiveInteger, wholeNumber } from "../../option-parsers.js";
import { UsageError } from "../../usage-error.js";
import { withInterrupt } from "../../with-interrupt.js";
import { LAYOUT_NAMES } from "../evaluate/layout-names.js";
import type { TrustFlags } from "./trust-command.js";

/** Adds `camlab trust`. */
export function addTrustCommand(program: Command, exit: Exit): void {
  addNetworkOptions(program.command("trust"))
    .description("which ways to look can be believed: maps against what the network does, a random map and the truth")
    .argument("[photos...]", "files, folders or globs; or --data")
    .option("--data <path|part>", "pictures with labels and boxes, or a part of the drawn world, as objects")
    .addOption(
      new Option("--layout <name>", "how the data lies there, where it is not recognised").choices(LAYOUT_NAMES),
    )
    .option("--images <folder>", "where the images are, for layouts whose lists lie elsewhere")
    .option("--split <name>", "only pictures of this split")
    .option("--labels <file>", "the data's label of each output of the network: WordNet numbers, a line or item each")
    .option("-w, --way <names...>", `ways to look: ${WAYS.map(({ name }) => name).join(", ")}`)
    .option("-m, --measure <names...>", `what is measured: ${MEASURES.map(({ name }) => name).join(", ")}`)
    .option("--pictures <count>", "this many of the pictures, evenly spread", positiveInteger)
    .option("--seed <number>", "same seed, same figures; 0", wholeNumber)
    .option("-o, --out <file>", "write the chart: .html, .png, .svg or .json")
    .option("--json", "print one JSON document instead of a table")
    .action(async (photos: string[], options: TrustFlags) => {
      if (photos.length > 0 === (options.data !== undefined)) {
        throw new UsageError("say which pictures: files, or --data with a data set or a part of the drawn world");
      }
      const { trustCommand } = await import("./trust-command.js");
      exit.code = await withInterrupt((signal) => trustCommand(photos, options, signal));
    });
}
