import type { Command } from "commander";
import type { Exit } from "../../exit.js";
import type { CacheFlags } from "./cache-command.js";

/** Adds `camlab cache info | clear`. */
export function addCacheCommands(program: Command, exit: Exit): void {
  const cache = program
    .command("cache")
    .description("features and optimised networks that are kept on disk: info, clear");
  for (const [name, description] of [
    ["info", "where they are, how many, and of which networks"],
    ["clear", "remove them"],
  ] as const) {
    cache
      .command(name)
      .description(description)
      .option("--folder <folder>", "instead of $CAMLAB_CACHE or your cache folder")
      .option("--json", "print one JSON document instead of text")
      .action(async (options: CacheFlags) => {
        const { cacheCommand } = await import("./cache-command.js");
        exit.code = await cacheCommand(name, options);
      });
  }
}
