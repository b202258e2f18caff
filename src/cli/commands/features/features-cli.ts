import { type Command, Option } from "commander";
import type { Exit } from "../../exit.js";
import { addNetworkOptions } from "../../network-flags.js";
import { positiveInteger, shard, share, wholeNumber } from "../../option-parsers.js";
import { withInterrupt } from "../../with-interrupt.js";
import { UsageError } from "../../usage-error.js";
import type { FeaturesFlags } from "./features-command.js";
import type { InfoFlags } from "./info-command.js";
import type { MergeFlags } from "./merge-command.js";

type InfoCommands = typeof import("./info-command.js");

/** What features are made of, in the words of `--help`. */
export const IMAGES_GIVEN =
  "files, folders or globs; Parquet files, tar and zip archives, lists of addresses; or one list image,label[,split] that ends in .csv";

/** Adds `camlab features`. */
export function addFeaturesCommand(program: Command, exit: Exit): void {
  const features = addNetworkOptions(program.command("features"))
    .description("pooled feature maps of many images, for classifiers: an Arrow, NumPy or CSV file")
    .argument("<images...>", IMAGES_GIVEN)
    .option("-o, --out <file>", "where to write them; the ending says how: .arrow, .npy or .csv")
    .option("--folders", "labels are the folders' names; train/, val/ and test/ above them are splits")
    .option(
      "--split <name=share...>",
      "deal images into splits, such as train=0.6 val=0.2 test=0.2, in each class alike",
    )
    .option("--seed <number>", "with --split: the same seed deals the same way", wholeNumber)
    .option("--redeal", "with --split: deal anew images that have a split already")
    .addOption(new Option("--pooling <kind>", "what a map becomes; the network's own").choices(["average", "max"]))
    .option("--layer <name>", "the value of the network's graph to pool; its last feature maps unless given")
    .addOption(new Option("--crops <kind>", "ten: the mean of ten crops").choices(["one", "ten"]).default("one"))
    .option("--batch <count>", "images in one run of the network", positiveInteger)
    .option("--shard <I/N>", "only the I-th of N equal parts of the images, into an .arrow file; see merge", shard)
    .option("--no-cache", "neither take features from the cache nor keep them there")
    .option("--json", "print one JSON document instead of text")
    .enablePositionalOptions()
    .action(async (images: string[], options: Partial<FeaturesFlags>) => {
      if (!hasOut(options)) throw new UsageError("say where to write the features: --out features.arrow");
      const { featuresCommand } = await import("./features-command.js");
      exit.code = await withInterrupt((signal) => featuresCommand(images, options, signal));
    });
  addMergeCommand(features, exit);
  addLookCommands(features, exit);
}

function addLookCommands(features: Command, exit: Exit): void {
  const about = (name: string, description: string) =>
    features.command(name).description(description).argument("<file>", "features, .arrow, .npy or .csv");
  const runs = (command: Command, pick: (commands: InfoCommands) => InfoCommands["infoCommand"]) =>
    command
      .option("--json", "print one JSON document instead of text")
      .action(async (file: string, options: InfoFlags) => {
        exit.code = await pick(await import("./info-command.js"))(file, options);
      });
  runs(about("info", "what a file of features holds"), ({ infoCommand }) => infoCommand);
  runs(
    about("duplicates", "groups of pictures whose features are almost the same; all pairs up to 50,000 rows")
      .option("--similarity <cosine>", "from which on two are near duplicates; 0.98 unless given", share)
      .option("--sheet <file.html>", "write a contact sheet of the groups"),
    ({ duplicatesCommand }) => duplicatesCommand,
  );
  runs(
    about("outliers", "pictures whose nearest neighbours are the farthest away; all pairs up to 50,000 rows")
      .option("--count <number>", "how many; 20 unless given", positiveInteger)
      .option("--sheet <file.html>", "write a contact sheet of them"),
    ({ outliersCommand }) => outliersCommand,
  );
}

function hasOut(options: Partial<FeaturesFlags>): options is FeaturesFlags {
  return options.out !== undefined;
}

function addMergeCommand(features: Command, exit: Exit): void {
  features
    .command("merge")
    .description(
      "put together what was made with --shard: the same to the byte as made whole; missing shards are named",
    )
    .argument("<shards...>", "all .arrow files of the shards, in any order")
    .requiredOption("-o, --out <file>", "where to write the table; the ending says how: .arrow, .npy or .csv")
    .option("--json", "print one JSON document instead of text")
    .action(async (shards: string[], options: MergeFlags) => {
      const { mergeCommand } = await import("./merge-command.js");
      exit.code = await mergeCommand(shards, options);
    });
}
