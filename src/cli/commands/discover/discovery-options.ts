import type { Command } from "commander";
import { addNetworkOptions, SIZE_HELP } from "../../network-flags.js";
import { addDrawnOptions, positiveInteger } from "../../option-parsers.js";

/** What a task that writes a page says of itself. */
interface DiscoveryHelp {
  /** What drawn pictures are for; `learn from` and `judge by` unless given, false: nothing is learned. */
  readonly train?: string | false;
  readonly test?: string;
  readonly seed: string;
  /** What the page shows. */
  readonly page: string;
}

/** Ends a `camlab discover …` that writes a page: the drawn pictures, the network, the page and the document, what runs. */
export function endDiscovery<A extends unknown[]>(
  command: Command,
  { train = "learn from", test = "judge by", seed, page }: DiscoveryHelp,
  run: (...given: A) => Promise<void>,
): void {
  const drawing = addDrawnOptions(command, { ...(train !== false && { train }), test, seed });
  addNetworkOptions(drawing, { size: `${SIZE_HELP}, or what its card says of the task` })
    .option("-o, --out <folder>", `write a page with ${page}, index.html, into this folder`)
    .option("--json", "print one JSON document instead of text, maps included")
    .action(run);
}

/** Adds the options of tasks that list what annotated pictures show. `least`: what must be in how many; `listed`: of what so many. */
export function addListOptions(command: Command, least: string, listed: string, count: number): Command {
  return command
    .option("--min-images <count>", least, positiveInteger)
    .option("--top <count>", `${listed} a list`, positiveInteger, count);
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
