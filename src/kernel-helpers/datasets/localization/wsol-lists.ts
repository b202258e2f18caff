import { existsSync } from "node:fs";
import { join } from "node:path";
import { maskBox } from "../../images/masks/mask-box.js";
import { loadMask, loadMaskIfAny } from "../../images/masks/load-mask.js";
import type { RunLengthMask } from "../../images/masks/masks.js";
import type { PictureObject, PictureSet, StoredPicture } from "../../images/picture.js";
import { check } from "../../support/check.js";
import { CamlabError } from "../../support/errors.js";
import { sayIfMissing } from "../files/image-path.js";
import { checkPath, readNumberedLines } from "../files/read-text.js";
import { Reading } from "../files/reading.js";
import { numbersOf } from "../files/values.js";

/** Where the pictures of the lists are. */
export interface WsolListsOptions {
  /** The folder that the lists' paths are below; the lists' own unless given. */
  readonly images?: string;
  /** The folder that masks are below; `images` unless given. */
  readonly masks?: string;
}

const FROM = "https://github.com/clovaai/wsolevaluation, folder metadata";
const PICTURES_FROM = "https://github.com/clovaai/wsolevaluation, under Prepare train+eval datasets";
/** The parts, by the folders that hold their lists. */
const PARTS = { train: "train", "train-weaksup": "train", val: "val", "train-fullsup": "val", test: "test" } as const;

/**
 * Reads the text lists of "Evaluating Weakly Supervised Object Localization Methods Right" for CUB, ILSVRC and OpenImages:
 * `image_ids.txt`, `class_labels.txt`, `image_sizes.txt` and `localization.txt`, in the folders `train`, `val` and `test`, or
 * in the folder itself. `localization.txt` holds boxes "path,x0,y0,x1,y1", or masks "path,mask,ignored" (OpenImages): of
 * those, what is ignored is an object that is `difficult`. A mask is of its own file's size; its box is in the picture's
 * pixels.
 *
 * @param folder e.g. "metadata/CUB"
 * @returns labels are the lists' numbers, which are places among the network's classes; `split` is the folder's
 * @throws CamlabError when a list is missing (where it comes from is said), or no picture can be used
 * @example
 * const set = await readers.readWsolLists("metadata/OpenImages", { images: "dataset/OpenImages" });
 */
export async function readWsolLists(
  folder: string,
  options: WsolListsOptions = {},
): Promise<PictureSet<StoredPicture>> {
  checkPath("folder", folder);
  check.known(options, ["images", "masks"], "readWsolLists");
  const images = options.images ?? folder;
  const masks = options.masks ?? images;
  const reading = new Reading();
  const parts = Object.entries(PARTS).filter(([name]) => existsSync(join(folder, name, "class_labels.txt")));
  const isFlat = existsSync(join(folder, "class_labels.txt"));
  if (parts.length === 0 && !isFlat) {
    throw new CamlabError(
      `${folder} has no class_labels.txt, nor a folder train, val or test that has: the lists come from ${FROM}`,
    );
  }
  const places: (readonly [list: string, split?: string])[] = isFlat
    ? [[folder]]
    : parts.map(([name, split]) => [join(folder, name), split]);
  const pictures: StoredPicture[] = [];
  for (const [list, split] of places) pictures.push(...(await picturesOf(list, split, images, masks, reading)));
  sayIfMissing(reading, pictures, "say where they are with { images }");
  const labels = [...new Set(pictures.map(({ label = "" }) => label))].sort((a, b) => Number(a) - Number(b));
  return reading.set(labels, pictures, folder);
}

