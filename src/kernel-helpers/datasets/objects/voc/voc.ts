import { existsSync } from "node:fs";
import { basename, dirname, extname, join, relative, sep } from "node:path";
import { readImageInfo } from "../../../images/files/read-image-info.js";
import type { AnnotatedPicture, PictureSet } from "../../../images/picture.js";
import { check } from "../../../support/check.js";
import { CamlabError } from "../../../support/errors.js";
import { IMAGE_ENDINGS, isImageName } from "../../../support/files/image-endings.js";
import { filesBelow } from "../../files/files-below.js";
import { notOfLayout } from "../../files/layouts.js";
import { checkPath, readNumberedLines } from "../../files/read-text.js";
import { Reading, type Tally } from "../../files/reading.js";
import { numberOf } from "../../files/values.js";
import { childrenOf, readXml, textOf, type XmlElement } from "../../files/xml.js";
import type { Split } from "../../sets/split.js";
import { withinPicture } from "../picture-objects.js";
import { type VocCorners, vocObject } from "./voc-object.js";

/** What is read of Pascal VOC. */
export interface VocOptions {
  /** The folder of the images; `JPEGImages` beside `Annotations`, or the annotations' own, unless given. */
  readonly images?: string;
  /**
   * How corners are counted: "voc", from 1 and the last pixel included, or "plain", from 0 to the edges. Unless given,
   * "voc" for files that name a database of the challenge (`<database>The VOC2007 Database</database>`), else "plain".
   */
  readonly corners?: VocCorners;
}

/**
 * Reads Pascal VOC: `Annotations/NAME.xml`, `JPEGImages/NAME.jpg` and `ImageSets/Main/train.txt`, `val.txt` and `test.txt`
 * as distributed, or XML files beside their images as annotation programs write them.
 *
 * @param folder the one that holds `Annotations` (`VOCdevkit/VOC2007`), or any folder of such XML files
 * @returns by the names of the annotations; `labels` of an image are the names of what is in it, and `split` is that of
 * the list that names it. Files that are no XML or whose image is missing, and objects without a name or a box, are left
 * out, and named in the notes
 * @throws CamlabError when no annotation is found that has its image
 * @example
 * const { classes, pictures } = await readers.readVoc("VOCdevkit/VOC2007");
 */
export async function readVoc(folder: string, options: VocOptions = {}): Promise<PictureSet<AnnotatedPicture>> {
  checkPath("folder", folder);
  check.known(options, ["images", "corners"], "readVoc");
  if (options.corners !== undefined) check.oneOf("corners", options.corners, ["voc", "plain"]);
  const reading = new Reading();
  const annotations = existsSync(join(folder, "Annotations")) ? join(folder, "Annotations") : folder;
  const files = (await filesBelow(annotations, reading)).filter((file) => /\.xml$/i.test(file));
  if (files.length === 0) throw await notOfLayout(folder, "readVoc", "holds no annotations NAME.xml");
  const splits = await splitsOf(annotations, reading);
  const tally = reading.count("annotations", folder);
  const objects = reading.count("objects", folder);
  const pictures: AnnotatedPicture[] = [];
  for (const file of files) {
    const name = relative(annotations, file).split(sep).join("/");
    const picture = await tally.attemptAsync(name, () => pictureOf(file, name, annotations, options, objects, reading));
    if (!picture) continue;
    const split = splits.get(picture.id) ?? splits.get(basename(picture.id));
    pictures.push(split ? { ...picture, split } : picture);
  }
  const listed = new Set(pictures.flatMap(({ id }) => [id, basename(id)]));
  for (const [id, split] of splits) if (!listed.has(id)) reading.sayOf(`in ${split}.txt, but without annotations`, id);
  const names = pictures.flatMap((picture) => picture.objects.map(({ name }) => name));
  return reading.set([...new Set(names)].sort(), pictures, folder);
}

async function pictureOf(
  file: string,
  name: string,
  annotations: string,
  options: VocOptions,
  tally: Tally,
  reading: Reading,
): Promise<AnnotatedPicture> {
  const root = await readXml(file, reading);
  const elements = childrenOf(root, "object");
  if (root.name !== "annotation") throw new CamlabError(`its root is <${root.name}>, not <annotation>`);
  if (
    childrenOf(root, "imagesize").length > 0 ||
    elements.some((element) => childrenOf(element, "polygon").length > 0 && childrenOf(element, "bndbox").length === 0)
  ) {
    throw new CamlabError("it looks like LabelMe's annotations, which readLabelMe reads");
  }
  const image = imageOf(root, file, annotations, options.images);
  const { width, height } = await sizeOf(root, image);
  const corners = options.corners ?? (isOfChallenge(root) ? "voc" : "plain");
  const objects = elements.flatMap((element, i) => {
    const object = tally.attempt(`${name}, object ${i + 1}`, () =>
      withinPicture(vocObject(element, corners), { width, height }),
    );
    return object ? [object] : [];
  });
  const labels = [...new Set(objects.map((object) => object.name))].sort();
  return { file: image, id: name.replace(/\.xml$/i, ""), labels, width, height, objects };
}

/** By the annotation's own name, as the challenge pairs them; by the name that it tells where there is none. */
function imageOf(root: XmlElement, file: string, annotations: string, images: string | undefined): string {
  const below = relative(annotations, dirname(file));
  const roots =
    images === undefined
      ? [join(annotations, "..", "JPEGImages"), join(annotations, "..", "images"), annotations]
      : [images];
  const stem = basename(file, extname(file));
  const told = (textOf(root, "filename") ?? "").replace(/^.*[\\/]/, "");
  const capitals = IMAGE_ENDINGS.map((ending) => ending.toUpperCase());
  const endings = [...new Set([extname(told), ...IMAGE_ENDINGS, ...capitals])];
  const names = [...endings.filter((ending) => isImageName(`a${ending}`)).map((ending) => stem + ending), told].filter(
    Boolean,
  );
  const places = roots.flatMap((place) => [...new Set([join(place, below), place])]);
  const candidates = places.flatMap((place) => names.map((each) => join(place, each)));
  const found = candidates.find((candidate) => existsSync(candidate));
  if (found === undefined)
    throw new CamlabError(`its image ${told || `${stem}.jpg`} is not there: say where with { images }`);
  return found;
}

async function sizeOf(root: XmlElement, image: string): Promise<{ width: number; height: number }> {
  const [size] = childrenOf(root, "size");
  const [width, height] = ["width", "height"].map((side) => numberOf((size && textOf(size, side)) ?? ""));
  if (width !== undefined && height !== undefined && width > 0 && height > 0) return { width, height };
  return readImageInfo(image);
}

function isOfChallenge(root: XmlElement): boolean {
  const [source] = childrenOf(root, "source");
  return /\bVOC\s?20\d\d\b|PASCAL/i.test((source && textOf(source, "database")) ?? "");
}

/** The part of the set that each name is listed for. */
async function splitsOf(annotations: string, reading: Reading): Promise<ReadonlyMap<string, Split>> {
  const splits = new Map<string, Split>();
  for (const split of ["train", "val", "test"] as const) {
    const list = join(annotations, "..", "ImageSets", "Main", `${split}.txt`);
    if (!existsSync(list)) continue;
    for (const { text } of await readNumberedLines(list, reading)) {
      const id = text.trim().split(/\s+/)[0];
      const before = splits.get(id);
      if (before !== undefined && before !== split)
        reading.sayOf(`listed for ${before} and ${split}, read for ${before}`, id);
      else splits.set(id, split);
    }
  }
  return splits;
}
