import { existsSync, readdirSync } from "node:fs";
import { basename, extname } from "node:path";
import type { Box } from "../../images/box.js";
import { readImageInfo } from "../../images/files/read-image-info.js";
import { loadMask } from "../../images/masks/load-mask.js";
import type { AnnotatedPicture, PictureObject, PictureSet } from "../../images/picture.js";
import { check } from "../../support/check.js";
import { CamlabError } from "../../support/errors.js";
import { csvRows } from "../../support/files/csv.js";
import { isImageName } from "../../support/files/image-endings.js";
import { grouped } from "../../support/grouped.js";
import { type Columns, readTable, type TableRow } from "../files/csv-table.js";
import { filesBelow } from "../files/files-below.js";
import { readText } from "../files/read-text.js";
import { Reading } from "../files/reading.js";
import { numbersOf } from "../files/values.js";
import { maskOfObject } from "../objects/picture-objects.js";
import { splitOf } from "../sets/split.js";

/** Where the files of Open Images are. */
export interface OpenImagesOptions {
  /** The folder that the photos are below, as `ImageID.jpg`; the lists' own unless given. */
  readonly images?: string;
  /** The folder that the unpacked masks are below; the lists' own unless given. */
  readonly masks?: string;
}

const FROM = "https://storage.googleapis.com/openimages/web/download_v7.html";
const SEGMENTS = /^(?:(.+)-)?annotations-object-segmentation\.csv$/;
const CLASSES = /class-descriptions(?:-boxable)?\.csv$/;

const COLUMNS = {
  image: { called: ["imageid"] },
  label: { called: ["labelname"] },
  x0: { called: ["boxxmin", "xmin"] },
  x1: { called: ["boxxmax", "xmax"] },
  y0: { called: ["boxymin", "ymin"] },
  y1: { called: ["boxymax", "ymax"] },
} satisfies Columns<string>;
const WITH_MASK = { ...COLUMNS, mask: { called: ["maskpath"] } } satisfies Columns<string>;

type Row = TableRow<keyof typeof COLUMNS>["field"];
type MaskRow = TableRow<keyof typeof WITH_MASK>["field"];

/** Whether a folder holds lists of Open Images' masks. */
export function isOpenImages(folder: string): boolean {
  return extname(folder) === "" && existsSync(folder) && readdirSync(folder).some((name) => SEGMENTS.test(name));
}

/**
 * Reads the masks of Open Images V5 to V7 as they are downloaded: `validation-annotations-object-segmentation.csv` and its like
 * for other parts; their masks, unpacked, called as the list says; photos called by their numbers; and, where they are
 * there, `class-descriptions-boxable.csv`, which gives classes their names, and `validation-annotations-bbox.csv`: what it has a
 * box of and no mask, a group say, is an object that is `difficult`, so that its pixels do not count.
 *
 * @param folder that holds the lists
 * @returns photos in the order in which the lists name them, each with its `objects` and, as `labels`, the names of those
 *   with masks; `split` is the list's; photos whose own file or one of whose masks is missing are left out, and named in the notes
 * @throws CamlabError when a list is missing or not as it should be (where it comes from is said), or no photo can be used
 * @example
 * const set = await readers.readOpenImages("openimages", { images: "openimages/validation" });
 */
