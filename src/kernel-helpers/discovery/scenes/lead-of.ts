import type { HeatMap } from "../../cam/heat-map.js";

/** How much each place speaks for a scene. */
export interface SceneMap {
  readonly scene: string;
  /** Its map; raw. */
  readonly map: HeatMap;
  /** What the scene's score has beside the mean of its map. */
  readonly bias: number;
}

/**
 * By how much each place speaks more for a scene than for the one of all others that it speaks for most: m_s + b_s less
 * the largest m_t + b_t. Above 0 the place alone would be taken for the scene.
 *
 * @param maps of all scenes on one photo, equally large
 * @returns nothing when there is no other scene
 */
export function leadOf(scene: string, maps: readonly SceneMap[]): HeatMap | undefined {
  const own = maps.find((each) => each.scene === scene);
  const others = maps.filter((each) => each !== own);
  if (!own || others.length === 0) return undefined;
  const data = own.map.data.map(
    (value, place) => value + own.bias - Math.max(...others.map(({ map, bias }) => map.data[place] + bias)),
  );
  return { ...own.map, data };
}
