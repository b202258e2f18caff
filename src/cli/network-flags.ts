import type { Command } from "commander";
import { deviceOption, positiveInteger } from "./option-parsers.js";

/** Flags of commands that open a network: which one, and what runs it. */
export interface NetworkFlags {
  readonly network?: string;
  readonly device: "auto" | "cpu" | "webgpu" | "cuda";
  readonly threads?: number;
}

/** Adds `--network`, `--device` and `--threads`, the same wherever a network is opened. */
export function addNetworkOptions(
  command: Command,
  which = "a named network or a model file; the embedded one unless given",
): Command {
  return command
    .option("-n, --network <name|file>", which)
    .addOption(deviceOption())
    .option("--threads <count>", "CPU threads", positiveInteger);
}
