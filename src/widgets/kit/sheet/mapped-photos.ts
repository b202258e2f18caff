import type { Ramp } from "./legend.js";

/** How photos with maps over them are shown, the same for all photos of a figure. */
export interface MappedPhotos {
  /** What the colours of the maps mean. */
  readonly ramp: Ramp;
  /** In pixels: the side of the square that a photo fits into or has the area of, or its height, as the figure goes. */
  readonly size: number;
  /** How strongly the maps are laid over the photos, 0–1. */
  readonly opacity: number;
  /** How much darker the photos are under them, 0–1. */
  readonly dimming: number;
}
