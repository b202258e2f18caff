import type { HeatMap } from "../../cam/heat-map.js";
import { fieldBox, type ReceptiveField } from "../../graph/shapes/receptive-field.js";
import { toImage } from "../../images/input/placement.js";
import type { Seen } from "../../networks/seen.js";
import { plainMap } from "../scenes/scene-findings.js";
import type { UnitFinding, UnitImage } from "./unit-findings.js";
import { UpperTail } from "./upper-tail.js";

/** How the images that excite units are gathered. */
export interface GatherOptions {
  /** Images kept for each unit. */
  readonly top: number;
  /** The share of cells that a unit's threshold lets pass. */
  readonly quantile: number;
  /** Images that there may be. */
  readonly images: number;
  readonly field?: ReceptiveField;
}

/** What one run over the images tells of each unit. */
export type Excited = Pick<UnitFinding, "threshold" | "active" | "images">;

/** Gathers for each unit the images that excite it most and the upper end of its activations, image by image. */
export class StrongestImages {
  readonly #options: GatherOptions;
  #units: { images: Candidate[]; tail: UpperTail; active: number }[] = [];
  #cells = 0;

  constructor(options: GatherOptions) {
    this.#options = options;
  }

  /** @param id the image's name within its data set */
  add({ featureMaps, photo, placement }: Seen, id: string): void {
    const { channels, width, height, data } = featureMaps;
    const area = width * height;
    if (this.#units.length === 0) {
      // Maps of photographs that are seen whole differ in their number of places.
      const capacity = Math.floor(this.#options.quantile * 2 * area * this.#options.images) + 1;
      this.#units = Array.from({ length: channels }, () => ({ images: [], tail: new UpperTail(capacity), active: 0 }));
    }
    this.#cells += area;
    this.#units.forEach((unit, k) => {
      const values = data.subarray(k * area, (k + 1) * area);
      let [at, sum, alike] = [0, 0, 0];
      for (let p = 0; p < area; p++) {
        sum += values[p];
        if (values[p] > values[at]) [at, alike] = [p, 0];
        if (values[p] === values[at]) alike++;
        if (values[p] > 0) unit.active++;
        unit.tail.add(values[p]);
      }
      const found = { peak: values[at], alike: alike / area, mean: sum / area };
      const full = unit.images.length === this.#options.top;
      // Of equals the earlier image stays: same images, same result.
      if (full && !isStronger(found, unit.images[unit.images.length - 1])) return;
      const before = unit.images.findIndex((other) => isStronger(found, other));
      const map = { width, height, data: values.slice() };
      unit.images.splice(before < 0 ? unit.images.length : before, 0, { id, photo, placement, ...found, at, map });
      if (full) unit.images.pop();
    });
  }

  /** One a unit, in the order of the channels. */
  result(): Excited[] {
    const rank = Math.floor(this.#options.quantile * this.#cells);
    return this.#units.map(({ images, tail, active }) => ({
      threshold: tail.letting(rank),
      active: active / this.#cells,
      images: images.map((image) => imageOf(image, this.#options.field)),
    }));
  }
}

/** How strongly an image excites a unit: by its peak; of equal ones, as at a limit, by how much of it has it, then by its mean. */
interface Strength {
  readonly peak: number;
  /** Share of the cells that have the peak. */
  readonly alike: number;
  readonly mean: number;
}

function isStronger(a: Strength, b: Strength): boolean {
  if (a.peak !== b.peak) return a.peak > b.peak;
  return a.alike !== b.alike ? a.alike > b.alike : a.mean > b.mean;
}

interface Candidate extends Pick<Seen, "photo" | "placement">, Strength {
  readonly id: string;
  /** The cell that has it, counted row by row. */
  readonly at: number;
  readonly map: HeatMap;
}

function imageOf({ id, photo, placement, peak, at, map }: Candidate, field: ReceptiveField | undefined): UnitImage {
  const cell = { column: at % map.width, row: Math.floor(at / map.width) };
  const input = { width: placement.inputWidth, height: placement.inputHeight };
  const onInput = field && fieldBox(field, cell.column, cell.row, input);
  return {
    file: photo.file,
    id,
    width: photo.width,
    height: photo.height,
    peak,
    cell,
    ...(onInput && { field: toImage(placement, onInput, { clamp: true }) }),
    map: plainMap(map, placement),
  };
}
