import { readAde20k } from "../../../kernel-helpers/datasets/objects/ade20k/ade20k.js";
import type { AnnotatedPicture } from "../../../kernel-helpers/images/picture.js";
import { labelByObjects } from "../../../kernel-helpers/datasets/sets/label-by-objects.js";
import { readCoco } from "../../../kernel-helpers/datasets/objects/coco/coco.js";
import { readLabelMe } from "../../../kernel-helpers/datasets/objects/labelme/labelme.js";
import { FREQUENT_OBJECTS, INFORMATIVE_OBJECTS } from "../../../world/parts/scenes.js";
import { drawWorld } from "../../../world/draw-world.js";
import { readYolo } from "../../../kernel-helpers/datasets/objects/yolo/yolo.js";
import { discoverScenes } from "../../../kernel-helpers/discovery/scenes/discover-scenes.js";
import {
  judgeObjectLists,
  type ListJudgement,
  type ListScore,
  type ObjectInventory,
} from "../../../kernel-helpers/discovery/scenes/judge-lists.js";
import type { SceneDiscovery } from "../../../kernel-helpers/discovery/scenes/scene-findings.js";
import { CamlabError } from "../../../kernel-helpers/support/errors.js";
import { printable } from "../../../kernel-helpers/support/escape.js";
import type { BootstrapInterval } from "../../../kernel-helpers/svm/metrics/bootstrap-interval.js";
import { shortPercentText, shortShare } from "../../../widgets/kit/text/numbers.js";
import { objectLists } from "../../../widgets/scenes/object-lists.js";
import { sceneFigure } from "../../../widgets/scenes/scene-figure.js";
import { UsageError } from "../../usage-error.js";
import { skippedJson } from "../../skipped.js";
import { giveOne } from "../../give-one.js";
import { type DiscoveryFlags, runDiscovery, type Watch } from "./run-discovery.js";

/** Flags of `camlab discover scenes`, as parsed. */
export interface DiscoverScenesFlags extends DiscoveryFlags {
  readonly ade20k?: string;
  readonly labelme?: string;
  readonly coco?: string;
  readonly yolo?: string;
  readonly images?: string;
  readonly probe: Readonly<Record<string, readonly string[]>>;
  readonly scene?: readonly string[];
  readonly perScene?: number;
  readonly train?: number;
  readonly hot?: number;
  readonly overlap?: number;
  readonly minImages?: number;
  readonly folds?: number;
  readonly top: number;
}

/**
 * `camlab discover scenes`: which annotated objects lie under the maps of scene SVMs, against how often they occur.
 *
 * @returns 0
 */
export async function discoverScenesCommand(flags: DiscoverScenesFlags, signal: AbortSignal): Promise<number> {
  const { hot, overlap, minImages, folds, seed, top } = flags;
  checkSources(flags);
  const scenes = flags.ade20k === undefined && flags.labelme === undefined ? flags.scene : undefined;
  return runDiscovery(flags, signal, {
    read: (watch) => picturesOf(flags, watch),
    discover: async (network, { pictures, inventory }, watch) => {
      const options = { hot, overlap, minImages, folds, seed, scenes };
      const found = await discoverScenes(network, pictures, { ...options, ...watch });
      return { ...found, judged: inventory && judgementOf(found, inventory) };
    },
    document: (found, { name }) => ({
      data: name,
      ...documentOf(found),
      ...(found.judged && { judged: found.judged }),
    }),
    lines: (found, { name }) => [...linesOf(name, found, top), ...(found.judged ? judgedLines(found.judged) : [])],
    page: (found, { name, inventory }) => pageOf(name, found, inventory),
  });
}

interface Source {
  readonly name: string;
  readonly pictures: readonly AnnotatedPicture[];
  readonly notes?: readonly string[];
  /** What is known about the objects beforehand. */
  readonly inventory?: ObjectInventory;
}

function checkSources({ ade20k, labelme, coco, yolo, images, probe }: DiscoverScenesFlags): void {
  giveOne({ ade20k, labelme, coco, yolo });
  const objectsOnly = coco !== undefined || yolo !== undefined;
  const probes = Object.keys(probe).length;
  if (objectsOnly && probes === 0)
    throw new UsageError(
      "these images have objects but no scenes: say what to look for, as in --probe kitchen=oven,sink",
    );
  if (!objectsOnly && probes > 0) throw new UsageError("--probe belongs to --coco or --yolo");
  if (images !== undefined && coco === undefined && labelme === undefined)
    throw new UsageError("--images belongs to --coco or --labelme");
}

