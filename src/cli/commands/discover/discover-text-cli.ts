import type { Command } from "commander";
import type { Exit } from "../../exit.js";
import { positiveInteger, positiveNumber, share } from "../../option-parsers.js";
import { interruptible } from "../../interruptible.js";
import { addDataSets } from "./data-set-flags.js";
import { endDiscovery } from "./discovery-options.js";

/** Adds `camlab discover text`. */
export function addDiscoverText(discover: Command, exit: Exit): void {
  const command = discover
    .command("text")
    .description(
      "a text detector from image-level labels, held against word outlines; drawn streets unless told otherwise",
    );
  addDataSets(command, "icdar", "svt")
    .option("--against <folder>", "whole photographs against those in this folder of classes, instead of crops")
    .option("--trap", "the drawn trap: negatives that differ in everything but text")
    .option("--cost <C>", "the SVM's cost of an error; by the number of channels unless given", positiveNumber)
    .option("--threshold <share>", "share of the map's maximum that a box must exceed; 0.2 unless given", share)
    .option("--zoom <times>", "join maps of so many parts across and down; else as training tells", positiveInteger)
    .option("-m, --model <file>", "write the detector here, as JSON");
  endDiscovery(
    command,
    { train: "train on", seed: "of the drawings, the crops and the intervals", page: "chart and pictures" },
    interruptible(exit, async () => (await import("./discover-text-command.js")).discoverTextCommand),
  );
}
