import { type Command, Option } from "commander";
import { WAYS } from "../../../kernel-helpers/cam/ways/ways.js";
import type { Exit } from "../../exit.js";
import { addNetworkOptions } from "../../network-flags.js";
import { positiveInteger, shard, share } from "../../option-parsers.js";
import { UsageError } from "../../usage-error.js";
import { withInterrupt } from "../../with-interrupt.js";
import type { LookFlags } from "./look-command.js";

/** Adds `camlab look`. */
export function addLookCommand(program: Command, exit: Exit): void {
  const look = addNetworkOptions(program.command("look"), {
    views: ["both"],
    usualView:
      "; both, classes of the card's view and maps of the whole picture. Both unless given, where the card cuts pictures",
  })
    .description("what a network sees in photos, and where: classes, maps, boxes")
    .argument("<photos...>", "files, folders or globs; Parquet files, tar and zip archives, lists of addresses")
    .option("-t, --top <count>", "how many of the most probable classes", positiveInteger, 5)
    .option("-c, --class <names...>", "maps of these classes, not the most probable ones; write the photos before it")
    .option(
      "-w, --way <names...>",
      `maps of the class made in other ways, too: ${WAYS.map(({ name }) => name).join(", ")}; write the photos before it`,
    )
    .option("--against <class>", "what the way contrast holds each class against; the strongest other one unless given")
    .addOption(
      new Option("--weights <kind>", "of a small network behind the pooling (MobileNetV3): complete, or plain gradient")
        .choices(["path", "gradient"])
        .default("path"),
    )
    .addOption(
      new Option("--box-rule <rule>", "how a box is taken from a map").choices(["paper", "authors"]).default("paper"),
    )
    .option("--threshold <share>", "paper's rule: share of the map's maximum that a box must exceed", share, 0.2)
    .option(
      "-o, --out <folder or .html>",
      "write a picture of the maps of each photo, and an index.html, into this folder; or one page with sliders",
    )
    .option("--shard <I/N>", "only the I-th of N equal parts of the photos, with --json; see merge", shard)
    .option("--json", "print one JSON document instead of text")
    .enablePositionalOptions()
    .action(async (photos: string[], options: LookFlags, command: Command) => {
      if (options.boxRule === "authors" && command.getOptionValueSource("threshold") === "cli") {
        throw new UsageError(
          "--threshold belongs to the paper's rule: the authors' rule has three thresholds of its own",
        );
      }
      if (options.shard && !options.json) throw new UsageError("--shard belongs to --json");
      if (options.against !== undefined && !options.way?.includes("contrast")) {
        throw new UsageError("--against belongs to --way contrast");
      }
      const { lookCommand } = await import("./look-command.js");
      exit.code = await withInterrupt((signal) => lookCommand(photos, options, signal));
    });
  look
    .command("merge")
    .description(
      "put together what was printed with --shard --json: the same to the byte as made whole; missing parts are named",
    )
    .argument("<parts...>", "all files of the parts, in any order")
    .action(async (parts: string[]) => {
      const { mergeLookCommand } = await import("./merge-look-command.js");
      exit.code = await mergeLookCommand(parts);
    });
}
