import type { Command } from "commander";
import type { Exit } from "../../exit.js";
import { addNetworkOptions } from "../../network-flags.js";
import { wholeNumber } from "../../option-parsers.js";
import { withInterrupt } from "../../with-interrupt.js";
import type { TourFlags } from "./tour-command.js";

/** Adds `camlab tour`. */
export function addTourCommand(program: Command, exit: Exit): void {
  addNetworkOptions(program.command("tour"))
    .description("a page that shows what camlab is for, made from the package alone")
    .option("-o, --out <file>", "where to write the page", "out/index.html")
    .option("--seed <number>", "of the pictures that are drawn for it", wholeNumber, 11)
    .action(async (options: TourFlags) => {
      const { tourCommand } = await import("./tour-command.js");
      exit.code = await withInterrupt((signal) => tourCommand(options, signal));
    });
}
