import type { Command } from "commander";
import type { Exit } from "../../exit.js";

/** Adds `camlab doctor`. */
export function addDoctorCommand(program: Command, exit: Exit): void {
  program
    .command("doctor")
    .description("what this machine has: devices and their speed, Jupyter, a browser")
    .option("-n, --network <name|file>", "the network to measure with; the embedded one unless given")
    .option("--json", "print one JSON document instead of text")
    .action(async (options: { network?: string; json?: boolean }) => {
      const { doctorCommand } = await import("./doctor-command.js");
      exit.code = await doctorCommand(options);
    });
}
