import { existsSync } from "node:fs";
import { join } from "node:path";
import type { PictureObject, PictureSet, StoredPicture } from "../../images/picture.js";
import { check } from "../../support/check.js";
import { CamlabError } from "../../support/errors.js";
import { filesBelow } from "../files/files-below.js";
import { readNumberedLines, checkPath } from "../files/read-text.js";
import { Reading } from "../files/reading.js";
import { childrenOf, readXml, textOf } from "../files/xml.js";
import { vocObject } from "../objects/voc/voc-object.js";
import { readIlsvrcTruth, readSynsets } from "./ilsvrc-lists.js";

/** Where the parts of ILSVRC's validation data are, when they are not where the archives put them. */
export interface IlsvrcOptions {
  /** The folder of the photographs, ILSVRC2012_val_00000001.JPEG and on. */
  readonly images?: string;
  /** The folder of the boxes, ILSVRC2012_val_00000001.xml and on. */
  readonly boxes?: string;
  /** The list of classes: a line each that begins with WordNet's number; the development kit's `map_clsloc.txt`, or `LOC_synset_mapping.txt`. */
  readonly synsets?: string;
  /** The classes of the pictures: a number from 1 a line, as in the development kit, or lines "NAME.JPEG 65", from 0. */
  readonly truth?: string;
  /** Numbers of the pictures that count for classification alone. */
  readonly blacklist?: string;
}

const KIT = "the development kit ILSVRC2014_devkit.tgz from https://image-net.org/challenges/LSVRC/2014/";
const FROM = {
  images: "ILSVRC2012_img_val.tar from https://image-net.org/challenges/LSVRC/2012/2012-downloads",
  boxes: "ILSVRC2012_bbox_val_v3.tgz from https://image-net.org/challenges/LSVRC/2012/2012-downloads",
  synsets: `${KIT} (map_clsloc.txt), or LOC_synset_mapping.txt of the Kaggle edition`,
  truth: KIT,
  blacklist: KIT,
} as const;

/** Where each part is looked for below the folder, the likeliest first. */
const PLACES: Readonly<Record<keyof IlsvrcOptions, readonly string[]>> = {
  images: ["ILSVRC2012_img_val", "Data/CLS-LOC/val", "ILSVRC/Data/CLS-LOC/val", "images", "val", "."],
  boxes: ["bbox/val", "ILSVRC2012_bbox_val_v3/val", "Annotations/CLS-LOC/val", "ILSVRC/Annotations/CLS-LOC/val", "val"],
  synsets: ["map_clsloc.txt", "LOC_synset_mapping.txt", "synset_words.txt", "synsets.txt"],
  truth: [
    "ILSVRC2014_clsloc_validation_ground_truth.txt",
    "ILSVRC2012_validation_ground_truth.txt",
    "ILSVRC2015_clsloc_validation_ground_truth.txt",
    "val.txt",
  ],
  blacklist: ["ILSVRC2014_clsloc_validation_blacklist.txt", "ILSVRC2015_clsloc_validation_blacklist.txt"],
};

const PICTURE = /(ILSVRC2012_val_(\d{8}))\.jpe?g$/i;
/** Photographs that are looked at before a wrong order of classes is told. */
const COMPARED = 20;

/**
 * Reads ILSVRC's validation part for localization: photographs, boxes in XML, the list of classes, the truth where it is
 * there (the boxes tell classes too), and the blacklist, whose pictures get no boxes: they count for classification alone.
 *
 * Corners are taken as they stand, so that a box is `xmax − xmin` wide: the convention of ILSVRC's evaluation, which counts
 * the last pixel where boxes are compared, adds the one.
 *
 * @param folder where all of it lies, as the archives put it
 * @returns labels are WordNet's numbers; `classes` has all of them by number, the order in which networks give ImageNet's
 * classes, so that `evaluateLocalization` finds them by their place
 * @throws CamlabError when photographs, boxes or the list are missing (where each comes from is said), and when the list is
 * in another order than the truth counts by
 * @example
 * const set = await readers.readIlsvrc("ILSVRC");
 */
