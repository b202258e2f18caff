import type { Command } from "commander";
import type { Exit } from "../../exit.js";
import { numberWhere, positiveInteger, probes, share } from "../../option-parsers.js";
import { interruptible } from "../../interruptible.js";
import { endDiscovery } from "./discovery-options.js";

const positiveShare = numberWhere((value) => value > 0 && value <= 1, "0 < share ≤ 1");

/** Adds `camlab discover scenes`. */
export function addDiscoverScenes(discover: Command, exit: Exit): void {
  const command = discover
    .command("scenes")
    .description(
      "what makes a scene: annotated objects under the maps of scene SVMs; drawn scenes unless told otherwise",
    )
    .option("--ade20k <folder>", "photographs in the layout of ADE20K 2021")
    .option("--labelme <folder>", "annotations of LabelMe or SUN; the images in the folder Images beside it")
    .option("--coco <instances.json>", "COCO instances, with --probe")
    .option("--yolo <folder>", "images/, labels/ and classes.json or classes.txt, with --probe")
    .option("--images <folder>", "where the images of --coco or --labelme are")
    .option(
      "--probe <name=objects...>",
      "images with one of these objects: kitchen=oven,sink street=car,bus",
      probes,
      {},
    )
    .option("--scene <names...>", "only these scenes")
    .option("--per-scene <count>", "of --ade20k, at most so many images of each scene and split", positiveInteger)
    .option(
      "--hot <share>",
      "a place is hot above this share of its map's maximum; as the network's card says, else 0.2",
      share,
    )
    .option("--overlap <share>", "a figure names an object when this share of it is hot", positiveShare)
    .option("--min-images <count>", "photos that a scene must have, and that an object must be in", positiveInteger)
    .option("--folds <count>", "of the cross-validation, for images without splits", positiveInteger)
    .option("--top <count>", "objects a list", positiveInteger, 6);
  endDiscovery(
    command,
    { train: "train on", test: "look at", seed: "of the drawings, the folds and the SVMs", page: "lists and photos" },
    interruptible(exit, async () => (await import("./discover-scenes-command.js")).discoverScenesCommand),
  );
}
