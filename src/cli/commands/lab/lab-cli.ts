import type { Command } from "commander";
import type { Exit } from "../../exit.js";

/** Adds `camlab lab`. */
export function addLabCommand(program: Command, exit: Exit): void {
  program
    .command("lab")
    .description("open JupyterLab with the camlab kernel in place")
    .argument("[folder]", "where to start; notebooks/ unless given")
    .allowUnknownOption()
    .allowExcessArguments()
    .action(async (folder: string | undefined, _options: unknown, command: Command) => {
      const { labCommand } = await import("./lab-command.js");
      exit.code = await labCommand(folder, command.args.slice(1));
    });
}