async function picturesOf(
  list: string,
  split: string | undefined,
  images: string,
  masks: string,
  reading: Reading,
): Promise<StoredPicture[]> {
  const listed = existsSync(join(list, "image_ids.txt"))
    ? (await readNumberedLines(join(list, "image_ids.txt"), reading)).map(({ text }) => text.trim())
    : undefined;
  const labels = await readFields(join(list, "class_labels.txt"), 2, reading, listed && new Set(listed));
  const wanted = listed ?? [...labels.keys()];
  const sizes = await optionalFields(join(list, "image_sizes.txt"), 3, reading, new Set(wanted));
  const places = await optionalFields(join(list, "localization.txt"), 2, reading, new Set(wanted));
  const tally = reading.count("pictures", list);
  const pictures: StoredPicture[] = [];
  for (const id of wanted) {
    const picture = await tally.attemptAsync(id, async () => {
      const label = labels.get(id)?.[0]?.[0];
      if (label === undefined || !/^\d+$/.test(label)) throw new CamlabError("class_labels.txt has no number for it");
      const [width, height] = numbersOf(sizes?.get(id)?.[0]) ?? [];
      const objects = await objectsOf(places?.get(id) ?? [], label, masks, { width, height });
      return { file: join(images, id), id, label, split, ...(width && height ? { width, height } : {}), objects };
    });
    if (picture) pictures.push(picture);
  }
  if (!places) reading.say(`${list} has no localization.txt, so no picture of it has a place`);
  return pictures;
}

async function objectsOf(
  lines: readonly (readonly string[])[],
  name: string,
  masks: string,
  size: { readonly width?: number; readonly height?: number },
): Promise<PictureObject[]> {
  const objects: PictureObject[] = [];
  // All lines of a picture name the same one.
  const ignoredBefore = new Set([""]);
  for (const fields of lines) {
    const corners = numbersOf(fields);
    if (corners?.length === 4) {
      const [left, top, right, bottom] = corners;
      if (right < left || bottom < top) throw new CamlabError(`its box ends before it begins: ${fields.join(", ")}`);
      objects.push({ name, box: { x: left, y: top, width: right - left, height: bottom - top } });
    } else if (fields.length <= 2 && corners === undefined) {
      const [mask, ignored = ""] = fields;
      objects.push(placed(name, await loadMask(maskAt(masks, mask)), size));
      if (ignoredBefore.has(ignored)) continue;
      ignoredBefore.add(ignored);
      const left = await loadMaskIfAny(maskAt(masks, ignored));
      if (left) objects.push({ ...placed(name, left, size), difficult: true });
    } else {
      throw new CamlabError(`its place is neither four numbers nor a mask: ${fields.join(",")}`);
    }
  }
  return objects;
}

function maskAt(folder: string, mask: string): string {
  const file = join(folder, mask);
  if (existsSync(file)) return file;
  throw new CamlabError(`its mask ${file} is missing: OpenImages30k, photos and masks, is linked at ${PICTURES_FROM}`);
}

function placed(
  name: string,
  mask: RunLengthMask,
  { width, height }: { readonly width?: number; readonly height?: number },
): PictureObject {
  const box = maskBox(mask)!;
  const [across, down] = [(width ?? mask.width) / mask.width, (height ?? mask.height) / mask.height];
  const scaled = { x: box.x * across, y: box.y * down, width: box.width * across, height: box.height * down };
  return { name, box: scaled, mask };
}

/** Lines "path,field,…" by path: all lines of a path, each without it. */
async function readFields(
  file: string,
  least: number,
  reading: Reading,
  listed?: ReadonlySet<string>,
): Promise<Map<string, string[][]>> {
  if (!existsSync(file)) throw new CamlabError(`there is no ${file}: the lists come from ${FROM}`);
  const tally = reading.count("lines", file);
  const found = new Map<string, string[][]>();
  for (const { text, number } of await readNumberedLines(file, reading)) {
    const [path, ...fields] = text.split(",").map((field) => field.trim());
    if (fields.length + 1 < least || path === "") {
      tally.leaveOut(`line ${number}`, `it has fewer than ${least} fields`);
      continue;
    }
    if (listed && !listed.has(path)) {
      tally.leaveOut(`line ${number}`, "it is of a picture that is not listed");
      continue;
    }
    tally.keep();
    const before = found.get(path);
    if (before) before.push(fields);
    else found.set(path, [fields]);
  }
  return found;
}

async function optionalFields(file: string, least: number, reading: Reading, listed: ReadonlySet<string>) {
  return existsSync(file) ? readFields(file, least, reading, listed) : undefined;
}
