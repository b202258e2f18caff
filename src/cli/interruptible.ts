import type { Command } from "commander";
import type { Exit } from "./exit.js";
import { withInterrupt } from "./with-interrupt.js";

/**
 * The action of a command that Ctrl-C stops: its module is loaded only when it is called for, and what it returns is
 * the exit code.
 *
 * @param load gives the command: its arguments and flags as commander gives them, and the signal
 */
export function interruptible<A extends unknown[]>(
  exit: Exit,
  load: () => Promise<(...args: [...A, AbortSignal]) => Promise<number>>,
): (...given: [...A, Command]) => Promise<void> {
  return async (...given) => {
    const run = await load();
    exit.code = await withInterrupt((signal) => run(...(given.slice(0, -1) as A), signal));
  };
}
