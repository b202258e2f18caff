// Findings that tests make up, photo by photo.
import { listObjects } from "../../../../src/kernel-helpers/discovery/scenes/list-objects.js";
import type { SceneFinding, ScenePhoto } from "../../../../src/kernel-helpers/discovery/scenes/scene-findings.js";
import { placementOf } from "../../../../src/kernel-helpers/images/input/placement.js";
import { preprocessing } from "../../images/pictures.js";

/** A photo of 20 × 10 whose objects have 100 pixels each, of which the given shares are hot. */
export function photoWith(shares: Readonly<Record<string, number>>, file = "photo.png"): ScenePhoto {
  return {
    file,
    id: file,
    width: 20,
    height: 10,
    decisionValue: 0.5,
    map: {
      width: 2,
      height: 1,
      values: [1, 0],
      placement: placementOf(preprocessing({ width: 4, height: 2, fit: "squash" }), 20, 10),
    },
    hotShare: 0.5,
    objects: Object.entries(shares).map(([name, share], i) => ({
      name,
      box: { x: i, y: 0, width: 10, height: 10 },
      seen: 100,
      hot: Math.round(100 * share),
    })),
  };
}

/** What would have been found in these photos. */
export function sceneOf(scene: string, photos: readonly ScenePhoto[], minImages: number): SceneFinding {
  return { scene, averagePrecision: 1, ...listObjects(photos, { overlap: 0.5, minImages }), photos };
}
