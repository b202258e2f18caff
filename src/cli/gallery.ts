import { writeFile } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import type { ClassMap } from "../kernel-helpers/boxes/class-maps.js";
import type { Seen } from "../kernel-helpers/networks/seen.js";
import { CamlabError, messageOf } from "../kernel-helpers/support/errors.js";
import { escapeHtml, printable } from "../kernel-helpers/support/escape.js";
import { makeFolder } from "../kernel-helpers/support/make-folder.js";
import { camGrid } from "../widgets/cam-grid/cam-grid.js";
import { htmlPage } from "../widgets/kit/html-page.js";

/** A folder of pictures with a page that shows them, filled one photo at a time. */
export interface Gallery {
  /** Adds a photo; a map whose class has the index −1 is a probe's, and is shown as it is. */
  add(seen: Seen, maps: readonly ClassMap[], options: GalleryOptions): Promise<void>;
  /** Writes `index.html`; to be called also when the work was interrupted. */
  finish(): Promise<void>;
}

/** How boxes are drawn in a gallery's pictures. */
export interface GalleryOptions {
  readonly rule?: "paper" | "authors";
  /** Of the paper's rule. */
  readonly threshold?: number;
}

/**
 * Opens a folder for the pictures of `camlab look --out`, making it where needed. Each photo becomes a PNG with a
 * plain, unique name derived from its own; `index.html` lists them all.
 *
 * @throws CamlabError when the folder cannot be made
 * @example
 * const gallery = await openGallery("out");
 */
export async function openGallery(folder: string): Promise<Gallery> {
  try {
    await makeFolder(folder);
  } catch (error) {
    throw new CamlabError(`cannot write into ${printable(folder)}: ${messageOf(error)}`);
  }
  const names = new Set<string>();
  const entries: string[] = [];
  return {
    async add(seen, maps, options) {
      const picture = `${uniqueName(seen.photo.file, names)}.png`;
      const classes = maps.map(({ seenClass, map }) => (seenClass.index < 0 ? map : seenClass.index));
      await writeFile(join(folder, picture), await camGrid(seen, { classes, sliders: false, ...options }).toPng());
      entries.push(entryHtml(picture, seen, maps));
    },
    async finish() {
      const sections = entries.map((html) => ({ html }));
      await writeFile(join(folder, "index.html"), await htmlPage({ title: "Where the network looked", sections }));
    },
  };
}

/** Letters, digits, dots and dashes only, whatever the photo is called; a number tells namesakes apart. */
function uniqueName(file: string, taken: Set<string>): string {
  const plain = basename(file, extname(file))
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[.-]+/, "");
  const stem = plain.slice(0, 100) || "photo";
  let name = stem;
  for (let i = 2; taken.has(name.toLowerCase()) || name.toLowerCase() === "index"; i++) name = `${stem}-${i}`;
  taken.add(name.toLowerCase());
  return name;
}

function entryHtml(picture: string, seen: Seen, maps: readonly ClassMap[]): string {
  const file = escapeHtml(printable(seen.photo.file));
  const strength = ({ index, probability, score }: ClassMap["seenClass"]) =>
    (index < 0 ? score : probability).toFixed(2);
  const names = maps.map(({ seenClass }) => `${seenClass.name} ${strength(seenClass)}`).join(", ");
  const alt = escapeHtml(printable(`Class activation maps: ${names}`));
  return `<h2>${file}</h2><div class="card"><img loading="lazy" src="${picture}" alt="${alt}"></div>`;
}
