import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { performance } from "node:perf_hooks";
import { loadImage } from "../../images/files/load-image.js";
import { CamlabError } from "../../support/errors.js";
import type { OnProgress } from "../../support/progress.js";
import type { AnnotatedPicture, PictureObject, PictureSet } from "../../images/picture.js";
import type { Split } from "../sets/split.js";
import { outlinedObject } from "./picture-objects.js";
import { filesBelow } from "../files/files-below.js";
import { type Region, regionsOf } from "../../images/masks/masks.js";
import { maskOfPolygons } from "../../images/masks/polygon-mask.js";
import { readJson, requiredList } from "../files/text-lines.js";

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
 * @returns the training part as "train", the validation part as "test"; no split for files outside these folders
 * @throws CamlabError when no such pair is found, or a description is not of that layout
 * @example
 * const { pictures } = await readAde20k("ADE20K_2021_17_01", { scenes: ["kitchen", "bathroom"], perScene: 200 });
 * const found = await discoverScenes(network, pictures);
 */
export async function readAde20k(folder: string, options: Ade20kOptions = {}): Promise<PictureSet<AnnotatedPicture>> {
  const { scenes, perScene = Infinity, onProgress, signal } = options;
  const started = performance.now();
  const files = (await filesBelow(folder)).filter((file) => file.endsWith(".json") && existsSync(segmentationOf(file)));
  if (files.length === 0)
    throw new CamlabError(`${folder} holds no description NAME.json with a segmentation NAME_seg.png beside it`);
  const pictures: AnnotatedPicture[] = [];
  const counts = new Map<string, number>();
  for (const [i, file] of files.entries()) {
    signal?.throwIfAborted();
    const { annotation } = (await readJson(file)) as { annotation?: RawAnnotation };
    if (!annotation) throw new CamlabError(`${file} has no "annotation": is it of the layout of 2021?`);
    const [label, split] = [sceneOf(annotation, file), splitOf(annotation, file)];
    const key = JSON.stringify([label, split]);
    const count = counts.get(key) ?? 0;
    if ((scenes?.includes(label) ?? true) && count < perScene) {
      pictures.push(await imageOf(file, annotation, label, split, options));
      counts.set(key, count + 1);
    }
    onProgress?.({
      label: "reading ADE20K",
      done: i + 1,
      total: files.length,
      elapsed: performance.now() - started,
    });
  }
  if (pictures.length === 0) {
    throw new CamlabError(`${folder} has no image of the scenes ${JSON.stringify(scenes)}`);
  }
  return { classes: [...new Set(pictures.map(({ label }) => label!))].sort(), pictures };
}

async function imageOf(
  file: string,
  annotation: RawAnnotation,
  label: string,
  split: Split | undefined,
  { masks = true, parts = false }: Ade20kOptions,
): Promise<AnnotatedPicture> {
  const raw = requiredList(annotation.object, "object", file).map((object) => rawObject(object, file));
  const whole = raw.filter(({ level }) => level === 0);
  const [height, width] = annotation.imsize ?? [NaN, NaN];
  if (!(width > 0 && height > 0)) throw new CamlabError(`${file} has no size "imsize": [rows, columns, …]`);
  const objects: PictureObject[] = masks
    ? await withMasks(whole, segmentationOf(file), width, height)
    : whole.map(outlined);
  if (parts) objects.push(...raw.filter(({ level }) => level > 0).map(outlined));
  const image = join(dirname(file), basename(annotation.filename ?? `${stemOf(file)}.jpg`));
  return { file: image, id: stemOf(file), label, ...(split && { split }), width, height, objects };
}

/** Gives each object the region of its class that overlaps its outline best; the best pairs choose first. */
async function withMasks(
  objects: readonly RawOutline[],
  segmentation: string,
  width: number,
  height: number,
): Promise<PictureObject[]> {
  const { data, ...size } = await loadImage(segmentation);
  if (size.width !== width || size.height !== height) {
    throw new CamlabError(`${segmentation} is ${size.width} × ${size.height}, its image ${width} × ${height}`);
  }
  const { numbers, classOf } = regionNumbers(data);
  const regions = regionsOf(numbers, width, height);
  const pairs = objects.flatMap((object, i) => {
    const { area, shared } = underOutline(object, numbers, width, height, regions.size);
    return [...regions].flatMap(([number, region]) => {
      if (shared[number] === 0 || classOf.get(number) !== object.classNumber) return [];
      return [{ i, number, region, iou: shared[number] / (area + region.area - shared[number]) }];
    });
  });
  const chosen = new Map<number, Region>();
  const taken = new Set<number>();
  for (const { i, number, region } of pairs.sort((a, b) => b.iou - a.iou)) {
    if (chosen.has(i) || taken.has(number)) continue;
    chosen.set(i, region);
    taken.add(number);
  }
  return objects.map((object, i) => {
    const region = chosen.get(i);
    return region ? { name: object.name, box: region.box, mask: region.mask } : outlined(object);
  });
}

