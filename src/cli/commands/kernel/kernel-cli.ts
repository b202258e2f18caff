import type { Command } from "commander";
import type { Exit } from "../../exit.js";
import type { KernelFlags } from "./kernel-command.js";

/** Adds `camlab kernel install | uninstall | list`. */
export function addKernelCommands(program: Command, exit: Exit): void {
  const kernel = program.command("kernel").description("the Jupyter kernel: install, uninstall, list");
  for (const [name, description] of [
    ["install", "register the camlab kernel with your Jupyter"],
    ["uninstall", "remove that registration"],
    ["list", "where the camlab kernel is registered, and whether Jupyter is found"],
  ] as const) {
    kernel
      .command(name)
      .description(description)
      .option("--user", "for this user (the default)")
      .option("--prefix <folder>", "below a prefix, such as a virtual environment's folder")
      .option("--json", "print one JSON document instead of text")
      .action(async (options: KernelFlags) => {
        const { kernelCommand } = await import("./kernel-command.js");
        exit.code = await kernelCommand(name, options);
      });
  }
}
