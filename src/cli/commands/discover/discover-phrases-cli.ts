import type { Command } from "commander";
import type { Exit } from "../../exit.js";
import { positiveInteger, share, wholeNumber } from "../../option-parsers.js";
import { interruptible } from "../../interruptible.js";
import { endDiscovery } from "./discovery-options.js";

/** Adds `camlab discover phrases`. */
export function addDiscoverPhrases(discover: Command, exit: Exit): void {
  const command = discover
    .command("phrases")
    .description("short phrases of captions: what they look like and where; drawn pictures unless told otherwise")
    .option("--coco <file>", "captions of images to learn from, in COCO's layout")
    .option("--coco-test <file>", "captions of held-out images; a third of the others unless given")
    .option("--csv <file>", "captions as image,caption[,split], one a row")
    .option("--images <folder>", "where the images are; beside the captions unless given")
    .option("--images-test <folder>", "where the images of --coco-test are; as --images unless given")
    .option("-p, --phrase <texts...>", "learn these phrases; the captions' own unless given")
    .option(
      "--min-images <count>",
      "images to learn from that say a phrase, at least; 10 unless given",
      positiveInteger,
    )
    .option("--min-positives <count>", "so many of them must be readable; 5 unless given", positiveInteger)
    .option("--held-out <share>", "of images without splits, the share that is held out; a third unless given", share)
    .option("--limit <count>", "at most so many phrases, the most specific ones; 50 unless given", positiveInteger)
    .option("--rounds <count>", "rounds of hard-negative mining, at most; 10 unless given", wholeNumber)
    .option("--at <count>", "precision among the first so many; as many as say it, up to 20", positiveInteger);
  endDiscovery(
    command,
    { seed: "of the drawings, the split and the negatives to begin with", page: "the charts" },
    interruptible(exit, async () => (await import("./discover-phrases-command.js")).discoverPhrasesCommand),
  );
}
