import { dirname, isAbsolute, join } from "node:path";
import type { AnnotatedPicture, PictureObject, PictureSet } from "../../images/picture.js";
import { CamlabError } from "../../support/errors.js";
import { uncompressCounts } from "../../images/masks/masks.js";
import { readJson, requiredList } from "../files/text-lines.js";

/**
 * Reads COCO's instances or captions (2014, 2017), or both together: polygons, run-length masks as numbers or as text,
 * crowds.
 *
 * @param files one file or several of the same images, e.g. instances and captions
 * @param options.images the folder of the images; the folder of the first file unless given
 * @returns classes are category names in the order of the file, none for captions; a picture's id is COCO's number of it
 * @throws CamlabError when a file is not of that layout, or an annotation names an image or category that is not there
 * @example
 * const { classes, pictures } = await readCoco(["instances_val2017.json", "captions_val2017.json"], { images: "val2017" });
 */
export async function readCoco(
  files: string | readonly string[],
  options: { readonly images?: string } = {},
): Promise<PictureSet<AnnotatedPicture>> {
  const list = typeof files === "string" ? [files] : files;
  const folder = options.images ?? dirname(list[0] ?? ".");
  const classes = new Map<number, string>();
  const images = new Map<
    number,
    AnnotatedPicture & { readonly objects: PictureObject[]; readonly captions: string[] }
  >();
  for (const file of list) {
    const raw = (await readJson(file)) as RawCoco;
    const annotations = requiredList(raw.annotations, "annotations", file);
    for (const { id, name } of raw.categories ?? []) classes.set(id, name);
    for (const { id, file_name, width, height } of requiredList(raw.images, "images", file)) {
      const path = isAbsolute(file_name) ? file_name : join(folder, file_name);
      if (!images.has(id)) images.set(id, { file: path, id: String(id), width, height, objects: [], captions: [] });
    }
    for (const annotation of annotations) {
      const image = images.get(annotation.image_id);
      if (!image)
        throw new CamlabError(
          `${file}: annotation ${annotation.id} is of image ${annotation.image_id}, which is not listed`,
        );
      if (annotation.caption !== undefined) image.captions.push(annotation.caption.trim());
      else image.objects.push(objectOf(annotation, classes, file));
    }
  }
  return { classes: [...classes.values()], pictures: [...images.values()] };
}

function objectOf(annotation: RawAnnotation, classes: ReadonlyMap<number, string>, file: string): PictureObject {
  const { id, category_id, bbox, area, iscrowd, segmentation } = annotation;
  const name = classes.get(category_id ?? NaN);
  if (name === undefined || bbox?.length !== 4)
    throw new CamlabError(`${file}: annotation ${id} lacks a known category or a box`);
  const [x, y, width, height] = bbox;
  return {
    id,
    name,
    box: { x, y, width, height },
    area: area ?? width * height,
    crowd: iscrowd === 1,
    ...(segmentation && outlineOf(segmentation)),
  };
}

function outlineOf(segmentation: RawSegmentation): Pick<PictureObject, "polygons" | "mask"> {
  if (!("size" in segmentation)) return { polygons: segmentation };
  const { size, counts } = segmentation;
  const runs = typeof counts === "string" ? uncompressCounts(counts) : counts;
  return { mask: { height: size[0], width: size[1], counts: runs } };
}

interface RawCoco {
  readonly images?: readonly {
    readonly id: number;
    readonly file_name: string;
    readonly width: number;
    readonly height: number;
  }[];
  readonly categories?: readonly { readonly id: number; readonly name: string }[];
  readonly annotations?: readonly RawAnnotation[];
}

interface RawAnnotation {
  readonly id: number;
  readonly image_id: number;
  readonly category_id?: number;
  readonly bbox?: readonly number[];
  readonly area?: number;
  readonly iscrowd?: number;
  readonly caption?: string;
  readonly segmentation?: RawSegmentation;
}

type RawSegmentation =
  | readonly (readonly number[])[]
  | { readonly size: readonly [number, number]; readonly counts: string | readonly number[] };
