import { dirname, extname, join, relative, resolve, sep } from "node:path";
import type { ClassMap } from "../kernel-helpers/boxes/class-maps.js";
import type { HeatMap } from "../kernel-helpers/cam/heat-map.js";
import type { Network } from "../kernel-helpers/networks/network.js";
import type { Seen } from "../kernel-helpers/networks/seen.js";
import { CamlabError, messageOf } from "../kernel-helpers/support/errors.js";
import { escapeHtml, printable } from "../kernel-helpers/support/escape.js";
import { makeFolder } from "../kernel-helpers/support/make-folder.js";
import { writeWhole } from "../kernel-helpers/support/write-file.js";
import { camGrid, type CamGridOptions } from "../widgets/cam-grid/cam-grid.js";
import { htmlPage, type PageSection } from "../widgets/kit/html-page.js";
import { notesSection } from "./notes.js";
import { uniqueStems } from "./picture-name.js";

/** Photos with their maps, filled one at a time: a folder of pictures with a page, or one page that holds everything. */
export interface Gallery {
  /** Adds a photo; a map whose class has the index −1 is a probe's, and is shown as it is, with its score. */
  add(seen: Seen, maps: readonly ClassMap[], options: GalleryOptions): Promise<void>;
  /** Writes the page; to be called also when the work was interrupted. */
  finish(): Promise<void>;
}

/** How boxes are drawn in a gallery's pictures. */
export interface GalleryOptions {
  readonly rule?: "paper" | "authors";
  /** Of the paper's rule. */
  readonly threshold?: number;
}

const TITLE = "Where the network looked";

/**
 * Opens what `--out` asks for. A name that ends in `.html` is one page that stands alone, each photo with sliders;
 * anything else is a folder, made where needed, in which each photo becomes a PNG that is called as the photo is, and
 * `index.html` lists them all.
 *
 * @param files all files that are to come: captions tell in which of their folders each lies
 * @param network whose notes the page is to show
 * @throws CamlabError when the folder cannot be made
 * @example
 * const gallery = await openGallery("out", files, network);
 */
export async function openGallery(
  out: string,
  files: readonly string[],
  network: Pick<Network, "name" | "notes">,
): Promise<Gallery> {
  const captionOf = captions(files);
  if (/^\.html?$/i.test(extname(out))) return openPage(out, captionOf, network);
  try {
    await makeFolder(out);
  } catch (error) {
    throw new CamlabError(`cannot write into ${printable(out)}: ${messageOf(error)}`);
  }
  const stemOf = uniqueStems();
  const sections: PageSection[] = [];
  return {
    async add(seen, maps, options) {
      const picture = `${stemOf(seen.photo.file)}.png`;
      const grid = gridOf(seen, maps, { ...options, sliders: false }, captionOf);
      await writeWhole(join(out, picture), await grid.toPng());
      sections.push({ html: pictureHtml(picture, maps, captionOf(seen.photo.file)) });
    },
    async finish() {
      await writeWhole(join(out, "index.html"), await pageOf(sections, network));
    },
  };
}

function pageOf(sections: readonly PageSection[], network: Pick<Network, "name" | "notes">): Promise<string> {
  return htmlPage({ title: TITLE, sections: [...sections, ...notesSection(network)] });
}

function openPage(
  file: string,
  captionOf: (file: string) => string,
  network: Pick<Network, "name" | "notes">,
): Gallery {
  const sections: PageSection[] = [];
  return {
    async add(seen, maps, options) {
      const fragment = await gridOf(seen, maps, options, captionOf).toHtmlFragment();
      sections.push({ heading: captionOf(seen.photo.file) }, { toHtmlFragment: () => Promise.resolve(fragment) });
    },
    async finish() {
      await writeWhole(file, await pageOf(sections, network));
    },
  };
}

function gridOf(seen: Seen, maps: readonly ClassMap[], options: CamGridOptions, captionOf: (file: string) => string) {
  const several = new Set(maps.map(({ seenClass }) => seenClass.index)).size > 1;
  const classes = maps.map(({ seenClass, map, way }) => {
    if (way) return { ...withoutOutliers(map), label: several ? `${way.title}: ${seenClass.name}` : way.title };
    return seenClass.index < 0 ? { ...map, score: seenClass.score } : seenClass.index;
  });
  const boxless = new Set(maps.flatMap(({ way, box }) => (way && !box ? [way.title] : [])));
  const boxes = (label: string) => ![...boxless].some((title) => label === title || label.startsWith(`${title}: `));
  return camGrid(seen, { classes, boxes, caption: () => captionOf(seen.photo.file), ...options });
}

/** A map of thousands of pixels is shown up to its 99.5th percentile, or the loudest pixel alone would be seen. */
function withoutOutliers(map: HeatMap): HeatMap {
  if (map.data.length < 2500) return map;
  const sorted = map.data.slice().sort();
  const [low, high] = [0.005, 0.995].map((share) => sorted[Math.round(share * (sorted.length - 1))]);
  return { ...map, data: map.data.map((value) => Math.min(high, Math.max(low, value))) };
}

/** Each file's path below the folder that all of them lie in. */
function captions(files: readonly string[]): (file: string) => string {
  const folders = files.map((file) => dirname(resolve(file)).split(sep));
  const [first = []] = folders;
  const shared = first.findIndex((part, i) => folders.some((folder) => folder[i] !== part));
  const common = first.slice(0, shared < 0 ? first.length : shared).join(sep) || sep;
  return (file) => printable(relative(common, resolve(file)).split(sep).join("/") || file);
}

function pictureHtml(picture: string, maps: readonly ClassMap[], caption: string): string {
  const strength = ({ index, probability, score }: ClassMap["seenClass"]) => {
    const value = index < 0 ? score : probability;
    return Number.isNaN(value) ? "" : ` ${value.toFixed(2)}`;
  };
  const names = maps
    .map(({ seenClass, way }) => `${way ? `${way.title} of ` : ""}${seenClass.name}${strength(seenClass)}`)
    .join(", ");
  const alt = escapeHtml(printable(`Class activation maps of ${caption}: ${names}`));
  return `<h2>${escapeHtml(caption)}</h2><div class="card"><img loading="lazy" src="${encodeURIComponent(picture)}" alt="${alt}"></div>`;
}
