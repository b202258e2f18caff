import { type Command, Option } from "commander";
import { WAYS } from "../../../kernel-helpers/cam/ways/ways.js";
import type { Exit } from "../../exit.js";
import { addNetworkOptions } from "../../network-flags.js";
import { positiveInteger, shard, share } from "../../option-parsers.js";
import { UsageError } from "../../usage-error.js";
import { withInterrupt } from "../../with-interrupt.js";
import { LAYOUT_NAMES } from "./layout-names.js";
import type { EvaluateFlags } from "./evaluate-command.js";

/** Adds `camlab evaluate`. */
export function addEvaluateCommand(program: Command, exit: Exit): void {
  addNetworkOptions(program.command("evaluate"))
    .description("how well a network's maps find what pictures show: localization as two papers measure it")
    .requiredOption(
      "--data <path|part>",
      "pictures with labels and boxes, packed in Parquet, tar or zip, too; or a part of the drawn world, as objects",
    )
    .addOption(
      new Option("--layout <name>", "how the data lies there, where it is not recognised").choices(LAYOUT_NAMES),
    )
    .option("--images <folder>", "where the images are, for layouts whose lists lie elsewhere")
    .option(
      "--masks <folder>",
      "wsol2020: a mask for each picture, called like it, for PxAP; for layouts that list masks, where those are",
    )
    .option("--split <name>", "only pictures of this split")
    .option("--shard <I/N>", "cvpr2016: only the I-th of N equal parts of the pictures", shard)
    .option("--labels <file>", "the data's label of each output of the network: WordNet numbers, a line or item each")
    .addOption(
      new Option("--protocol <name>", "what is measured: docs/localization.md tells them apart")
        .choices(["cvpr2016", "wsol2020"])
        .default("cvpr2016"),
    )
    .addOption(new Option("--way <name>", "how maps are made").choices(WAYS.map(({ name }) => name)).default("cam"))
    .addOption(
      new Option(
        "--box-rule <rule>",
        "cvpr2016: how a map becomes a box; graph-cut: by the photo's colours; heuristic: five boxes of three classes",
      ).choices(["paper", "authors", "authors-tight", "graph-cut", "heuristic"]),
    )
    .option("--threshold <share>", "paper's rule: share of the map's maximum that a box must exceed; 0.2", share)
    .option("--choose-on <split>", "wsol2020: the split that chooses the threshold; val")
    .option("--batch <count>", "images in one run of the network", positiveInteger)
    .option("--no-cache", "neither take maps from the cache nor keep them there")
    .option("-o, --out <file.arrow>", "write what became of each picture")
    .option("--json", "print one JSON document instead of text")
    .action(async (options: EvaluateFlags) => {
      checkFlags(options);
      const { evaluateCommand } = await import("./evaluate-command.js");
      exit.code = await withInterrupt((signal) => evaluateCommand(options, signal));
    });
}

function checkFlags({ protocol, boxRule, threshold, chooseOn, shard }: EvaluateFlags): void {
  if (shard && protocol !== "cvpr2016") {
    throw new UsageError("--shard belongs to --protocol cvpr2016: wsol2020 chooses its threshold on all pictures");
  }
  if (protocol === "wsol2020" && (boxRule !== undefined || threshold !== undefined)) {
    throw new UsageError("--box-rule and --threshold belong to --protocol cvpr2016: wsol2020 tries every threshold");
  }
  if (protocol === "cvpr2016" && chooseOn !== undefined) {
    throw new UsageError("--choose-on belongs to --protocol wsol2020: cvpr2016 chooses nothing");
  }
  if (threshold !== undefined && boxRule !== undefined && boxRule !== "paper") {
    throw new UsageError(`--threshold belongs to --box-rule paper, not to ${boxRule}`);
  }
}
