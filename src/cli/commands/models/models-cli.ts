import type { Command } from "commander";
import type { Exit } from "../../exit.js";
import { withInterrupt } from "../../with-interrupt.js";
import type { ModelsFlags, PullFlags } from "./models-command.js";

/** Adds `camlab models list | info | pull | rm`. */
export function addModelsCommands(program: Command, exit: Exit): void {
  const models = program.command("models").description("published networks: list, info, pull, rm");
  const shared = (command: Command) =>
    command
      .option("--models <folder>", "where they lie, instead of your own models folder")
      .option("--json", "print one JSON document instead of text");

  shared(models.command("list").description("those that can be pulled, and which of them are here")).action(
    async (flags: ModelsFlags) => {
      const { listCommand } = await import("./models-command.js");
      exit.code = listCommand(flags);
    },
  );
  shared(models.command("info <name>").description("where a network comes from, under which licence")).action(
    async (name: string, flags: ModelsFlags) => {
      const { infoCommand } = await import("./models-command.js");
      exit.code = infoCommand(name, flags);
    },
  );
  shared(
    models
      .command("pull <name...>")
      .description("get a network: by its name, or a model file of your own to be opened by name"),
  )
    .option("--from <path>", "a file or folder that was got elsewhere, instead of fetching")
    .option("--name <name>", "what a model file of your own shall be called")
    .option("--force", "again, although it is here")
    .action(async (names: string[], flags: PullFlags) => {
      const { pullCommand } = await import("./models-command.js");
      exit.code = await withInterrupt((signal) => pullCommand(names, flags, signal));
    });
  shared(models.command("rm <name...>").description("remove pulled networks")).action(
    async (names: string[], flags: ModelsFlags) => {
      const { removeCommand } = await import("./models-command.js");
      exit.code = await removeCommand(names, flags);
    },
  );
}
