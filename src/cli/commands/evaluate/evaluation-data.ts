import { existsSync } from "node:fs";
import { extname, join } from "node:path";
import { isPackPath, readPacks } from "../../../kernel-helpers/datasets/packs/read-packs.js";
import { readCub } from "../../../kernel-helpers/datasets/classes/cub.js";
import { readText } from "../../../kernel-helpers/datasets/files/read-text.js";
import { readIlsvrc } from "../../../kernel-helpers/datasets/localization/ilsvrc.js";
import { isOpenImages, readOpenImages } from "../../../kernel-helpers/datasets/localization/open-images.js";
import { withMasks } from "../../../kernel-helpers/datasets/localization/with-masks.js";
import { readWsolLists } from "../../../kernel-helpers/datasets/localization/wsol-lists.js";
import { readBoxesCsv } from "../../../kernel-helpers/datasets/objects/boxes-csv.js";
import { readCoco } from "../../../kernel-helpers/datasets/objects/coco/coco.js";
import { readVoc } from "../../../kernel-helpers/datasets/objects/voc/voc.js";
import { readYolo } from "../../../kernel-helpers/datasets/objects/yolo/yolo.js";
import type { PictureSet } from "../../../kernel-helpers/images/picture.js";
import { CamlabError } from "../../../kernel-helpers/support/errors.js";
import { type Shard, shardOf } from "../../../kernel-helpers/support/shard.js";
import { drawWorld } from "../../../world/draw-world.js";
import { WORLD_PARTS, type WorldPart } from "../../../world/drawing.js";
import { readWorld } from "../../../world/read-world.js";
import { UsageError } from "../../usage-error.js";
import { LAYOUT_NAMES, type LayoutName } from "./layout-names.js";

/** A layout of pictures with places, as `--layout` calls it. */
interface DataLayout {
  /** Whether a path looks like it. */
  readonly isAt: (path: string) => boolean;
  readonly read: (path: string, images: string | undefined, masks: string | undefined) => Promise<PictureSet>;
  /** Whether its own lists say which masks there are, so that it is told where they lie. */
  readonly listsMasks?: boolean;
}

const holds =
  (...names: readonly string[]) =>
  (path: string) =>
    names.some((name) => existsSync(join(path, name)));

const LAYOUTS: Readonly<Record<LayoutName, DataLayout>> = {
  drawn: { isAt: holds("manifest.json"), read: readWorld },
  cub: { isAt: (path) => ["images.txt", "classes.txt"].every((name) => holds(name)(path)), read: readCub },
  ilsvrc: {
    isAt: holds("map_clsloc.txt", "LOC_synset_mapping.txt", "ILSVRC2012_img_val"),
    read: (path, images) => readIlsvrc(path, { images }),
  },
  wsol: {
    isAt: holds("class_labels.txt", "val/class_labels.txt", "test/class_labels.txt"),
    read: (path, images, masks) => readWsolLists(path, { images, masks }),
    listsMasks: true,
  },
  openimages: {
    isAt: isOpenImages,
    read: (path, images, masks) => readOpenImages(path, { images, masks }),
    listsMasks: true,
  },
  voc: { isAt: holds("Annotations"), read: (path, images) => readVoc(path, { images }) },
  yolo: { isAt: holds("data.yaml", "obj.names"), read: (path) => readYolo(path) },
  coco: { isAt: (path) => extname(path) === ".json", read: (path, images) => readCoco(path, { images }) },
  boxes: { isAt: (path) => /\.[ct]sv$/i.test(path), read: (path, images) => readBoxesCsv(path, { images }) },
};

/** What says which pictures are meant. */
export interface EvaluationDataFlags {
  readonly data: string;
  readonly layout?: LayoutName;
  readonly images?: string;
  readonly masks?: string;
  readonly protocol?: string;
  readonly split?: string;
  readonly shard?: Shard;
}

/**
 * The pictures that flags mean: a path in a layout that is recognised or named, or a part of the drawn world by name.
 *
 * @throws CamlabError when nothing is there, and when the layout is not recognised
 */
export async function evaluationData({ shard, ...flags }: EvaluationDataFlags): Promise<PictureSet> {
  const set = await ofSplit(flags);
  return shard === undefined ? set : { ...set, pictures: shardOf(set.pictures, shard) };
}

async function ofSplit({ split, ...flags }: EvaluationDataFlags): Promise<PictureSet> {
  const { data } = flags;
  const set = await readData(flags);
  if (split === undefined) return set;
  const pictures = set.pictures.filter((picture) => picture.split === split);
  if (pictures.length > 0) return { ...set, pictures };
  const splits = [...new Set(set.pictures.map((picture) => picture.split ?? "none"))];
  throw new UsageError(`no picture of ${data} is of the split ${split} (there are ${splits.join(", ")})`);
}

async function readData(flags: EvaluationDataFlags): Promise<PictureSet> {
  const { data, images, masks, protocol } = flags;
  const layout = layoutOf(flags);
  const read = layout && LAYOUTS[layout];
  if (masks !== undefined && !read?.listsMasks && protocol === "cvpr2016") {
    throw new UsageError("--masks belongs to --protocol wsol2020: cvpr2016 has no figure of masks");
  }
  const set = read ? await read.read(data, images, masks) : await unlisted(data);
  return masks === undefined || read?.listsMasks ? set : withMasks(set, masks);
}

function layoutOf({ data, layout }: EvaluationDataFlags): LayoutName | undefined {
  return layout ?? (existsSync(data) ? LAYOUT_NAMES.find((name) => LAYOUTS[name].isAt(data)) : undefined);
}

/** What is in no layout: packed pictures, or a part of the drawn world. */
async function unlisted(data: string): Promise<PictureSet> {
  if (!existsSync(data)) {
    if ((WORLD_PARTS as readonly string[]).includes(data)) return drawWorld(data as WorldPart);
    throw new CamlabError(`there is no ${data}, nor is it a part of the drawn world (${WORLD_PARTS.join(", ")})`);
  }
  if (await isPackPath(data)) return readPacks(data);
  throw new CamlabError(`the layout of ${data} is not recognised: say it with --layout (${LAYOUT_NAMES.join(", ")})`);
}

/**
 * The labels of a network's outputs, in their order: a JSON list of texts or of objects with `wnid`, or a line each, of
 * which WordNet's number counts where it begins with one.
 *
 * @throws CamlabError when the file cannot be read, or is no such list
 */
export async function readOutputLabels(file: string): Promise<string[]> {
  const text = await readText(file);
  const wordNet = (line: string) => /^n\d{8}\b/.exec(line)?.[0] ?? line;
  if (!text.trimStart().startsWith("[")) {
    return text
      .split(/\r\n|\n|\r/)
      .map((line) => line.trim())
      .filter((line) => line !== "")
      .map(wordNet);
  }
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    throw new CamlabError(`${file} is no JSON`);
  }
  return (list as unknown[]).map((one) => {
    const label = typeof one === "object" && one !== null && "wnid" in one ? one.wnid : one;
    if (typeof label === "string") return wordNet(label);
    throw new CamlabError(`${file} lists ${JSON.stringify(one)}, which is neither a label nor has a wnid`);
  });
}
