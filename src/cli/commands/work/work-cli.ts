import type { Command } from "commander";
import type { Exit } from "../../exit.js";
import { interruptible } from "../../interruptible.js";
import { deviceOption, positiveInteger, positiveNumber } from "../../option-parsers.js";
import { addQueueOptions } from "./queue-flags.js";

/** Adds `camlab work`. */
export function addWorkCommand(program: Command, exit: Exit): void {
  addQueueOptions(program.command("work"))
    .description("work on what was submitted to a queue, until it is stopped; any number of machines may")
    .requiredOption("--root <folders...>", "work must lie in these folders, or below these http addresses")
    .addOption(deviceOption())
    .option("--threads <count>", "CPU threads", positiveInteger)
    .option("--batch <count>", "images in one run of the network", positiveInteger)
    .option("--no-cache", "neither take features from the cache nor keep them there")
    .option("--patience <seconds>", "a worker that does not answer for so long counts as gone", positiveNumber, 30)
    .action(interruptible(exit, async () => (await import("./work-command.js")).workCommand));
}
