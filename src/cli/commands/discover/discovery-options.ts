import type { Command } from "commander";
import { addNetworkOptions, SIZE_HELP } from "../../network-flags.js";
import { positiveInteger } from "../../option-parsers.js";

/** Adds what every `camlab discover …` that writes a page ends in: the network, the page and the document. */
export function addDiscoveryOptions(command: Command, page: string): Command {
  return addNetworkOptions(command, { size: `${SIZE_HELP}, or what its card says of the task` })
    .option("-o, --out <folder>", `write a page with ${page}, index.html, into this folder`)
    .option("--json", "print one JSON document instead of text, maps included");
}

/** Adds the options of photographs in folders; `each` says what a folder is for. */
export function addFolderOptions(command: Command, each: string): Command {
  return command
    .option("--folders <folder>", `photographs in a folder for each ${each}, or train/ and test/ with such folders`)
    .option(
      "--per-class <count>",
      `photographs of each ${each} to learn from, where no split is given`,
      positiveInteger,
    );
}
