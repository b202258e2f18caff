import type { Command } from "commander";
import type { Exit } from "../../exit.js";
import { addNetworkOptions } from "../../network-flags.js";
import type { ExportFlags } from "./export-command.js";

const HELP = `
Outputs, for N photos: scores (N × classes), maps (N × maps × rows × columns; raw and signed), heat (with --heat: maps
stretched to the input, the largest value 1) and logits (not of a probe). See docs/export.md.

Examples:
  camlab export efficientnet_lite0 --out lite0.onnx --classes "tabby, tabby cat" --heat
  camlab export probe.json --out detector.onnx --heat --pixels`;

/** Adds `camlab export`. */
export function addExportCommand(program: Command, exit: Exit): void {
  const network = "a probe's network, where its name does not find it";
  addNetworkOptions(program.command("export"), { network, names: "--names" })
    .description("a network or a probe as one ONNX file that draws its own class activation maps")
    .argument("<network|probe>", "a named network or a model file; or what camlab probe train wrote, a .json file")
    .requiredOption("-o, --out <file>", "the .onnx file to write")
    .option("-c, --classes <names...>", "the classes that get a map, by name or number; all of them unless given")
    .option("--heat", "also each map stretched to the input, over its maximum")
    .option("--pixels", "take RGB pixels in 8 bits, rows × columns × 3, at the input's size")
    .option("--json", "print one JSON document instead of text")
    .addHelpText("after", HELP)
    .action(async (source: string, options: ExportFlags) => {
      const { exportCommand } = await import("./export-command.js");
      exit.code = await exportCommand(source, options);
    });
}
