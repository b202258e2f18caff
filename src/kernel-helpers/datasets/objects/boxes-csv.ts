import { existsSync } from "node:fs";
import { readImageInfo } from "../../images/files/read-image-info.js";
import type { AnnotatedPicture, PictureObject, PictureSet } from "../../images/picture.js";
import { CamlabError } from "../../support/errors.js";
import { IMAGE_ENDINGS, isImageName } from "../../support/files/image-endings.js";
import { type Columns, readImageTable } from "../files/csv-table.js";
import { imagePath, sayIfMissing } from "../files/image-path.js";
import { numberOf, numbersOf, shown } from "../files/values.js";
import { type Split, splitOf } from "../sets/split.js";
import { withinPicture } from "./picture-objects.js";

/** Where the images of a list of boxes are. */
export interface BoxesCsvOptions {
  /** The folder that the paths are relative to; the list's own unless given. */
  readonly images?: string;
}

const COLUMNS = {
  image: { called: ["image", "file", "filename", "file_name", "path", "image_path", "imageid"] },
  label: { called: ["label", "class", "name", "labelname", "object", "wnid", "synset"] },
  x0: { called: ["x0", "xmin", "x_min", "left", "x1"] },
  y0: { called: ["y0", "ymin", "y_min", "top", "y1"] },
  // Where corners are counted from 1, x1 is the left one.
  x1: { called: ["x2", "xmax", "x_max", "right", "x1"] },
  y1: { called: ["y2", "ymax", "y_max", "bottom", "y1"] },
  width: { called: ["width", "image_width"], optional: true },
  height: { called: ["height", "image_height"], optional: true },
  split: { called: ["split"], optional: true },
  group: { called: ["isgroupof", "iscrowd"], optional: true },
} satisfies Columns<string>;

/**
 * Reads boxes as CSV with a header: `image,label,x0,y0,x1,y1[,split]`, one box a row and as many rows an image as it has
 * boxes; the left and upper, and the right and lower edge, in pixels of the image. `xmin,ymin,xmax,ymax`, or corners that
 * are counted from 1 (`x1,y1,x2,y2`), do too. A row without a label and a box is an image without boxes. Any other
 * columns are left alone.
 *
 * The lists of Open Images do as well: where the corners of most boxes are not beyond 1 and some lie between 0 and 1,
 * corners are shares of the image's sides, and that is noted; names of images may lack their ending; what `IsGroupOf`, or
 * `iscrowd`, says 1 or true of is a crowd.
 *
 * @returns images in the order in which they first occur, each with its `objects` and, as `labels`, their names; rows
 * that cannot be used, boxes that lie outside their image among them, are left out, and named in the notes
 * @throws CamlabError when a column is missing, a quote is not closed, or no row can be used
 * @example
 * const { pictures } = await readers.readBoxesCsv("boxes.csv", { images: "photos" });
 * pictures[0].objects[0]; // { name: "robin", box: { x: 10, y: 20, width: 30, height: 40 } }
 */
export async function readBoxesCsv(file: string, options: BoxesCsvOptions = {}): Promise<PictureSet<AnnotatedPicture>> {
  const { rows, tally, folder, reading } = await readImageTable(file, options, COLUMNS, "readBoxesCsv");
  const areShares = areCornersShares(rows.map(({ field }) => field));
  if (areShares) reading.say(`corners of ${file} are shares of each image's sides`);
  const found = new Map<string, Listed>();
  for (const { place, field } of rows) {
    await tally.attemptAsync(place, async () => {
      const { image } = field;
      if (image === "") throw new CamlabError("it names no image");
      const known = found.get(image);
      const entry = known ?? (await listed(fileOf(folder, image), field));
      const split = field.split === "" ? undefined : splitOf(field.split);
      if (known && known.split !== split) {
        throw new CamlabError(`${image} is ${split ?? "of no split"} here, but ${known.split ?? "of none"} before`);
      }
      const object = objectOf(field, entry, areShares);
      if (object) entry.objects.push(object);
      found.set(image, { ...entry, split });
    });
  }
  const pictures = [...found].map(([id, { split, ...entry }]): AnnotatedPicture => {
    const labels = [...new Set(entry.objects.map(({ name }) => name))].sort();
    return { id, ...entry, labels, ...(split !== undefined && { split }) };
  });
  sayIfMissing(reading, pictures, "say where they are with { images }");
  return reading.set([...new Set(pictures.flatMap(({ labels }) => labels ?? []))].sort(), pictures, file);
}

/** What is known of an image of the list. */
interface Listed {
  readonly file: string;
  readonly width: number;
  readonly height: number;
  readonly objects: PictureObject[];
  readonly split?: Split;
}

type Field = Readonly<Record<keyof typeof COLUMNS, string>>;

/** The image's own size, unless the list tells it. */
async function listed(file: string, { width, height }: Field): Promise<Listed> {
  const [across, down] = [numberOf(width), numberOf(height)];
  const told = across! > 0 && down! > 0 ? { width: across!, height: down! } : undefined;
  const size = told ?? (await readImageInfo(file));
  return { file, width: size.width, height: size.height, objects: [] };
}

/** Open Images names an image by its number alone. */
function fileOf(folder: string, image: string): string {
  const path = imagePath(folder, image);
  if (isImageName(image) || existsSync(path)) return path;
  return IMAGE_ENDINGS.map((ending) => path + ending).find((file) => existsSync(file)) ?? path;
}

/** Most boxes decide: one that is wrong must not turn all others into specks of less than a pixel. */
function areCornersShares(fields: readonly Field[]): boolean {
  const boxes = fields.map(({ x0, y0, x1, y1 }) => numbersOf([x0, y0, x1, y1])).filter((sides) => sides !== undefined);
  const shares = boxes.filter((sides) => sides.every(isShare));
  return 2 * shares.length > boxes.length && shares.some((sides) => sides.some((one) => one > 0 && one < 1));
}

function isShare(side: number): boolean {
  return side >= 0 && side <= 1;
}

/** The row's box; nothing for a row that says that there is none. */
function objectOf(
  { label, x0, y0, x1, y1, group }: Field,
  { width, height }: Listed,
  areShares: boolean,
): PictureObject | undefined {
  const sides = [x0, y0, x1, y1];
  if (label === "" && sides.every((side) => side === "")) return undefined;
  if (label === "") throw new CamlabError("it has no label");
  const corners = numbersOf(sides);
  if (!corners) throw new CamlabError(`a box needs four numbers, not ${shown(sides.join(","))}`);
  if (areShares && !corners.every(isShare)) {
    throw new CamlabError(`its corners are no shares from 0 to 1, as the others are: ${sides.join(",")}`);
  }
  const [left, top, right, bottom] = areShares ? corners.map((side, i) => side * [width, height][i % 2]) : corners;
  if (!(right > left && bottom > top)) {
    throw new CamlabError(`its right and lower edge should be behind the left and upper one, not ${sides.join(",")}`);
  }
  const box = { x: left, y: top, width: right - left, height: bottom - top };
  return withinPicture({ name: label, box, ...(/^(1|true)$/i.test(group) && { crowd: true }) }, { width, height });
}
