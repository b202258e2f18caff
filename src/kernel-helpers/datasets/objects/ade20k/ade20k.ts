import { existsSync } from "node:fs";
import { basename, dirname, join, relative, sep } from "node:path";
import { readableName } from "../../../images/files/readable-name.js";
import type { AnnotatedPicture, PictureObject, PictureSet } from "../../../images/picture.js";
import { check } from "../../../support/check.js";
import { CamlabError } from "../../../support/errors.js";
import { type OnProgress, tellProgress } from "../../../support/progress.js";
import { cutApart, uncutNote } from "../../files/alike-names.js";
import { filesBelow } from "../../files/files-below.js";
import { notOfLayout } from "../../files/layouts.js";
import { readJson } from "../../files/read-json.js";
import { checkPath } from "../../files/read-text.js";
import { Reading, type Tally } from "../../files/reading.js";
import { isObject, type JsonObject, numberOf, numbersOf, shown } from "../../files/values.js";
import type { Split } from "../../sets/split.js";
import { type OutlinedClass, outlined, withMasks } from "./ade20k-masks.js";

/** What is read of ADE20K. */
export interface Ade20kOptions {
  /** Only these scenes, by the name that `label` has: "kitchen", "dining room". */
  readonly scenes?: readonly string[];
  /** At most so many images of each scene and split, in the order of their names. */
  readonly perScene?: number;
  /**
   * Read each object's mask from the segmentation image: what of it is visible. True unless given; without, objects
   * have the outlines that were drawn, which go on behind what stands before them, and reading takes a tenth of the time.
   */
  readonly masks?: boolean;
  /** Also parts of objects (a car's wheel), and parts of parts; false unless given. Parts have outlines only. */
  readonly parts?: boolean;
  /** Called after each description. */
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/**
 * Reads ADE20K in the layout of 2021: for each image `NAME.jpg` a description `NAME.json` and a segmentation image
 * `NAME_seg.png`, in any folders below the given one.
 *
 * The label is the last and finest of the image's scene words. Objects are named by the first of their WordNet names
 * ("car, auto, automobile" is "car"). In the segmentation image R and G say the class and B the instance, numbered by
 * depth and not as in the description: an object gets the region of its class that overlaps its outline best, each region
 * once. One that is wholly hidden keeps its outline.
 *
 * Names that would be equal when cut stay whole ("screen, CRT screen" and "screen, silver screen").
 *
 * @returns the training part as "train", the validation part as "test"; no split for files outside these folders.
 * Descriptions that are not of that layout, and objects without an outline, are left out, and named in the notes
 * @throws CamlabError when no such pair is found, or no description can be used
 * @example
 * const { pictures } = await readers.readAde20k("ADE20K_2021_17_01", { scenes: ["kitchen", "bathroom"], perScene: 200 });
 * const found = await discoverScenes(network, pictures);
 */
export async function readAde20k(folder: string, options: Ade20kOptions = {}): Promise<PictureSet<AnnotatedPicture>> {
  checkPath("folder", folder);
  const {
    scenes,
    perScene = Infinity,
    masks = true,
    onProgress,
    signal,
  } = check.known(options, ["scenes", "perScene", "masks", "parts", "onProgress", "signal"], "readAde20k");
  if (perScene !== Infinity) check.count("perScene", perScene);
  const reading = new Reading();
  const files = (await filesBelow(folder, reading)).filter((file) => /\.json$/i.test(file));
  if (!files.some((file) => existsSync(segmentationOf(file)))) {
    const lacks = "holds no description NAME.json with a segmentation NAME_seg.png beside it";
    throw await notOfLayout(folder, "readAde20k", lacks);
  }
  const descriptions = reading.count("descriptions", folder);
  const objects = reading.count("objects", folder);
  const pictures: AnnotatedPicture[] = [];
  const counts = new Map<string, number>();
  const tell = tellProgress(onProgress, "reading ADE20K", files.length);
  for (const [i, file] of files.entries()) {
    signal?.throwIfAborted();
    const name = relative(folder, file).split(sep).join("/");
    const picture = await descriptions.attemptAsync(name, async () => {
      if (masks && !existsSync(segmentationOf(file)))
        throw new CamlabError("there is no segmentation NAME_seg.png beside it");
      const annotation = await annotationIn(file, reading);
      const [label, split] = [sceneOf(annotation), splitOf(annotation, file)];
      const key = JSON.stringify([readable(label), split]);
      const count = counts.get(key) ?? 0;
      if (!(scenes?.includes(readable(label)) ?? true) || count >= perScene) return undefined;
      const found = await pictureOf(file, name, annotation, label, split, options, objects, reading);
      counts.set(key, count + 1);
      return found;
    });
    if (picture) pictures.push(picture);
    tell(i + 1);
  }
  if (pictures.length === 0 && descriptions.kept > 0) {
    throw new CamlabError(`${readableName(folder)} has no image of the scenes ${JSON.stringify(scenes)}`);
  }
  const named = withShortNames(pictures, reading);
  return reading.set(named.map(({ label }) => label!).sort(), named, folder);
}

/** Labels and names as they are read, where that leaves different ones different. */
function withShortNames(pictures: readonly AnnotatedPicture[], reading: Reading): AnnotatedPicture[] {
  const scenes = cutApart(
    pictures.map(({ label }) => label!),
    readable,
  );
  const things = cutApart(
    pictures.flatMap(({ objects }) => objects.map(({ name }) => name)),
    firstName,
  );
  for (const group of [...scenes.uncut, ...things.uncut]) reading.say(uncutNote(group));
  return pictures.map((picture) => ({
    ...picture,
    label: scenes.names.get(picture.label!),
    objects: picture.objects.map((object) => ({ ...object, name: things.names.get(object.name)! })),
  }));
}

function readable(scene: string): string {
  return scene.replaceAll("_", " ");
}

/** Of its names in WordNet. */
function firstName(name: string): string {
  return name.split(",")[0].trim() || name;
}

async function annotationIn(file: string, reading: Reading): Promise<JsonObject> {
  const data = await readJson(file, reading);
  if (!isObject(data) || !isObject(data.annotation))
    throw new CamlabError('it has no "annotation": is it of the layout of 2021?');
  return data.annotation;
}

async function pictureOf(
  file: string,
  name: string,
  annotation: JsonObject,
  label: string,
  split: Split | undefined,
  { masks = true, parts = false }: Ade20kOptions,
  tally: Tally,
  reading: Reading,
): Promise<AnnotatedPicture> {
  if (annotation.object === undefined) tally.leaveOut(name, 'it has no list "object"');
  const list = [annotation.object ?? []].flat();
  const size = numbersOf(annotation.imsize);
  const [height, width] = size ?? [NaN, NaN];
  if (!(width > 0 && height > 0)) throw new CamlabError('it has no size "imsize": [rows, columns, …]');
  const outlines = list.flatMap((object, i): OutlinedClass[] => {
    const id = isObject(object) ? (numberOf(object.id) ?? i) : i;
    const found = tally.attempt(`${name}, object ${id}`, () => outlineOf(object));
    return found ? [found] : [];
  });
  const whole = outlines.filter(({ level }) => level === 0);
  const objects: PictureObject[] = masks
    ? await withMasks(whole, segmentationOf(file), width, height)
    : whole.map(outlined);
  if (parts) objects.push(...outlines.filter(({ level }) => level > 0).map(outlined));
  else if (outlines.length > whole.length)
    reading.sayOf("parts of objects are passed over, unless { parts: true }", name);
  const told = annotation.filename;
  const image = join(dirname(file), basename(typeof told === "string" && told !== "" ? told : `${stemOf(file)}.jpg`));
  return { file: image, id: stemOf(file), label, ...(split && { split }), width, height, objects };
}

function outlineOf(object: unknown): OutlinedClass {
  if (!isObject(object)) throw new CamlabError("it is no object");
  const { name, polygon, parts } = object;
  const classNumber = numberOf(object.name_ndx);
  if (typeof name !== "string" || name.trim() === "" || classNumber === undefined) {
    throw new CamlabError("it needs a name and a class number name_ndx");
  }
  const { x, y } = isObject(polygon) ? polygon : {};
  // A single corner is written as a bare number.
  const [xs, ys] = [numbersOf([x ?? []].flat()), numbersOf([y ?? []].flat())];
  if (!xs || !ys || xs.length === 0 || xs.length !== ys.length)
    throw new CamlabError("its polygon is empty or not in numbers");
  const told = isObject(parts) ? parts.part_level : undefined;
  const level = told === undefined || told === null ? 0 : numberOf(told);
  if (level === undefined || level < 0 || !Number.isInteger(level))
    throw new CamlabError(`its part_level is ${shown(told)}`);
  return { name, classNumber, level, corners: xs.map((each, i) => [each, ys[i]] as const) };
}

function sceneOf({ scene, folder }: JsonObject): string {
  const told = [scene].flat().filter((word) => typeof word === "string");
  const words = told.flatMap((word) => word.split("/"));
  const folders = typeof folder === "string" ? folder.split("/") : [];
  const last = [...words, ...(words.length ? [] : folders)].filter(Boolean).pop();
  if (last === undefined) throw new CamlabError("it names no scene");
  return last;
}

function splitOf({ folder }: JsonObject, file: string): Split | undefined {
  const folders = `${typeof folder === "string" ? folder : ""}/${dirname(file)}`.split(/[\\/]/);
  if (folders.includes("training")) return "train";
  return folders.includes("validation") ? "test" : undefined;
}

function segmentationOf(description: string): string {
  return description.replace(/\.json$/i, "_seg.png");
}

function stemOf(file: string): string {
  return basename(file).replace(/\.json$/i, "");
}
