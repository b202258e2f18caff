import { type Command, InvalidArgumentError } from "commander";
import type { Exit } from "../../exit.js";
import { positiveInteger } from "../../option-parsers.js";
import { withInterrupt } from "../../with-interrupt.js";
import type { RunFlags } from "./run-command.js";

/** Adds `camlab run`. */
export function addRunCommand(program: Command, exit: Exit): void {
  program
    .command("run")
    .description("execute a notebook with the camlab kernel, without Python")
    .argument("<notebook>", "an .ipynb file")
    .option("-o, --output <file>", "write the executed notebook here instead of over the original")
    .option("--html <file>", "also write it as one self-contained HTML page")
    .option("--trust", "in the page, use HTML and scripts of the notebook as they are; they are left out unless given")
    .option("--timeout <seconds>", "the longest one cell may take", seconds, 600)
    .option("--json", "print one JSON document instead of text")
    .action(async (notebook: string, options: RunFlags) => {
      const { runCommand } = await import("./run-command.js");
      exit.code = await withInterrupt((signal) => runCommand(notebook, options, signal));
    });
}

/** Node's timers end at 2^31 − 1 ms. */
const LONGEST_TIMEOUT = 2_147_483;

function seconds(text: string): number {
  const value = positiveInteger(text);
  if (value > LONGEST_TIMEOUT) throw new InvalidArgumentError(`expected at most ${LONGEST_TIMEOUT} seconds.`);
  return value;
}
