import { moreInformative } from "./list-objects.js";
import type { SceneFinding } from "./scene-findings.js";

/** An object of a list by how much of it lies under the map. */
export interface ObjectUnderMap {
  readonly name: string;
  /** How much of it is hot, 0–1. */
  readonly share: number;
  /** By how many places it stands higher than by frequency, those level with it counted for it; 0 where no higher, or where less than half of it is hot. */
  readonly rose: number;
}

/**
 * The informative objects of a scene, most of it under the map first.
 *
 * @param over what the share is the mean over: all photos, 0 where it is absent, or those that show it
 */
export function underMap({ informative }: Pick<SceneFinding, "informative">, over: "all" | "shown"): ObjectUnderMap[] {
  const shares = informative.map((object) => {
    return { object, share: over === "all" ? object.informativeness : object.informativeness / object.frequency };
  });
  shares.sort((a, b) => b.share - a.share || moreInformative(a.object, b.object));
  return shares.map(({ object, share }, place) => {
    const before = informative.filter(({ photos }) => photos > object.photos).length;
    return { name: object.name, share, rose: share < MOSTLY ? 0 : Math.max(0, before - place) };
  });
}

/** What is mostly not hot is not informative, wherever it stands. */
const MOSTLY = 0.5;
