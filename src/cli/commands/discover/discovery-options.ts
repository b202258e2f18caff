import type { Command } from "commander";
import { addNetworkOptions, SIZE_HELP } from "../../network-flags.js";

/** Adds what every `camlab discover …` that writes a page ends in: the network, the page and the document. */
export function addDiscoveryOptions(command: Command, page: string): Command {
  return addNetworkOptions(command, { size: `${SIZE_HELP}, or what its card says of the task` })
    .option("-o, --out <folder>", `write a page with ${page}, index.html, into this folder`)
    .option("--json", "print one JSON document instead of text, maps included");
}