/** How many pixels of each number an object's outline encloses, and how many in all. */
function underOutline(
  { corners }: RawOutline,
  numbers: Uint16Array,
  width: number,
  height: number,
  count: number,
): { area: number; shared: Uint32Array } {
  const shared = new Uint32Array(count + 1);
  let [area, position] = [0, 0];
  maskOfPolygons([corners.flat()], width, height).counts.forEach((length, run) => {
    const x = Math.floor(position / height);
    const y = position - x * height;
    // A run may go on from the foot of one column to the head of the next.
    for (let i = 0; run % 2 && i < length; i++) {
      const down = (y + i) % height;
      shared[numbers[down * width + x + (y + i - down) / height]]++;
    }
    if (run % 2) area += length;
    position += length;
  });
  return { area, shared };
}

/** A number from 1 for each pair of class and instance that occurs; 0 where there is no class. */
function regionNumbers(data: Uint8Array): { numbers: Uint16Array; classOf: Map<number, number> } {
  const numbers = new Uint16Array(data.length / 3);
  const numberOf = new Map<number, number>();
  const classOf = new Map<number, number>();
  let [key, number] = [0, 0];
  for (let p = 0; p < numbers.length; p++) {
    const classNumber = Math.floor(data[3 * p] / 10) * 256 + data[3 * p + 1];
    const here = classNumber === 0 ? 0 : classNumber * 256 + data[3 * p + 2];
    if (here !== key) {
      key = here;
      number = here === 0 ? 0 : (numberOf.get(here) ?? numberOf.size + 1);
      if (here !== 0) numberOf.set(here, number);
      if (here !== 0) classOf.set(number, classNumber);
    }
    numbers[p] = number;
  }
  return { numbers, classOf };
}

function outlined({ name, corners }: RawOutline): PictureObject {
  return outlinedObject(name, corners);
}

function rawObject(object: RawObject, file: string): RawOutline {
  const { name, name_ndx: classNumber, polygon, parts } = object;
  const { x, y } = polygon ?? {};
  // A single corner is written as a bare number.
  const [xs, ys] = [[x ?? []].flat(), [y ?? []].flat()];
  if (typeof name !== "string" || typeof classNumber !== "number" || xs.length === 0 || xs.length !== ys.length) {
    throw new CamlabError(`${file}: the object ${object.id} needs a name, a class number name_ndx and a polygon`);
  }
  return {
    name: name.split(",")[0].trim(),
    classNumber,
    corners: xs.map((each, i) => [each, ys[i]] as const),
    level: Number(parts?.part_level ?? 0),
  };
}

function sceneOf({ scene, folder }: RawAnnotation, file: string): string {
  const words = [scene ?? []].flat().flatMap((word) => String(word).split("/"));
  const last = [...words, ...(words.length ? [] : (folder ?? "").split("/"))].filter(Boolean).pop();
  if (last === undefined) throw new CamlabError(`${file} names no scene`);
  return last.replaceAll("_", " ");
}

function splitOf({ folder = "" }: RawAnnotation, file: string): Split | undefined {
  const folders = `${folder}/${dirname(file)}`.split(/[\\/]/);
  if (folders.includes("training")) return "train";
  return folders.includes("validation") ? "test" : undefined;
}

function segmentationOf(description: string): string {
  return description.replace(/\.json$/, "_seg.png");
}

function stemOf(file: string): string {
  return basename(file, ".json");
}

interface RawOutline {
  readonly name: string;
  readonly classNumber: number;
  readonly corners: readonly (readonly [x: number, y: number])[];
  readonly level: number;
}

interface RawAnnotation {
  readonly filename?: string;
  readonly folder?: string;
  /** Rows, columns, channels. */
  readonly imsize?: readonly number[];
  readonly scene?: string | readonly string[];
  readonly object?: readonly RawObject[];
}

interface RawObject {
  readonly id: number;
  readonly name?: string;
  readonly name_ndx?: number;
  readonly polygon?: { readonly x?: number | readonly number[]; readonly y?: number | readonly number[] };
  readonly parts?: { readonly part_level?: number | string };
}
