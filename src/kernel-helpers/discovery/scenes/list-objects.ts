import { check } from "../../support/check.js";
import type { ObjectLists, SceneObject, ScenePhoto } from "./scene-findings.js";

/** When an object lies under the map, and which objects are listed. */
export interface ListOptions {
  /** The share of an object's pixels that must be hot for it to lie under the map, 0 < s ≤ 1. */
  readonly overlap: number;
  /** Photos of the scene that an object must occur in to be listed. */
  readonly minImages: number;
}

/** An object's name in one photo. */
export interface PhotoName {
  /** The share of its seen pixels that is hot. */
  readonly share: number;
  /** Whether that is `overlap` or more. */
  readonly under: boolean;
}

/**
 * The two lists of a scene, from photos already looked at. All objects of one name in a photo are taken together: the
 * name lies *under the map* of the photo when at least the share `overlap` of their seen pixels is hot.
 *
 * - frequent: by the share of the photos that show the object.
 * - informative: by the share of it that lies under the map, 0 in photos without it, the mean over the photos; of equal
 *   ones, the one that more photos show comes first, then the name.
 *
 * @throws CamlabError for an option outside its range
 * @example
 * const { informative } = discover.listObjects(scenes.findings.scenes[0].photos, { overlap: 0.75, minImages: 10 });
 */
export function listObjects(photos: readonly ScenePhoto[], { overlap, minImages }: ListOptions): ObjectLists {
  checkListOptions({ overlap, minImages });
  const objects = countObjects(photos.map((photo) => namesOf(photo, overlap))).filter(
    (object) => object.photos >= minImages,
  );
  return { frequent: [...objects].sort(moreFrequent), informative: [...objects].sort(moreInformative) };
}

/** Refuses an overlap or a number of images that mean nothing. */
export function checkListOptions({ overlap, minImages }: ListOptions): void {
  check.number("overlap", overlap, { above: 0, to: 1 });
  check.count("minImages", minImages);
}

/** Which names a photo shows, and how much of each lies under its map; what the network saw no pixel of is not shown. */
export function namesOf({ objects }: Pick<ScenePhoto, "objects">, overlap: number): Map<string, PhotoName> {
  const sums = new Map<string, { seen: number; hot: number }>();
  for (const { name, seen, hot } of objects) {
    if (seen === 0) continue;
    const sum = sums.get(name) ?? { seen: 0, hot: 0 };
    sums.set(name, { seen: sum.seen + seen, hot: sum.hot + hot });
  }
  return new Map([...sums].map(([name, { seen, hot }]) => [name, { share: hot / seen, under: hot >= overlap * seen }]));
}

/** Every name that occurs, counted; in the order of first occurrence. */
function countObjects(photos: readonly ReadonlyMap<string, PhotoName>[]): SceneObject[] {
  const counts = new Map<string, { photos: number; under: number; shares: number }>();
  for (const names of photos) {
    for (const [name, { share, under }] of names) {
      const count = counts.get(name) ?? { photos: 0, under: 0, shares: 0 };
      counts.set(name, {
        photos: count.photos + 1,
        under: count.under + (under ? 1 : 0),
        shares: count.shares + share,
      });
    }
  }
  return [...counts].map(([name, count]) => ({
    name,
    photos: count.photos,
    frequency: count.photos / photos.length,
    under: count.under,
    informativeness: count.shares / photos.length,
  }));
}

/** What the lists are ordered by. */
type Ordered = Pick<SceneObject, "name" | "photos" | "informativeness">;

/** Negative when the first is the more frequent. */
export function moreFrequent(a: Ordered, b: Ordered): number {
  return b.photos - a.photos || byName(a, b);
}

/** Negative when the first is the more informative. */
export function moreInformative(a: Ordered, b: Ordered): number {
  return b.informativeness - a.informativeness || b.photos - a.photos || byName(a, b);
}

function byName(a: Ordered, b: Ordered): number {
  return a.name < b.name ? -1 : 1;
}
