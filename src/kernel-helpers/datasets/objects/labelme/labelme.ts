import { existsSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { readImageInfo } from "../../../images/files/read-image-info.js";
import type { AnnotatedPicture, PictureSet } from "../../../images/picture.js";
import { check } from "../../../support/check.js";
import { CamlabError } from "../../../support/errors.js";
import { cutApart, uncutNote } from "../../files/alike-names.js";
import { filesBelow } from "../../files/files-below.js";
import { notOfLayout } from "../../files/layouts.js";
import { checkPath } from "../../files/read-text.js";
import { Reading, type Tally } from "../../files/reading.js";
import { numberOf } from "../../files/values.js";
import { childrenOf, readXml, textOf, type XmlElement } from "../../files/xml.js";
import type { LabelMeOptions } from "./labelme-options.js";
import { readLabelMeTool } from "./labelme-tool.js";
import { withinPicture } from "../picture-objects.js";
import { labelMeObject } from "./labelme-object.js";
import { tellProgress } from "../../../support/progress.js";

/**
 * Reads LabelMe annotations as SUN has them: for each image `Images/k/kitchen/sun_abc.jpg` a file
 * `Annotations/k/kitchen/sun_abc.xml` with a polygon for each object, or a box and a mask (`Masks/k/kitchen/….png`). In a
 * folder without such files, those of the labelme tool are read: `NAME.json` beside each image.
 *
 * The label is the folder, without SUN's leading letter: "kitchen"; of deeper folders all names: "apse indoor"; folders
 * that would have the same label keep their names. What annotators add to objects' names ("chair occluded", "wall crop")
 * is cut off, and these are in lower case. The labelme tool's pictures have `labels`, the names of what is in them,
 * instead.
 *
 * @param folder the folder of the annotations
 * @returns without splits: `discoverScenes` cross-validates, or see `splitPerClass`. Annotations that are no XML or
 * whose image is missing, and objects that are deleted or have no outline, are left out, and named in the notes
 * @throws CamlabError when no annotation is found that has its image
 * @example
 * const { pictures } = await readers.readLabelMe("SUN2012/Annotations", { scenes: ["kitchen", "bathroom"] });
 */
export async function readLabelMe(folder: string, options: LabelMeOptions = {}): Promise<PictureSet<AnnotatedPicture>> {
  checkPath("folder", folder);
  const { scenes, onProgress, signal } = check.known(
    options,
    ["images", "masks", "scenes", "onProgress", "signal"],
    "readLabelMe",
  );
  const reading = new Reading();
  const all = await filesBelow(folder, reading);
  const files = all.filter((file) => /\.xml$/i.test(file));
  const others = all.filter((file) => /\.json$/i.test(file));
  if (files.length === 0 && others.length > 0) {
    const found = await readLabelMeTool(folder, others, options, reading);
    if (found) return found;
  }
  const tell = tellProgress(onProgress, "reading LabelMe", files.length);
  const labels = sceneNames(folder, files, reading);
  const annotations = reading.count("annotations", folder);
  const objects = reading.count("objects", folder);
  const masks = reading.countExtras("masks", folder);
  const pictures: AnnotatedPicture[] = [];
  for (const [i, file] of files.entries()) {
    signal?.throwIfAborted();
    const label = labels.get(folderBelow(folder, file))!;
    if (scenes?.includes(label) ?? true) {
      const name = relative(folder, file).split(sep).join("/");
      const image = await annotations.attemptAsync(name, () =>
        imageOf({ file, name, folder, label, options, objects, masks, reading }),
      );
      if (image) pictures.push(image);
    }
    tell(i + 1);
  }
  if (pictures.length === 0) {
    const wanted = scenes ? ` of the scenes ${JSON.stringify(scenes)}` : "";
    const why = annotations.note() ?? 'say where with { images: "…" }';
    throw await notOfLayout(
      folder,
      "readLabelMe",
      `holds no annotations NAME.xml${wanted} whose images can be found: ${why}`,
    );
  }
  return reading.set(pictures.map(({ label }) => label!).sort(), pictures, folder);
}

interface Source {
  readonly file: string;
  readonly name: string;
  readonly folder: string;
  readonly label: string;
  readonly options: LabelMeOptions;
  readonly objects: Tally;
  readonly masks: Tally;
  readonly reading: Reading;
}

async function imageOf(source: Source): Promise<AnnotatedPicture> {
  const { file, name, folder, label, options, objects, masks, reading } = source;
  const root = await readXml(file, reading);
  const elements = childrenOf(root, "object");
  if (elements.some((element) => childrenOf(element, "bndbox").length > 0)) {
    throw new CamlabError("it looks like Pascal VOC's annotations, which readVoc reads");
  }
  if (root.name !== "annotation") throw new CamlabError(`its root is <${root.name}>, not <annotation>`);
  const below = relative(folder, dirname(file));
  const told = (textOf(root, "filename") ?? "").replace(/^.*[\\/]/, "");
  const image = told || basename(file).replace(/\.xml$/i, ".jpg");
  const roots = options.images === undefined ? [join(folder, "..", "Images"), folder] : [options.images];
  const path = roots.map((place) => join(place, below, image)).find((candidate) => existsSync(candidate));
  if (path === undefined) throw new CamlabError(`its image ${image} is not there: say where with { images }`);
  const size = await sizeOf(root, path);
  const masksFolder = join(options.masks ?? join(folder, "..", "Masks"), below);
  const found = [];
  for (const [i, element] of elements.entries()) {
    const place = `${name}, object ${i + 1}`;
    const tell = (problem: string) => masks.leaveOut(place, problem);
    const object = await objects.attemptAsync(place, async () =>
      withinPicture(await labelMeObject(element, size, masksFolder, tell), size),
    );
    if (object?.mask) masks.keep();
    if (object) found.push(object);
  }
  const id = [...below.split(sep), image.replace(/\.[^.]+$/, "")].filter(Boolean).join("/");
  return { file: path, id, label, ...size, objects: found };
}

/** LabelMe writes the size on which polygons were drawn; where it is missing, it is that of the image. */
async function sizeOf(root: XmlElement, path: string): Promise<{ width: number; height: number }> {
  const [size] = childrenOf(root, "imagesize");
  const width = numberOf((size && textOf(size, "ncols")) ?? "");
  const height = numberOf((size && textOf(size, "nrows")) ?? "");
  if (width !== undefined && height !== undefined && width > 0 && height > 0) return { width, height };
  const info = await readImageInfo(path);
  return { width: info.width, height: info.height };
}

function folderBelow(folder: string, file: string): string {
  return relative(folder, dirname(file));
}

/** The labels of the folders; those that would be equal, as of "living_room" and "living room", stay as they are. */
function sceneNames(folder: string, files: readonly string[], reading: Reading): ReadonlyMap<string, string> {
  const { names, uncut } = cutApart(
    files.map((file) => folderBelow(folder, file)),
    (below) => sceneOf(below, folder),
  );
  for (const group of uncut) reading.say(uncutNote(group));
  return names;
}

function sceneOf(below: string, folder: string): string {
  const parts = below.split(sep).filter(Boolean);
  const words = parts.length > 1 && parts[0].length === 1 ? parts.slice(1) : parts;
  return (words.length ? words.join(" ") : basename(resolve(folder))).replaceAll("_", " ");
}
