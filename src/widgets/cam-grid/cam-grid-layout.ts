import type { CamGridData, CamGridPhoto } from "./cam-grid-data.js";

/** A panel's place: the photo's own, or that of one of its maps. */
export interface GridCell {
  /** Which photo. */
  readonly photo: number;
  /** Which of its maps; −1 for the photo itself. */
  readonly panel: number;
  readonly x: number;
  /** Of the picture. */
  readonly width: number;
  /** Of the picture and its heading. */
  readonly room: number;
}

/** Panels side by side; their pictures are equally high. */
export interface GridRow {
  readonly height: number;
  readonly cells: readonly GridCell[];
}

type Layout = Pick<CamGridData, "size" | "width" | "columns">;

const GAP = 12;
/** Between photos that share a row. */
const WIDE_GAP = 30;
/** Room for a heading; a narrower picture stands at its left. */
const NARROWEST = 120;

/**
 * Rows of panels. Photos with few maps share rows, whatever their shapes: all pictures of a row are equally high. A
 * photo whose maps fill more than half a row has rows of its own, and each of its pictures the area of a square of
 * `size`. With `columns`, a row has that many panels, or as many whole photos with their maps as fit into that many.
 */
export function gridRows(photos: readonly CamGridPhoto[], layout: Layout): GridRow[] {
  const shared = sharedRows(photos, layout);
  return shared ?? photos.flatMap((photo, i) => ownRows(photo, i, layout, photos.length > 1));
}

/** Rows in which several photos stand; undefined when they do not. */
function sharedRows(photos: readonly CamGridPhoto[], { size, width, columns }: Layout): GridRow[] | undefined {
  const height = Math.round(0.87 * size);
  const panels = Math.max(...photos.map((photo) => photo.panels.length + 1));
  if (photos.length < 2) return undefined;
  if (columns === undefined) return panels <= MOST_SHARED ? packed(photos, height, width) : undefined;
  const together = Math.floor(columns / panels);
  if (together < 2) return undefined;
  return Array.from({ length: Math.ceil(photos.length / together) }, (_, i) =>
    rowOf(photos, i * together, Math.min(photos.length, (i + 1) * together), height),
  );
}

/** Photos with so many panels share rows. */
const MOST_SHARED = 3;
/** How much lower or higher the pictures of a row are made to fill it. */
const STRETCH = { least: 0.55, most: 1.25 } as const;

/** As many photos a row as fit, two at least unless they are very wide; full rows are stretched to one width. */
function packed(photos: readonly CamGridPhoto[], height: number, width: number): GridRow[] {
  const widthAt = (from: number, to: number, high: number) => {
    const row = rowOf(photos, from, to, high).cells.at(-1)!;
    return row.x + row.room;
  };
  const rows: GridRow[] = [];
  let last = height;
  for (let from = 0, to = 1; from < photos.length; from = to++) {
    while (to < photos.length && widthAt(from, to + 1, height) <= 1.06 * width) to++;
    if (to === from + 1 && to < photos.length && widthAt(from, to + 1, STRETCH.least * height) <= width) to++;
    const isFull = to < photos.length || widthAt(from, to, height) > width;
    if (isFull) last = stretched(height, (high) => widthAt(from, to, high), width);
    rows.push(
      rowOf(
        photos,
        from,
        to,
        Math.min(
          last,
          stretched(height, (high) => widthAt(from, to, high), width),
        ),
      ),
    );
  }
  return rows;
}

/** The height at which a row is as wide as asked for, as far as that is near the height wanted. */
function stretched(height: number, widthAt: (height: number) => number, width: number): number {
  let [low, high] = [STRETCH.least * height, STRETCH.most * height];
  for (let i = 0; i < 12; i++) {
    const middle = (low + high) / 2;
    if (widthAt(middle) > width) high = middle;
    else low = middle;
  }
  return Math.floor(low);
}

function rowOf(photos: readonly CamGridPhoto[], from: number, to: number, height: number): GridRow {
  const cells: GridCell[] = [];
  let x = 0;
  for (let photo = from; photo < to; photo++) {
    const [width, room] = [widthOf(photos[photo], height), roomOf(photos[photo], height)];
    for (let panel = -1; panel < photos[photo].panels.length; panel++) {
      cells.push({ photo, panel, x, width, room });
      x += room + GAP;
    }
    x += WIDE_GAP - GAP;
  }
  return { height, cells };
}

function widthOf({ width, height }: CamGridPhoto, high: number): number {
  return Math.max(8, Math.round((high * width) / height));
}

function roomOf(photo: CamGridPhoto, high: number): number {
  return Math.max(NARROWEST, widthOf(photo, high));
}

/** Rows of one photo's panels: evenly filled; one row where there are several photos with up to six panels each. */
function ownRows(
  photo: CamGridPhoto,
  index: number,
  { size, width: most, columns }: Layout,
  several: boolean,
): GridRow[] {
  const aspect = photo.width / photo.height;
  const wanted = Math.max(8, Math.min(most, size * Math.sqrt(aspect), 3 * size * aspect));
  const panels = photo.panels.length + 1;
  const fit = Math.max(1, Math.floor((1.15 * most + GAP) / (Math.max(wanted, NARROWEST) + GAP)));
  const even = several && panels <= 6 ? panels : Math.ceil(panels / Math.ceil(panels / fit));
  const widest = columns === undefined ? (most + GAP) / even - GAP : most;
  const width = Math.round(Math.min(wanted, widest));
  const room = Math.round(Math.max(width, Math.min(NARROWEST, widest)));
  const height = Math.max(8, Math.round(width / aspect));
  const across = columns ?? even;
  return Array.from({ length: Math.ceil(panels / across) }, (_, row) => ({
    height,
    cells: Array.from({ length: Math.min(across, panels - row * across) }, (_, i) => ({
      ...{ photo: index, panel: row * across + i - 1 },
      ...{ x: i * (room + GAP), width, room },
    })),
  }));
}
