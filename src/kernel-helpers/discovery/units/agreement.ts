import { upsample } from "../../cam/upsample.js";
import type { FeatureMaps } from "../../networks/seen.js";
import type { ConceptGrid, ConceptMasks } from "./concept-masks.js";
import type { UnitConcept } from "./unit-findings.js";

/**
 * Counts, image by image, how far the areas where units are above their thresholds agree with concepts: network
 * dissection's sums (Bau et al., CVPR 2017). A unit's map is stretched bilinearly onto the grid; its area is where it is
 * above T_k.
 */
export class Agreement {
  readonly #thresholds: readonly number[];
  readonly #grid: ConceptGrid;
  readonly #concepts: number;
  /** Points of the grid that each unit covers, and each concept. */
  readonly #unitArea: Float64Array;
  readonly #conceptArea: Float64Array;
  /** Points that both cover, `units × concepts`: with an image's own masks, then with each permutation's. */
  readonly #shared: readonly Float64Array[];
  #seen = 0;

  /** @param permutations how many masks of other images each image is also held against */
  constructor(thresholds: readonly number[], concepts: number, permutations: number, grid: ConceptGrid) {
    this.#thresholds = thresholds;
    this.#grid = grid;
    this.#concepts = concepts;
    this.#unitArea = new Float64Array(thresholds.length);
    this.#conceptArea = new Float64Array(concepts);
    this.#shared = Array.from({ length: 1 + permutations }, () => new Float64Array(thresholds.length * concepts));
  }

  /** @param masks the image's own, then those of other images */
  add({ width, height, data }: FeatureMaps, masks: readonly ConceptMasks[]): void {
    const [own] = masks;
    this.#seen += countOf(own.seen);
    for (const [concept, mask] of own.masks) this.#conceptArea[concept] += countOf(mask);
    const area = width * height;
    this.#thresholds.forEach((threshold, unit) => {
      const values = data.subarray(unit * area, (unit + 1) * area);
      // Between cells a stretched map is never above the highest of them.
      if (!values.some((value) => value > threshold)) return;
      const stretched = upsample({ width, height, data: values }, this.#grid).data;
      const points: number[] = [];
      for (let p = 0; p < stretched.length; p++) if (stretched[p] > threshold && own.seen[p]) points.push(p);
      this.#unitArea[unit] += points.length;
      masks.forEach((each, i) => {
        for (const [concept, mask] of each.masks) {
          let shared = 0;
          for (const p of points) shared += mask[p];
          this.#shared[i][unit * this.#concepts + concept] += shared;
        }
      });
    });
  }

  /** A concept's share of all that was seen. */
  areaOf(concept: number): number {
    return this.#seen > 0 ? this.#conceptArea[concept] / this.#seen : 0;
  }

  /** How a unit agrees with every concept, in the order of their numbers. */
  conceptsOf(unit: number, names: readonly string[]): UnitConcept[] {
    return names.map((name, concept) => {
      const shared = this.#shared[0][unit * this.#concepts + concept];
      const [unitArea, conceptArea] = [this.#unitArea[unit], this.#conceptArea[concept]];
      return {
        name,
        iou: ratio(shared, unitArea + conceptArea - shared),
        precision: ratio(shared, unitArea),
        recall: ratio(shared, conceptArea),
      };
    });
  }

  /** A unit's best IoU with masks of other images, one for each permutation. */
  controlOf(unit: number): number[] {
    return this.#shared.slice(1).map((shared) => {
      let best = 0;
      for (let concept = 0; concept < this.#concepts; concept++) {
        const both = shared[unit * this.#concepts + concept];
        best = Math.max(best, ratio(both, this.#unitArea[unit] + this.#conceptArea[concept] - both));
      }
      return best;
    });
  }
}

function countOf(mask: Uint8Array): number {
  let count = 0;
  for (let p = 0; p < mask.length; p++) count += mask[p];
  return count;
}

function ratio(part: number, whole: number): number {
  return whole > 0 ? part / whole : 0;
}
