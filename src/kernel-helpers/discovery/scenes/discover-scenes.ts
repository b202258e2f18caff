import { cam } from "../../cam/cam.js";
import { labelsOf, type AnnotatedPicture, listOf, nameOf, type Pictures } from "../../images/picture.js";
import { isSkipped, lookAtAll } from "../../networks/look-at-all.js";
import type { Network } from "../../networks/network.js";
import { EXTRACT_OPTIONS } from "../../features/extract-features.js";
import { openForTask } from "../../networks/tasks/open-for-task.js";
import type { Seen } from "../../networks/seen.js";
import { inView } from "../../networks/views/in-view.js";
import { check, namesWithout, optionNames } from "../../support/check.js";
import { CamlabError, invalid, messageOf } from "../../support/errors.js";
import type { LinearSvm } from "../../svm/linear-svm.js";
import { averagePrecision } from "../../svm/metrics/average-precision.js";
import { madeWith } from "../discovery.js";
import { USUAL_VIEWS } from "../usual-views.js";
import { hotRegion, overlapOf } from "./hot-region.js";
import { leadOf, type SceneMap } from "./lead-of.js";
import { checkListOptions, listObjects } from "./list-objects.js";
import { plainMap, type SceneDiscovery, type SceneFinding, type ScenePhoto } from "./scene-findings.js";
import type { DiscoverScenesOptions, SceneExtraction } from "./scene-options.js";
import { trainOnScenes } from "./train-on-scenes.js";

const OPTIONS = optionNames<DiscoverScenesOptions, keyof SceneExtraction>(
  { hot: true, overlap: true, minImages: true, rivals: true, scenes: true, folds: true, seed: true, svm: true },
  namesWithout(EXTRACT_OPTIONS, "layer", "pooling", "crops", "cropRows"),
);

/**
 * What makes a scene: trains one-vs-rest SVMs for scene categories on GAP features from image-level labels alone, draws
 * the class activation maps of held-out photos with the SVM's weights, and measures how much of each annotated object
 * lies under them (the paper's pattern discovery, "informative objects in the scenes"), against how often it occurs at
 * all.
 *
 * The measure. A photo's map is that of the scene it is labelled with, stretched bilinearly onto the network's input
 * grid; its hot region is where it exceeds the share `hot` of its maximum and, with `rivals`, where the place speaks more
 * for this scene than for any other (map + bias). Of each annotated object, the share of its
 * pixels that is hot is counted (mask, else polygons, else box; those that the network saw; all objects of one name taken
 * together). An object's frequency is the share of the scene's held-out photos that show it; its informativeness is the
 * mean of its hot share over these photos, 0 where it is absent. `overlap` says from which share on a figure names an
 * object as lying *under the map*; the lists do not depend on it.
 *
 * Images with splits are trained on "train" and looked at on "test" (without any, "val"). Images without splits are
 * cross-validated: every photo is looked at with SVMs that were not trained on it.
 *
 * What suits the network in this task is taken from its card (`tasks.scenes`): the size that photos are shown at, unless
 * `openNetwork` was given one, `hot` and `rivals`; `notes` says so.
 *
 * @param set pictures, each with its scene as `label`, or several, or none, as `labels` (see `labelByObjects`)
 * @returns plain data; `listObjects` makes the lists again with other thresholds, at once
 * @throws CamlabError when there is one scene only, nothing to train on, no scene with enough annotated held-out photos,
 *   or an option is outside its range; the signal's reason when aborted
 * @example
 * const { pictures } = await readers.readAde20k("ADE20K_2021_17_01", { scenes: ["kitchen", "bathroom", "dining_room"] });
 * const found = await discoverScenes(network, pictures);
 * found.findings.scenes[0].informative.slice(0, 6).map(({ name, informativeness }) => `${name} ${informativeness.toFixed(2)}`);
 */
export async function discoverScenes(
  given: Network,
  set: Pictures<AnnotatedPicture>,
  options: DiscoverScenesOptions = {},
): Promise<SceneDiscovery> {
  const usual = given.card.tasks?.scenes;
  check.known(options, OPTIONS, "discoverScenes");
  const {
    hot = usual?.hot ?? 0.2,
    overlap = 0.75,
    minImages = 5,
    rivals = usual?.rivals ?? true,
    seed = 0,
    scenes: wanted,
  } = options;
  const { batchSize, signal, onProgress, maxPixels, maxMemory } = options;
  check.number("hot", hot, { from: 0, below: 1 });
  check.oneOf("rivals", rivals, [true, false]);
  checkListOptions({ overlap, minImages });
  const images = listOf(set);
  checkWanted(wanted, scenesOf(images));
  using own = await openForTask(given, "scenes");
  const network = await inView(own.network, options.view, USUAL_VIEWS.scenes);
  const {
    heldOut,
    classes,
    train,
    folds,
    skipped,
    notes: assumed,
    svm: model,
  } = await trainOnScenes(network, images, options);
  checkWanted(wanted, classes);
  const gathered = new Map<string, Gathered>(
    classes.filter((name) => wanted?.includes(name) ?? true).map((name) => [name, new Gathered()]),
  );
  const svmOf = new Map(heldOut.map(({ image, svm }) => [image, svm]));
  const photos = lookAtAll(
    network,
    heldOut.map(({ image }) => image),
    { top: 1, batchSize, signal, onProgress, maxPixels, maxMemory },
  );
  for await (const seen of photos) {
    const { picture: image } = seen;
    const svm = svmOf.get(image)!;
    try {
      if (isSkipped(seen)) throw new CamlabError(seen.error);
      checkSize(seen, image);
      const maps = sceneMaps(seen, svm);
      for (const [scene, found] of gathered) found.add(scene, seen, image, maps, { hot, rivals });
    } catch (error) {
      skipped.push({ picture: image, error: messageOf(error) });
    }
  }
  const notes: string[] = [];
  const listed = [...gathered].flatMap(([scene, found]) => found.findings(scene, { overlap, minImages }, notes));
  if (listed.length === 0) {
    const [first] = skipped;
    if (first) notes.push(`${skipped.length} photos were skipped, first ${nameOf(first.picture)}: ${first.error}`);
    throw new CamlabError(`no scene can be listed: ${notes.join("; ")}; give more images, or a lower minImages`);
  }
  const findings = {
    settings: { hot, overlap, minImages, rivals, seed, ...(folds !== undefined && { folds }) },
    scenes: listed,
    train,
    heldOut: heldOut.length,
  };
  const told = [...assumed, ...own.notes];
  if (options.hot === undefined && usual?.hot !== undefined)
    told.push(`a place is hot above ${hot} of its map's maximum, as the card of ${network.name} says of this task`);
  if (options.rivals === undefined && usual?.rivals !== undefined)
    told.push(
      `scenes ${rivals ? "contend" : "do not contend"} for places, as the card of ${network.name} says of this task`,
    );
  return { ...madeWith(network), model, findings, skipped, notes: [...told, ...notes] };
}

