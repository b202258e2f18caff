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
    .option("--slides <file>", "also write it as slides for a lecture: one HTML page, with reveal.js")
    .option("--stored", "run nothing: the page and the slides show the outputs that the notebook holds")
    .option("--trust", "in the page, use HTML and scripts of the notebook as they are; they are left out unless given")
    .option("-p, --parameter <name value>", "another value of a parameter of the notebook; once for each", pair, [])
    .option("--timeout <seconds>", "the longest one cell may take", seconds, 600)
    .option("--json", "print one JSON document instead of text")
    .action(async (notebook: string, options: RunFlags) => {
      const { runCommand } = await import("./run-command.js");
      exit.code = await withInterrupt((signal) => runCommand(notebook, options, signal));
    });
}

/**
 * The arguments with `-p NAME VALUE` as the one word that an option's value is; `-p NAME=VALUE` is one already.
 *
 * @example
 * joinParameters(["run", "01.ipynb", "-p", "seed", "7"]); // ["run", "01.ipynb", "--parameter=seed=7"]
 */
export function joinParameters(argv: readonly string[]): readonly string[] {
  if (argv[0] !== "run") return argv;
  const joined: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const isPair = /^(-p|--parameters?)$/.test(argv[i]) && i + 1 < argv.length;
    if (!isPair) joined.push(argv[i]);
    else if (argv[i + 1].includes("=") || i + 2 >= argv.length) joined.push(`--parameter=${argv[(i += 1)]}`);
    else joined.push(`--parameter=${argv[i + 1]}=${argv[(i += 2)]}`);
  }
  return joined;
}

function pair(text: string, before: readonly string[]): readonly string[] {
  if (!/^[^=\s]+=/.test(text)) throw new InvalidArgumentError("expected a name and its value: -p seed 7.");
  return [...before, text];
}

/** Node's timers end at 2^31 − 1 ms. */
const LONGEST_TIMEOUT = 2_147_483;

function seconds(text: string): number {
  const value = positiveInteger(text);
  if (value > LONGEST_TIMEOUT) throw new InvalidArgumentError(`expected at most ${LONGEST_TIMEOUT} seconds.`);
  return value;
}
