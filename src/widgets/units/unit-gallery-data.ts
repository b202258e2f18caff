/** Everything that a gallery of units shows, as plain data. */
export interface UnitGalleryData {
  readonly title: string;
  /** What the pictures show, in words. */
  readonly caption: string;
  readonly rows: readonly UnitGalleryRow[];
  /** Height of a row in pixels. */
  readonly size: number;
  /** The IoU from which a concept counts as matched, marked on the bars. */
  readonly minIou: number;
}

/** A unit. */
export interface UnitGalleryRow {
  /** "unit 17". */
  readonly name: string;
  /** Said where there is no concept; "no concept" unless given. */
  readonly remark?: string;
  /** Its weight for the class that the gallery is about. */
  readonly weight?: number;
  /** The concept that agrees with it best, and the best that chance gives. */
  readonly concept?: {
    readonly name: string;
    readonly iou: number;
    readonly matched: boolean;
    readonly chance?: number;
  };
  readonly tiles: readonly UnitGalleryTile[];
}

/** An image that excites the unit. */
export interface UnitGalleryTile {
  readonly name: string;
  /** The image, or the part of it that is shown, as a data URI. */
  readonly uri: string;
  /** What is laid over it, as a data URI. */
  readonly veilUri?: string;
  /** Width by height. */
  readonly aspect: number;
  /** What the highest cell sees, in shares of the tile: x, y, width, height. */
  readonly field?: readonly [number, number, number, number];
}