async function picturesOf(flags: DiscoverScenesFlags, watch: Watch): Promise<Source> {
  const { ade20k, labelme, coco, yolo, scene: scenes, perScene, probe, seed, train, test } = flags;
  if (ade20k !== undefined) return { name: ade20k, ...(await readAde20k(ade20k, { scenes, perScene, ...watch })) };
  if (labelme !== undefined) {
    return { name: labelme, ...(await readLabelMe(labelme, { scenes, images: flags.images, ...watch })) };
  }
  if (coco === undefined && yolo === undefined) {
    const world = await drawWorld("scenes", { seed, train, test, ...watch });
    const inventory = { own: INFORMATIVE_OBJECTS, common: FREQUENT_OBJECTS };
    return { name: "drawn world: scenes", pictures: world.pictures, inventory };
  }
  const read = yolo !== undefined ? await readYolo(yolo) : await readCoco(coco!, { images: flags.images });
  const labelled = labelByObjects(read, probe);
  checkProbes(probe, labelled.pictures);
  return { ...labelled, name: yolo ?? coco!, inventory: { own: probe } };
}

/** A probe that no photo answers is most often a mistyped name. */
function checkProbes(probe: Readonly<Record<string, readonly string[]>>, images: readonly AnnotatedPicture[]): void {
  const [name] = Object.keys(probe).filter((one) => !images.some(({ labels }) => labels?.includes(one)));
  if (name === undefined || images.length === 0) return;
  const known = [...new Set(images.flatMap(({ objects }) => objects.map((object) => object.name)))].sort();
  throw new CamlabError(
    `no photo shows what the probe ${name} asks for, ${probe[name].join(" or ")}: they show ${known.join(", ")}`,
  );
}

/** Nothing when the lists hold no objects of both kinds. */
function judgementOf(found: SceneDiscovery, inventory: ObjectInventory) {
  try {
    return judgeObjectLists(found, inventory);
  } catch (error) {
    if (error instanceof CamlabError) return undefined;
    throw error;
  }
}

function pageOf(name: string, found: SceneDiscovery, inventory: ObjectInventory | undefined) {
  const { scenes, settings } = found.findings;
  const { hot, overlap, rivals } = settings;
  const sections = [
    {
      text:
        `One-vs-rest SVMs on GAP features of ${found.network}, from image-level labels of ${name}. How much of an object ` +
        `lies under the map: the share of it above ${shortPercentText(hot)} of the map's maximum${rivals ? " that speaks more for this scene than for any other" : ""}, the mean over the scene's photos. ` +
        `Boxes name objects of which ${shortPercentText(overlap)} or more does.`,
    },
    objectLists(found, { inventory }),
    ...scenes.map(({ scene }) => sceneFigure(found, scene)),
  ];
  return { title: "What makes a scene", sections };
}

/** Everything that the figures show. */
function documentOf({ network, findings, skipped, notes }: SceneDiscovery) {
  return { network, ...findings, skipped: skippedJson(skipped), notes };
}

function linesOf(name: string, found: SceneDiscovery, top: number): string[] {
  const { train, heldOut, settings, scenes } = found.findings;
  const lines = [
    `${printable(name)}, ${printable(found.network)}`,
    `trained on ${train} photos, looked at ${heldOut}` +
      (settings.folds === undefined ? "" : `, ${settings.folds}-fold cross-validation`),
  ];
  for (const { scene, photos, averagePrecision, frequent, informative } of scenes) {
    const written = (objects: typeof frequent, share: (object: (typeof frequent)[number]) => number) =>
      objects.slice(0, top).map((object) => `${printable(object.name)} ${shortShare(share(object))}`);
    lines.push(
      `${printable(scene)}: ${photos.length} photos, average precision ${averagePrecision.toFixed(2)}`,
      `  frequent     ${written(frequent, (object) => object.frequency).join("  ")}`,
      `  informative  ${written(informative, (object) => object.informativeness).join("  ")}`,
    );
  }
  return lines;
}

function judgedLines({ informative, frequent, gain }: ListJudgement): string[] {
  const line = (name: string, { auc, meanReciprocalRank }: ListScore) =>
    `  ${name} AUC ${interval(auc)}, mean reciprocal rank ${interval(meanReciprocalRank)}`;
  return [
    "own objects before common ones:",
    line("informative lists", informative),
    line("frequency lists  ", frequent),
    `  AUC of the former above the latter's by ${interval(gain)}`,
  ];
}

function interval({ value, low, high }: BootstrapInterval): string {
  return `${value.toFixed(2)} (95 % interval ${low.toFixed(2)} to ${high.toFixed(2)})`;
}
