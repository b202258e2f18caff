import type { ImageSource, PackedImage } from "../image.js";

/** Files in packs larger than this are not read: a picture of that size is none, or a trap. */
export const LARGEST_PACKED = 256 * 2 ** 20;

const KINDS: readonly unknown[] = ["part", "zip", "row", "address"];

/** Whether something is the description of a file in a pack. */
export function isPacked(value: unknown): value is PackedImage {
  if (typeof value !== "object" || value === null || !("pack" in value) || !("kind" in value)) return false;
  return typeof value.pack === "string" && KINDS.includes(value.kind);
}

/** Whether a source lies somewhere, rather than in memory: a path, or a file in a pack. */
export function isLocated(source: ImageSource): source is string | PackedImage {
  return typeof source === "string" || isPacked(source);
}

/**
 * What a file in a pack is called in front of people.
 *
 * @example
 * packedName(file); // "birds.tar/0001.jpg"
 */
export function packedName({ pack, entry }: PackedImage): string {
  return entry === "" ? pack : `${pack}/${entry}`;
}