export async function readIlsvrc(folder: string, options: IlsvrcOptions = {}): Promise<PictureSet<StoredPicture>> {
  checkPath("folder", folder);
  check.known(options, ["images", "boxes", "synsets", "truth", "blacklist"], "readIlsvrc");
  const reading = new Reading();
  const files = (await filesBelow(needed(folder, "images", options), reading)).filter((file) => PICTURE.test(file));
  if (files.length === 0) throw missing(folder, "images");
  const annotations = needed(folder, "boxes", options);
  const xmls = new Map(
    (await filesBelow(annotations, reading)).flatMap((file) => {
      const name = /(ILSVRC2012_val_\d{8})\.xml$/i.exec(file)?.[1];
      return name === undefined ? [] : [[name, file] as const];
    }),
  );
  if (xmls.size === 0) throw missing(folder, "boxes");
  const synsets = await readSynsets(needed(folder, "synsets", options), reading);
  const truthFile = placeOf(folder, "truth", options);
  const truth = truthFile === undefined ? undefined : await readIlsvrcTruth(truthFile, synsets, reading);
  const blacklist = await readBlacklist(placeOf(folder, "blacklist", options), reading);
  const tally = reading.count("photographs", folder);
  const pictures: StoredPicture[] = [];
  const order = { compared: 0, wrong: 0 };
  for (const file of files) {
    const [, id, number] = PICTURE.exec(file)!;
    const picture = await tally.attemptAsync(id, async () => {
      const objects = await objectsOf(xmls.get(id), reading);
      const known = truth?.get(Number(number)) ?? objects[0]?.name;
      if (known === undefined) throw new CamlabError("neither the truth nor a box tells its class");
      if (truth && objects.length > 0) {
        order.compared += 1;
        order.wrong += Number(known !== objects[0].name);
      }
      if (!synsets.numbers.includes(known)) throw new CamlabError(`its class ${known} is not in the list of classes`);
      const isJudged = !blacklist.has(Number(number));
      return { file, id, label: known, split: "val", ...(isJudged && { objects }) };
    });
    if (picture) pictures.push(picture);
    // A list in another order gives nearly every picture a wrong class: better told than judged.
    if (order.compared === COMPARED && order.wrong > COMPARED / 2) {
      throw new CamlabError(
        `${truthFile} counts classes in another order than the list of synsets: the development kit's truth goes with its own map_clsloc.txt`,
      );
    }
  }
  if (blacklist.size === 0) {
    reading.say(`no blacklist was found, so all pictures count for localization: it is part of ${FROM.blacklist}`);
  }
  return reading.set([...synsets.numbers].sort(), pictures, folder);
}

async function objectsOf(file: string | undefined, reading: Reading): Promise<PictureObject[]> {
  if (file === undefined) throw new CamlabError("it has no boxes");
  const root = await readXml(file, reading);
  if (textOf(root, "folder") === undefined && childrenOf(root, "object").length === 0) {
    throw new CamlabError("its XML has no objects");
  }
  return childrenOf(root, "object").map((element) => vocObject(element, "plain"));
}

async function readBlacklist(file: string | undefined, reading: Reading): Promise<ReadonlySet<number>> {
  if (file === undefined) return new Set();
  const lines = await readNumberedLines(file, reading);
  const tally = reading.count("lines", file);
  return new Set(
    lines.flatMap(({ text, number }) => {
      const found = tally.attempt(`line ${number}`, () => {
        if (!/^\d+$/.test(text.trim())) throw new CamlabError("it is no number of a picture");
        return Number(text.trim());
      });
      return found ?? [];
    }),
  );
}

function placeOf(folder: string, part: keyof IlsvrcOptions, options: IlsvrcOptions): string | undefined {
  const given = options[part];
  if (given !== undefined) {
    if (existsSync(given)) return given;
    throw new CamlabError(`there is no ${given}, which should be ILSVRC's ${part}: it is part of ${FROM[part]}`);
  }
  return PLACES[part].map((place) => join(folder, place)).find((place) => existsSync(place));
}

function needed(folder: string, part: keyof IlsvrcOptions, options: IlsvrcOptions): string {
  const place = placeOf(folder, part, options);
  if (place === undefined) throw missing(folder, part);
  return place;
}

function missing(folder: string, part: keyof IlsvrcOptions): CamlabError {
  const places = PLACES[part].slice(0, 3).join(", ");
  return new CamlabError(
    `${folder} lacks ILSVRC's ${part} (looked for ${places}): get ${FROM[part]}, or say where with { ${part} }`,
  );
}
