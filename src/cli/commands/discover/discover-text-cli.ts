import type { Command } from "commander";
import type { Exit } from "../../exit.js";
import { positiveInteger, positiveNumber, share } from "../../option-parsers.js";
import { interruptible } from "../../interruptible.js";
import { endDiscovery } from "./discovery-options.js";

/** Adds `camlab discover text`. */
export function addDiscoverText(discover: Command, exit: Exit): void {
  const command = discover
    .command("text")
    .description(
      "a text detector from image-level labels, held against word outlines; drawn streets unless told otherwise",
    )
    .option("--icdar <folder>", "photographs in the layout of ICDAR 2015: crops with text against crops without")
    .option("--svt <list.xml>", "the same from a list of Street View Text")
    .option("--against <folder>", "whole photographs against those in this folder of classes, instead of crops")
    .option("--trap", "the drawn trap: negatives that differ in everything but text")
    .option("--cost <C>", "the SVM's cost of an error; by the number of channels unless given", positiveNumber)
    .option("--threshold <share>", "share of the map's maximum that a box must exceed; 0.2 unless given", share)
    .option(
      "--zoom <times>",
      "maps are joined from so many parts of a picture across and down; 1: one look; chosen by training pictures unless given",
      positiveInteger,
    )
    .option("-m, --model <file>", "write the detector here, as JSON");
  endDiscovery(
    command,
    { train: "train on", seed: "of the drawings, the crops and the intervals", page: "chart and pictures" },
    interruptible(exit, async () => (await import("./discover-text-command.js")).discoverTextCommand),
  );
}