function scenesOf(images: readonly AnnotatedPicture[]): string[] {
  return [...new Set(images.flatMap(labelsOf))].sort();
}

/** What nobody has a photo of is better known before hours of features than after. */
function checkWanted(wanted: readonly string[] | undefined, scenes: readonly string[]): void {
  if (wanted === undefined || scenes.length === 0) return;
  const unknown = wanted.find((name) => !scenes.includes(name));
  if (unknown !== undefined || wanted.length === 0)
    throw invalid("scenes", unknown ?? wanted, `scenes of the images: ${scenes.join(", ")}`);
}

/** What is gathered of a scene, photo by photo. */
class Gathered {
  readonly #values: number[] = [];
  readonly #relevant: boolean[] = [];
  readonly #photos: ScenePhoto[] = [];
  #unannotated = 0;

  add(scene: string, seen: Seen, image: AnnotatedPicture, maps: readonly ScoredMap[], rule: HotRule): void {
    const isOf = labelsOf(image).includes(scene);
    const { score } = maps.find((each) => each.scene === scene)!;
    if (isOf && image.objects.length > 0) this.#photos.push(photoOf(scene, seen, image, maps, rule));
    if (isOf && image.objects.length === 0) this.#unannotated++;
    this.#values.push(score);
    this.#relevant.push(isOf);
  }

  /** One scene's findings; none, and a note, when it has too few photos. */
  findings(scene: string, options: { overlap: number; minImages: number }, notes: string[]): SceneFinding[] {
    const name = JSON.stringify(scene);
    const photos = this.#photos.sort((a, b) => b.decisionValue - a.decisionValue);
    const without = this.#unannotated ? ` and ${this.#unannotated} without annotated objects` : "";
    if (photos.length < options.minImages) {
      const count = `${photos.length} held-out ${photos.length === 1 ? "photo" : "photos"} with annotated objects`;
      notes.push(`left out the scene ${name}: it has ${count}${without}, fewer than minImages = ${options.minImages}`);
      return [];
    }
    if (without) notes.push(`${name}: ${photos.length} held-out photos with annotated objects${without}`);
    const cold = photos.filter(({ hotShare }) => hotShare === 0).length;
    if (cold)
      notes.push(
        `${name}: ${cold} of ${photos.length} maps have no place that speaks for it, so nothing lies under them`,
      );
    const ap = averagePrecision(this.#values, this.#relevant);
    return [{ scene, averagePrecision: ap, ...listObjects(photos, options), photos }];
  }
}

/** What makes a place of a map hot. */
interface HotRule {
  readonly hot: number;
  readonly rivals: boolean;
}

/** A scene's map on a photo, and what its SVM makes of the photo. */
interface ScoredMap extends SceneMap {
  readonly score: number;
}

function sceneMaps(seen: Seen, svm: LinearSvm<string>): ScoredMap[] {
  return svm.classes.map((scene) => {
    const weights = svm.weightsOf(scene, seen.features);
    const bias = svm.biasOf(scene);
    const score = weights.reduce((sum, w, k) => sum + w * seen.features[k], bias);
    return { scene, map: cam(seen, weights), bias, score };
  });
}

function photoOf(
  scene: string,
  seen: Seen,
  image: AnnotatedPicture,
  maps: readonly ScoredMap[],
  { hot, rivals }: HotRule,
): ScenePhoto {
  const { map, score: decisionValue } = maps.find((each) => each.scene === scene)!;
  const region = hotRegion(map, hot, rivals ? leadOf(scene, maps) : undefined);
  const objects = image.objects.map((object) => ({ ...overlapOf(object, region), name: object.name, box: object.box }));
  return {
    file: image.file,
    id: image.id,
    width: seen.photo.width,
    height: seen.photo.height,
    decisionValue,
    map: plainMap(map, seen.placement),
    hotShare: region.share,
    objects: objects.filter(({ seen }) => seen > 0),
  };
}

function checkSize({ photo }: Seen, { width, height }: AnnotatedPicture): void {
  if (width === photo.width && height === photo.height) return;
  throw new CamlabError(
    `its objects are annotated on ${width} × ${height} pixels, but it has ${photo.width} × ${photo.height}`,
  );
}
