import { existsSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { performance } from "node:perf_hooks";
import { readImageInfo } from "../../images/files/read-image-info.js";
import { CamlabError } from "../../support/errors.js";
import type { OnProgress } from "../../support/progress.js";
import type { AnnotatedPicture, PictureObject, PictureSet } from "../../images/picture.js";
import { outlinedObject } from "./picture-objects.js";
import { filesBelow } from "../files/files-below.js";
import { childrenOf, readXml, textOf, type XmlElement } from "../files/xml.js";

/** What is read of LabelMe annotations. */
export interface LabelMeOptions {
  /** The folder of the images; `Images` beside the annotations' folder, where there is one, unless given. */
  readonly images?: string;
  /** Only these scenes, by the name that `label` has. */
  readonly scenes?: readonly string[];
  /** Called after each file of annotations. */
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/**
 * Reads LabelMe annotations as SUN has them: for each image `Images/k/kitchen/sun_abc.jpg` a file
 * `Annotations/k/kitchen/sun_abc.xml` with a polygon for each object.
 *
 * The label is the folder, without SUN's leading letter: "kitchen"; of deeper folders all names: "apse indoor". Deleted
 * objects are left out. What annotators add to names ("chair occluded", "wall crop") is cut off, and names are in lower case.
 *
 * @param folder the folder of the annotations
 * @returns without splits: `discoverScenes` cross-validates, or see `splitPerClass`
 * @throws CamlabError when no annotation is found that has its image, or a file is no XML
 * @example
 * const { pictures } = await readLabelMe("SUN2012/Annotations", { scenes: ["kitchen", "bathroom"] });
 */
export async function readLabelMe(folder: string, options: LabelMeOptions = {}): Promise<PictureSet<AnnotatedPicture>> {
  const { scenes, onProgress, signal } = options;
  const started = performance.now();
  const files = (await filesBelow(folder)).filter((file) => file.toLowerCase().endsWith(".xml"));
  const pictures: AnnotatedPicture[] = [];
  for (const [i, file] of files.entries()) {
    signal?.throwIfAborted();
    const label = sceneOf(relative(folder, dirname(file)), folder);
    if (scenes?.includes(label) ?? true) {
      const image = await imageOf(file, folder, label, options.images);
      if (image) pictures.push(image);
    }
    onProgress?.({
      label: "reading LabelMe",
      done: i + 1,
      total: files.length,
      elapsed: performance.now() - started,
    });
  }
  if (pictures.length === 0) {
    const wanted = scenes ? ` of the scenes ${JSON.stringify(scenes)}` : "";
    throw new CamlabError(
      `${folder} holds no annotations NAME.xml${wanted} whose images can be found: say where with { images: "…" }`,
    );
  }
  return { classes: [...new Set(pictures.map(({ label }) => label!))].sort(), pictures };
}

async function imageOf(
  file: string,
  folder: string,
  label: string,
  imagesFolder: string | undefined,
): Promise<AnnotatedPicture | undefined> {
  const root = await readXml(file);
  const below = relative(folder, dirname(file));
  const name = basename(textOf(root, "filename") || basename(file).replace(/\.xml$/i, ".jpg"));
  const roots = imagesFolder === undefined ? [join(folder, "..", "Images"), folder] : [imagesFolder];
  const path = roots.map((root) => join(root, below, name)).find((candidate) => existsSync(candidate));
  if (path === undefined) return undefined;
  const { width, height } = await sizeOf(root, path);
  const objects = childrenOf(root, "object").flatMap((object) => objectOf(object, file));
  const id = [...below.split(sep), name.replace(/\.[^.]+$/, "")].filter(Boolean).join("/");
  return { file: path, id, label, width, height, objects };
}

/** LabelMe writes the size on which polygons were drawn; where it is missing, it is that of the image. */
async function sizeOf(root: XmlElement, path: string): Promise<{ width: number; height: number }> {
  const [size] = childrenOf(root, "imagesize");
  const width = Number((size && textOf(size, "ncols")) || NaN);
  const height = Number((size && textOf(size, "nrows")) || NaN);
  return width > 0 && height > 0 ? { width, height } : readImageInfo(path);
}

function objectOf(object: XmlElement, file: string): PictureObject[] {
  if (textOf(object, "deleted") === "1") return [];
  const name = cleanName(textOf(object, "name") ?? "");
  const points = childrenOf(object, "polygon").flatMap((polygon) => childrenOf(polygon, "pt"));
  const corners = points.map(
    (point) => [Number(textOf(point, "x") || NaN), Number(textOf(point, "y") || NaN)] as const,
  );
  // A name without an outline is a note about the whole image, not a thing in it.
  if (name === "" || corners.length === 0) return [];
  if (!corners.flat().every(Number.isFinite))
    throw new CamlabError(`${file}: the outline of ${name} is not in numbers`);
  return [outlinedObject(name, corners)];
}

function cleanName(name: string): string {
  let clean = name.trim().toLowerCase().replace(/\s+/g, " ");
  while (/ (occluded|occl|crop|cropped|az\d+deg)$/.test(clean)) clean = clean.replace(/ \S+$/, "");
  return clean;
}

function sceneOf(below: string, folder: string): string {
  const parts = below.split(sep).filter(Boolean);
  const words = parts.length > 1 && parts[0].length === 1 ? parts.slice(1) : parts;
  return (words.length ? words.join(" ") : basename(resolve(folder))).replaceAll("_", " ");
}
