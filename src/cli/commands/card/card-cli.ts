import type { Command } from "commander";
import type { Exit } from "../../exit.js";
import { interruptible } from "../../interruptible.js";
import { addDescribingOptions } from "../../network-flags.js";

/** Adds `camlab card`. */
export function addCardCommand(program: Command, exit: Exit): void {
  addDescribingOptions(
    program
      .command("card")
      .description(
        "write a network's card: how pictures reach it and what its classes are called, and where that was read",
      )
      .argument("<network>", "a named network, a model file or a folder")
      .option("-o, --out <file>", "where to write it; beside the network unless given")
      .option("--force", "overwrite the card that is there")
      .option("--json", "print one JSON document instead of text"),
  ).action(interruptible(exit, async () => (await import("./card-command.js")).cardCommand));
}
