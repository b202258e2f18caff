import type { Command } from "commander";
import type { Exit } from "../../exit.js";
import { numberWhere, positiveInteger, probes, share } from "../../option-parsers.js";
import { interruptible } from "../../interruptible.js";
import { addDataSets } from "./data-set-flags.js";
import { addListOptions, endDiscovery } from "./discovery-options.js";

const positiveShare = numberWhere((value) => value > 0 && value <= 1, "0 < share ≤ 1");

/** Adds `camlab discover scenes`. */
export function addDiscoverScenes(discover: Command, exit: Exit): void {
  const command = discover
    .command("scenes")
    .description(
      "what makes a scene: annotated objects under the maps of scene SVMs; drawn scenes unless told otherwise",
    );
  addDataSets(command, "ade20k", "labelme", "coco", "yolo", "images")
    .option(
      "--probe <name=objects...>",
      "scenes of --coco or --yolo: images with one of these objects: kitchen=oven,sink street=car,bus",
      probes,
      {},
    )
    .option("--scene <names...>", "only these scenes")
    .option("--per-scene <count>", "of --ade20k, at most so many images of each scene and split", positiveInteger)
    .option("--hot <share>", "of its map's maximum above which a place is hot; by the network's card, else 0.2", share)
    .option("--overlap <share>", "a figure names an object when this share of it is hot", positiveShare)
    .option("--folds <count>", "of the cross-validation, for images without splits", positiveInteger);
  addListOptions(command, "photos that a scene must have, and that an object must be in", "objects", 6);
  endDiscovery(
    command,
    { train: "train on", test: "look at", seed: "of the drawings, the folds and the SVMs", page: "lists and photos" },
    interruptible(exit, async () => (await import("./discover-scenes-command.js")).discoverScenesCommand),
  );
}