export async function readOpenImages(
  folder: string,
  options: OpenImagesOptions = {},
): Promise<PictureSet<AnnotatedPicture>> {
  const own = check.known(options, ["images", "masks"], "readOpenImages");
  const reading = new Reading();
  const files = await filesBelow(folder, reading);
  const lists = files.filter((file) => SEGMENTS.test(basename(file)));
  if (lists.length === 0) {
    throw new CamlabError(
      `${folder} has no …-annotations-object-segmentation.csv: lists, masks and photos come from ${FROM}`,
    );
  }
  const below = async (wanted: string | undefined) =>
    new Map((wanted === undefined ? files : await filesBelow(wanted, reading)).map((file) => [basename(file), file]));
  const masks = await below(own.masks);
  const photos = new Map(
    [...(await below(own.images))]
      .filter(([name]) => isImageName(name) && extname(name).toLowerCase() !== ".png")
      .map(([name, file]) => [basename(name, extname(name)), file]),
  );
  const nameOf = await classNames(files, reading);
  const pictures: AnnotatedPicture[] = [];
  for (const list of lists) {
    const part = SEGMENTS.exec(basename(list))![1] as string | undefined;
    const { rows } = await readTable(list, WITH_MASK, "readOpenImages", reading);
    const boxes = await boxesOf(files, part, reading);
    const tally = reading.count("photos", list);
    const byImage = grouped(
      rows.map(({ field }) => field),
      ({ image }) => image,
    );
    for (const [id, masked] of byImage) {
      const picture = await tally.attemptAsync(id, async () => {
        const file = photos.get(id);
        if (file === undefined) {
          throw new CamlabError(`its photo is not below ${own.images ?? folder}: photos come from ${FROM}`);
        }
        const { width, height } = await readImageInfo(file);
        const seen: PictureObject[] = [];
        for (const row of masked) seen.push(await maskedObject(row, nameOf(row.label), masks, { width, height }));
        const others = unmasked(boxes.get(id) ?? [], masked).map((row) =>
          boxedObject(row, nameOf(row.label), { width, height }),
        );
        const labels = [...new Set(seen.map(({ name }) => name))].sort();
        const split = part === undefined ? undefined : splitOf(part);
        return { file, id, width, height, labels, objects: [...seen, ...others], ...(split && { split }) };
      });
      if (picture) pictures.push(picture);
    }
  }
  return reading.set([...new Set(pictures.flatMap(({ labels }) => labels ?? []))].sort(), pictures, folder);
}

/** Names of classes by their number, as "/m/011k07"; the number where there is no list of names. */
async function classNames(files: readonly string[], reading: Reading): Promise<(label: string) => string> {
  const names = new Map<string, string>();
  const list = files.find((file) => CLASSES.test(basename(file)));
  if (list === undefined) {
    reading.say(
      `there is no class-descriptions-boxable.csv, so classes are called by their numbers: it comes from ${FROM}`,
    );
  } else {
    for (const { fields } of csvRows(await readText(list, reading), list, ","))
      names.set(fields[0].trim(), (fields[1] ?? "").trim());
  }
  return (label) => names.get(label) || label;
}

/** Boxes of a part by photo; none where there is no list of them. */
async function boxesOf(
  files: readonly string[],
  part: string | undefined,
  reading: Reading,
): Promise<Map<string, Row[]>> {
  const name = `${part === undefined ? "" : `${part}-`}annotations-bbox.csv`;
  const list = files.find((file) => basename(file) === name || basename(file) === `oidv6-${name}`);
  if (list === undefined) {
    reading.say(`there is no ${name}, so nothing is known of things without a mask: it comes from ${FROM}`);
    return new Map();
  }
  const { rows } = await readTable(list, COLUMNS, "readOpenImages", reading);
  return grouped(
    rows.map(({ field }) => field),
    ({ image }) => image,
  );
}

/** Boxes of classes that have masks in a photo, without those of the masks themselves. */
function unmasked(boxes: readonly Row[], masked: readonly MaskRow[]): Row[] {
  const labels = new Set(masked.map(({ label }) => label));
  const isSame = (a: Row, b: Row) =>
    a.label === b.label && CORNERS.every((one) => Math.abs(Number(a[one]) - Number(b[one])) < 1e-4);
  return boxes.filter((box) => labels.has(box.label) && !masked.some((one) => isSame(box, one)));
}

const CORNERS = ["x0", "y0", "x1", "y1"] as const;

interface Size {
  readonly width: number;
  readonly height: number;
}

function boxOfRow(row: Row, { width, height }: Size): Box {
  const corners = numbersOf(CORNERS.map((one) => row[one]));
  if (!corners?.every((one) => one >= 0 && one <= 1))
    throw new CamlabError("a corner of a box is no share from 0 to 1");
  const [left, top, right, bottom] = corners;
  if (!(right > left && bottom > top)) throw new CamlabError("a box ends before it begins");
  return { x: left * width, y: top * height, width: (right - left) * width, height: (bottom - top) * height };
}

async function maskedObject(
  row: MaskRow,
  name: string,
  masks: ReadonlyMap<string, string>,
  size: Size,
): Promise<PictureObject> {
  const file = masks.get(row.mask);
  if (file === undefined) throw new CamlabError(`its mask ${row.mask} is missing: masks come, packed, from ${FROM}`);
  return { name, box: boxOfRow(row, size), mask: await loadMask(file) };
}

function boxedObject(row: Row, name: string, size: Size): PictureObject {
  const object = { name, box: boxOfRow(row, size) };
  return { ...object, mask: maskOfObject(object, size.width, size.height), difficult: true };
}
