import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { CamlabError, messageOf } from "../kernel-helpers/support/errors.js";
import { packageVersion } from "../kernel-helpers/support/package-root.js";
import type { CacheFlags } from "./commands/cache/cache-command.js";
import { addDatasetCommands } from "./commands/dataset/dataset-cli.js";
import { addDiscoverCommands } from "./commands/discover/discover-cli.js";
import type { FeaturesFlags } from "./commands/features/features-command.js";
import { deviceOption, positiveInteger, share, wholeNumber } from "./option-parsers.js";
import { addProbeCommands } from "./commands/probe/probe-cli.js";
import type { TourFlags } from "./commands/tour/tour-command.js";
import { addTrainCommand } from "./commands/train/train-cli.js";
import { UsageError } from "./usage-error.js";
import { withInterrupt } from "./with-interrupt.js";

const HELP = `
Examples:
  camlab look photo.jpg                          what the network sees, and where
  camlab look photos/ --out out --top 3          a picture for each photo in out/
  camlab look "*.jpg" --network net.onnx --json  one JSON document on stdout
  camlab features photos/ --out features.arrow   their pooled feature maps, for classifiers
  camlab probe train --features features.arrow --labels labels.csv --out probe.json
  camlab discover text --out text                find text, learned from "text" or "no text" alone
  camlab train --data photos/ --out my-network   a GAP network of your own
  camlab doctor                                  which devices can be used, and why not
  camlab run notebooks/01-where-does-it-look.ipynb --html 01.html

Exit code: 0 done, 1 failed, 2 wrong usage.`;

/** Set by a command's action: what the process should exit with. */
type Exit = { code: number };

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
    await program.parseAsync([...argv], { from: "user" });
    return exit.code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (isAbort(error)) {
      process.stderr.write("camlab: interrupted\n");
      return 130;
    }
    process.stderr.write(`camlab: ${messageOf(error)}\n`);
    if (error instanceof UsageError) return 2;
    if (!(error instanceof CamlabError) && error instanceof Error && process.env.CAMLAB_DEBUG) {
      process.stderr.write(`${error.stack}\n`);
    }
    return 1;
  }
}

