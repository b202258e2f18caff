import type { Command } from "commander";
import type { Exit } from "../../exit.js";
import { DRAWN_LETTERS_SIZE } from "./drawn-letters.js";
import { positiveInteger, positiveNumber, share, wholeNumber } from "../../option-parsers.js";
import { SIZE_HELP } from "../../network-flags.js";
import { interruptible } from "../../interruptible.js";
import { addDiscoveryOptions } from "./discovery-options.js";

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
    .option("--train <count>", "drawn pictures to train on", positiveInteger, 600)
    .option("--test <count>", "drawn pictures to judge by", positiveInteger, 200)
    .option("--seed <number>", "of the drawings, the crops and the intervals", wholeNumber, 0)
    .option("--cost <C>", "the SVM's cost of an error; by the number of channels unless given", positiveNumber)
    .option("--threshold <share>", "share of the map's maximum that a box must exceed", share, 0.2)
    .option(
      "--zoom <times>",
      "maps are joined from so many parts of a picture across and down; 1: one look; chosen by training pictures unless given",
      positiveInteger,
    )
    .option("-m, --model <file>", "write the detector here, as JSON");
  addDiscoveryOptions(command, "chart and pictures", {
    size: `${SIZE_HELP}; drawn streets: ${DRAWN_LETTERS_SIZE} for the embedded one`,
  }).action(interruptible(exit, async () => (await import("./discover-text-command.js")).discoverTextCommand));
}
