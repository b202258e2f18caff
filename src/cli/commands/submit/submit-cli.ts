import { type Command, Option } from "commander";
import type { Exit } from "../../exit.js";
import { interruptible } from "../../interruptible.js";
import { addNetworkOptions } from "../../network-flags.js";
import { IMAGES_GIVEN } from "../features/features-cli.js";
import { positiveInteger } from "../../option-parsers.js";
import { addQueueOptions } from "../work/queue-flags.js";

/** Adds `camlab submit`. */
export function addSubmitCommands(program: Command, exit: Exit): void {
  const submit = program.command("submit").description("have workers of a queue do it: see camlab work");
  addQueueOptions(addNetworkOptions(submit.command("features")))
    .description("camlab features, by workers; called again it goes on from where it was")
    .argument("<images...>", IMAGES_GIVEN)
    .requiredOption("-o, --out <file>", "where to write the features; the ending says how: .arrow, .npy or .csv")
    .option("--folders", "labels are the folders' names; train/, val/ and test/ above them are splits")
    .addOption(new Option("--pooling <kind>", "what a map becomes; the network's own").choices(["average", "max"]))
    .option("--layer <name>", "the value of the network's graph to pool; its last feature maps unless given")
    .addOption(new Option("--crops <kind>", "ten: the mean of ten crops").choices(["one", "ten"]).default("one"))
    .option("--shard-size <count>", "pictures in a shard", positiveInteger, 1000)
    .option("--attempts <count>", "how often a shard that fails is tried", positiveInteger, 5)
    .option("--keep-parts", "leave the shards' parts beside the file, in FILE.parts")
    .option("--no-merge", "only the parts: for tables that are larger than the memory")
    .action(interruptible(exit, async () => (await import("./submit-command.js")).submitFeaturesCommand));
}