function createProgram(exit: Exit): Command {
  const program = new Command("camlab")
    .description("See where a convolutional network looks: class activation maps for photos, notebooks and scripts.")
    .version(packageVersion())
    .exitOverride()
    .showHelpAfterError("(camlab COMMAND --help says more)")
    .addHelpText("after", HELP);

  program
    .command("look")
    .description("what a network sees in photos, and where: classes, maps, boxes")
    .argument("<photos...>", "files, folders or globs")
    .option("-n, --network <name|file>", "a named network or a model file; the embedded one unless given")
    .option("-t, --top <count>", "how many of the most probable classes", positiveInteger, 5)
    .option("-c, --class <names...>", "maps of these classes, not the most probable ones; write the photos before it")
    .addOption(
      new Option("--box-rule <rule>", "how a box is taken from a map").choices(["paper", "authors"]).default("paper"),
    )
    .option("--threshold <share>", "paper's rule: share of the map's maximum that a box must exceed", share, 0.2)
    .addOption(deviceOption())
    .option("--threads <count>", "CPU threads", positiveInteger)
    .option("-o, --out <folder>", "write a picture of the maps of each photo, and an index.html, into this folder")
    .option("--json", "print one JSON document instead of text")
    .action(async (photos: string[], options: LookFlags, command: Command) => {
      if (options.boxRule === "authors" && command.getOptionValueSource("threshold") === "cli") {
        throw new UsageError(
          "--threshold belongs to the paper's rule: the authors' rule has three thresholds of its own",
        );
      }
      const { lookCommand } = await import("./commands/look/look-command.js");
      exit.code = await withInterrupt((signal) => lookCommand(photos, options, signal));
    });

  program
    .command("doctor")
    .description("what this machine has: devices and their speed, Jupyter, a browser")
    .option("-n, --network <name|file>", "the network to measure with; the embedded one unless given")
    .option("--json", "print one JSON document instead of text")
    .action(async (options: { network?: string; json?: boolean }) => {
      const { doctorCommand } = await import("./commands/doctor/doctor-command.js");
      exit.code = await doctorCommand(options);
    });

  program
    .command("features")
    .description("pooled feature maps of many images, for classifiers: an Arrow, NumPy or CSV file")
    .argument("<images...>", "files, folders or globs; or one list image,label[,split] that ends in .csv")
    .requiredOption("-o, --out <file>", "where to write them; the ending says how: .arrow, .npy or .csv")
    .option("-n, --network <name|file>", "a named network or a model file; the embedded one unless given")
    .option("--folders", "labels are the folders' names; train/, val/ and test/ above them are splits")
    .addOption(new Option("--pooling <kind>", "what a map becomes; the network's own").choices(["average", "max"]))
    .option("--layer <name>", "the value of the network's graph to pool; its last feature maps unless given")
    .addOption(new Option("--crops <kind>", "ten: the mean of ten crops").choices(["one", "ten"]).default("one"))
    .option("--batch <count>", "images in one run of the network", positiveInteger)
    .option("--no-cache", "neither take features from the cache nor keep them there")
    .addOption(deviceOption())
    .option("--threads <count>", "CPU threads", positiveInteger)
    .option("--json", "print one JSON document instead of text")
    .action(async (images: string[], options: FeaturesFlags) => {
      const { featuresCommand } = await import("./commands/features/features-command.js");
      exit.code = await withInterrupt((signal) => featuresCommand(images, options, signal));
    });

  addProbeCommands(program, exit);
  addDiscoverCommands(program, exit);
  addTrainCommand(program, exit);
  addDatasetCommands(program, exit);

  const cache = program.command("cache").description("features that are kept on disk: info, clear");
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
        const { cacheCommand } = await import("./commands/cache/cache-command.js");
        exit.code = await cacheCommand(name, options);
      });
  }

  program
    .command("run")
    .description("execute a notebook with the camlab kernel, without Python")
    .argument("<notebook>", "an .ipynb file")
    .option("-o, --output <file>", "write the executed notebook here instead of over the original")
    .option("--html <file>", "also write it as one self-contained HTML page")
    .option("--trust", "in the page, use HTML and scripts of the notebook as they are; they are left out unless given")
    .option("--timeout <seconds>", "the longest one cell may take", seconds, 600)
    .option("--json", "print one JSON document instead of text")
    .action(async (notebook: string, options: RunFlags) => {
      const { runCommand } = await import("./commands/run/run-command.js");
      exit.code = await withInterrupt((signal) => runCommand(notebook, options, signal));
    });

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
        const { kernelCommand } = await import("./commands/kernel/kernel-command.js");
        exit.code = await kernelCommand(name, options);
      });
  }
  program
    .command("tour")
    .description("a page that shows what camlab is for, made from the package alone")
    .option("-o, --out <file>", "where to write the page", "out/index.html")
    .option("-n, --network <name|file>", "a named network or a model file; the embedded one unless given")
    .option("--seed <number>", "of the pictures that are drawn for it", wholeNumber, 11)
    .action(async (options: TourFlags) => {
      const { tourCommand } = await import("./commands/tour/tour-command.js");
      exit.code = await withInterrupt((signal) => tourCommand(options, signal));
    });
  program
    .command("lab")
    .description("open JupyterLab with the camlab kernel in place")
    .argument("[folder]", "where to start; notebooks/ unless given")
    .allowUnknownOption()
    .allowExcessArguments()
    .action(async (folder: string | undefined, _options: unknown, command: Command) => {
      const { labCommand } = await import("./commands/lab/lab-command.js");
      exit.code = await labCommand(folder, command.args.slice(1));
    });

  return program;
}

/** Flags of `camlab look`, as parsed. */
export interface LookFlags {
  readonly network?: string;
  readonly top: number;
  readonly class?: readonly string[];
  readonly boxRule: "paper" | "authors";
  readonly threshold: number;
  readonly device: "auto" | "cpu" | "webgpu" | "cuda";
  readonly threads?: number;
  readonly out?: string;
  readonly json?: boolean;
}

/** Flags of `camlab run`, as parsed. */
export interface RunFlags {
  readonly output?: string;
  readonly html?: string;
  readonly trust?: boolean;
  readonly timeout: number;
  readonly json?: boolean;
}

/** Flags of `camlab kernel …`, as parsed. */
export interface KernelFlags {
  readonly user?: boolean;
  readonly prefix?: string;
  readonly json?: boolean;
}

/** Node's timers end at 2^31 − 1 ms. */
const LONGEST_TIMEOUT = 2_147_483;

function seconds(text: string): number {
  const value = positiveInteger(text);
  if (value > LONGEST_TIMEOUT) throw new InvalidArgumentError(`expected at most ${LONGEST_TIMEOUT} seconds.`);
  return value;
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}

/** A reader that has left (`| head`) is no failure; a full disk is. */
function leaveOnFailedOutput(error: NodeJS.ErrnoException): void {
  if (error.code === "EPIPE") process.exit(0);
  process.stderr.write(`camlab: cannot write the output: ${error.message}\n`);
  process.exit(1);
}
