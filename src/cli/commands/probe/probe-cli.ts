import { type Command, InvalidArgumentError, Option } from "commander";
import type { Exit } from "../../exit.js";
import { addNetworkOptions } from "../../network-flags.js";
import { share } from "../../option-parsers.js";
import type { ProbeCamFlags } from "./probe-cam-command.js";
import type { ProbeTestFlags, ProbeTrainFlags } from "./probe-command.js";
import { stepsOption } from "../../svm-steps.js";
import { withInterrupt } from "../../with-interrupt.js";

/** Adds `camlab probe train | test | cam`: linear SVMs on features. */
export function addProbeCommands(program: Command, exit: Exit): void {
  const probe = program.command("probe").description("linear SVMs on features: train, test, cam");
  probe
    .command("train")
    .description("train on features and image-level labels")
    .requiredOption("-f, --features <file>", "what camlab features wrote")
    .requiredOption("-o, --out <file>", "where to write the probe, as JSON")
    .option("-l, --labels <file>", "a list image,label[,split]; the features' own labels unless given")
    .option("--split <name>", "the images to train on, where there are splits", "train")
    .option("--cost <C>", "cost of an error; choose: by five-fold cross-validation; by the steps unless given", cost)
    .addOption(new Option("--loss <name>").choices(["squared-hinge", "hinge"]).default("squared-hinge"))
    .addOption(stepsOption())
    .option("--json", "print one JSON document instead of text")
    .action(async (options: ProbeTrainFlags) => {
      const { probeTrainCommand } = await import("./probe-command.js");
      exit.code = await withInterrupt((signal) => probeTrainCommand(options, signal));
    });
  probe
    .command("test")
    .description("how well a probe does on features with labels")
    .requiredOption("-m, --model <file>", "what camlab probe train wrote")
    .requiredOption("-f, --features <file>", "what camlab features wrote")
    .option("-l, --labels <file>", "a list image,label[,split]; the features' own labels unless given")
    .option("--split <name>", "the images to test on, where there are splits", "test")
    .option(
      "-o, --out <file>",
      "write the confusion matrix, with the pictures of its cells: .html, .png, .svg or .json",
    )
    .option("--json", "print one JSON document instead of text")
    .action(async (options: ProbeTestFlags) => {
      const { probeTestCommand } = await import("./probe-command.js");
      exit.code = await probeTestCommand(options);
    });
  addNetworkOptions(probe.command("cam"), {
    network: "the network that it was trained on, when its name does not find it",
  })
    .description("where in photos a probe's evidence is")
    .argument("<photos...>", "files, folders or globs")
    .requiredOption("-m, --model <file>", "what camlab probe train wrote")
    .option("-c, --class <names...>", "maps of these classes instead of the predicted one")
    .option("--threshold <share>", "share of the map's maximum that a box must exceed", share, 0.2)
    .option(
      "-o, --out <folder or .html>",
      "write a picture of each photo, and an index.html, into this folder; or one page with sliders",
    )
    .option("--json", "print one JSON document instead of text")
    .action(async (photos: string[], options: ProbeCamFlags) => {
      const { probeCamCommand } = await import("./probe-cam-command.js");
      exit.code = await withInterrupt((signal) => probeCamCommand(photos, options, signal));
    });
}

function cost(text: string): number | "choose" {
  const value = Number(text);
  if (text === "choose") return text;
  if (text.trim() === "" || !(value > 0 && value < Infinity))
    throw new InvalidArgumentError("expected C > 0, or choose.");
  return value;
}
