import { Command, CommanderError } from "commander";
import { CamlabError, messageOf } from "../kernel-helpers/support/errors.js";
import { packageVersion } from "../kernel-helpers/support/package-root.js";
import { addCardCommand } from "./commands/card/card-cli.js";
import { addCacheCommands } from "./commands/cache/cache-cli.js";
import { addConvertCommand } from "./commands/convert/convert-cli.js";
import { addDatasetCommands } from "./commands/dataset/dataset-cli.js";
import { addDiscoverCommands } from "./commands/discover/discover-cli.js";
import { addDoctorCommand } from "./commands/doctor/doctor-cli.js";
import { addEvaluateCommand } from "./commands/evaluate/evaluate-cli.js";
import { addExportCommand } from "./commands/export/export-cli.js";
import { addFeaturesCommand } from "./commands/features/features-cli.js";
import { addFiguresCommand } from "./commands/figures/figures-cli.js";
import { addKernelCommands } from "./commands/kernel/kernel-cli.js";
import { addLabCommand } from "./commands/lab/lab-cli.js";
import { addLookCommand } from "./commands/look/look-cli.js";
import { addModelsCommands } from "./commands/models/models-cli.js";
import { addProbeCommands } from "./commands/probe/probe-cli.js";
import { addRunCommand, joinParameters } from "./commands/run/run-cli.js";
import { addSubmitCommands } from "./commands/submit/submit-cli.js";
import { addTourCommand } from "./commands/tour/tour-cli.js";
import { addTrainCommand } from "./commands/train/train-cli.js";
import { addTrustCommand } from "./commands/trust/trust-cli.js";
import { addWorkCommand } from "./commands/work/work-cli.js";
import type { Exit } from "./exit.js";
import { UsageError } from "./usage-error.js";
import { say, tell } from "./terminal.js";

const HELP = `
Examples:
  camlab look photo.jpg                          what the network sees, and where
  camlab look photos/ --out out --top 3          a picture for each photo in out/
  camlab look "*.jpg" --network net.onnx --json  one JSON document on stdout
  camlab figures photos/ --labels list.csv --out page.html   the paper's figures of one's own photographs
  camlab features photos/ --out features.arrow   their pooled feature maps, for classifiers
  camlab evaluate --data CUB_200_2011 --network net.onnx   how well its maps find what is there
  camlab trust photos/ --way cam saliency        which of the maps can be believed
  camlab probe train --features features.arrow --labels labels.csv --out probe.json
  camlab export probe.json --out detector.onnx --heat --pixels    one file that draws its maps
  camlab discover text --out text                find text, learned from "text" or "no text" alone
  camlab train --data photos/ --out my-network   a GAP network of your own
  camlab card net.onnx --classes names.txt       what is known of a network, and where it was read
  camlab convert net.caffemodel --out net.onnx   a network of another format as ONNX
  camlab models pull efficientnet_lite2          an ImageNet network, by pip
  camlab doctor                                  which devices can be used, and why not
  camlab run notebooks/01-where-does-it-look.ipynb --html 01.html

Exit code: 0 done, 1 failed, 2 wrong usage.`;

/**
 * The command line: parses, calls the public API, prints. Never throws and never calls `process.exit`.
 *
 * @param argv the arguments after `camlab`
 * @returns the exit code: 0 done, 1 failed, 2 wrong usage, 130 interrupted
 * @example
 * process.exitCode = await runCli(["look", "photo.jpg"]);
 */
export async function runCli(argv: readonly string[]): Promise<number> {
  const exit: Exit = { code: 0 };
  const program = createProgram(exit);
  process.stdout.on("error", leaveOnFailedOutput);
  try {
    if (argv.length === 0) {
      program.outputHelp();
      return 0;
    }
    await program.parseAsync([...joinParameters(argv)], { from: "user" });
    return exit.code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (isAbort(error)) {
      tell("camlab: interrupted\n");
      return 130;
    }
    tell(`camlab: ${messageOf(error)}\n`);
    if (error instanceof UsageError) return 2;
    if (!(error instanceof CamlabError) && error instanceof Error && process.env.CAMLAB_DEBUG) {
      tell(`${error.stack}\n`);
    }
    return 1;
  }
}

function createProgram(exit: Exit): Command {
  const program = new Command("camlab")
    .description("See where a convolutional network looks: class activation maps for photos, notebooks and scripts.")
    .version(packageVersion())
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ writeOut: say, writeErr: tell })
    .showHelpAfterError("(camlab COMMAND --help says more)")
    .addHelpText("after", HELP);

  addLookCommand(program, exit);
  addDoctorCommand(program, exit);
  addFeaturesCommand(program, exit);
  addFiguresCommand(program, exit);
  addEvaluateCommand(program, exit);
  addTrustCommand(program, exit);
  addExportCommand(program, exit);
  addProbeCommands(program, exit);
  addDiscoverCommands(program, exit);
  addTrainCommand(program, exit);
  addDatasetCommands(program, exit);
  addModelsCommands(program, exit);
  addCardCommand(program, exit);
  addConvertCommand(program, exit);
  addCacheCommands(program, exit);
  addRunCommand(program, exit);
  addKernelCommands(program, exit);
  addSubmitCommands(program, exit);
  addWorkCommand(program, exit);
  addTourCommand(program, exit);
  addLabCommand(program, exit);
  return program;
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}

/** A reader that has left (`| head`) is no failure; a full disk is. */
function leaveOnFailedOutput(error: NodeJS.ErrnoException): void {
  if (error.code === "EPIPE") process.exit(0);
  tell(`camlab: cannot write the output: ${error.message}\n`);
  process.exit(1);
}
