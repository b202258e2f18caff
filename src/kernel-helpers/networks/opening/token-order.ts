import type { GapHead } from "../../graph/head/gap-head.js";
import { CamlabError } from "../../support/errors.js";
import type { NetworkOutputs } from "../network.js";

/** Runs a batch of pictures, `count × 3 × height × width`. */
type Run = (batch: Float32Array, count: number) => Promise<NetworkOutputs>;

/** Whether the order of a head's tokens was only assumed, so that it has to be confirmed. */
export function isAssumed({ featureMaps }: GapHead): boolean {
  return [featureMaps, ...(featureMaps.parts ?? [])].some(({ tokens }) => tokens?.order === "assumed");
}

/**
 * Confirms that tokens go row by row over the picture, by changing its corners: one run on a plain picture with noise, one
 * on the same picture with each corner changed in turn. The cell of a corner must change the most, in all four, or nearly so
 * where a neighbour sees the corner too.
 *
 * @returns the head with its order confirmed
 * @throws CamlabError when another cell changes more: the tokens go in an order that is not known
 */
export async function confirmTokenOrder(
  head: GapHead,
  { width, height }: { readonly width: number; readonly height: number },
  run: Run,
): Promise<GapHead> {
  const { width: columns = 1, height: rows = 1 } = head.featureMaps;
  const plain = Float32Array.from({ length: 3 * height * width }, (_, i) => 0.1 * Math.sin(1.7 * i));
  const corners = [
    { row: 0, column: 0 },
    { row: 0, column: columns - 1 },
    { row: rows - 1, column: 0 },
    { row: rows - 1, column: columns - 1 },
  ];
  const cell = { width: Math.max(1, Math.floor(width / columns)), height: Math.max(1, Math.floor(height / rows)) };
  const batch = new Float32Array(4 * plain.length);
  corners.forEach(({ row, column }, i) => {
    batch.set(plain, i * plain.length);
    const [left, top] = [column === 0 ? 0 : width - cell.width, row === 0 ? 0 : height - cell.height];
    for (let channel = 0; channel < 3; channel++) {
      for (let y = top; y < top + cell.height; y++) {
        const from = i * plain.length + (channel * height + y) * width + left;
        for (let x = 0; x < cell.width; x++) batch[from + x] += 2 * Math.cos(2.3 * x + 0.7 * y + channel);
      }
    }
  });
  const before = await run(plain, 1);
  const after = await run(batch, 4);
  corners.forEach(({ row, column }, i) => {
    const found = changeOf(before, after, i, row * columns + column);
    const near = Math.abs(found.row - row) <= 1 && Math.abs(found.column - column) <= 1;
    if (near && found.share >= NOTABLE) return;
    throw new CamlabError(
      `the order of this network's ${rows * columns} tokens is not known: a change at row ${row}, column ${column} moves the ` +
        `token at row ${found.row}, column ${found.column} the most, so they do not go row by row (${head.summary})`,
    );
  });
  return {
    ...head,
    summary: head.summary.replace("tokens, assumed row by row", "tokens, row by row as changed corners show"),
  };
}

/** A corner's own cell changes by at least this share of what the cell that changes the most does. */
const NOTABLE = 0.3;

/** The cell whose features change the most between a picture and one of a batch, and the share of that at `cell`. */
function changeOf(
  { featureMaps: { data: plain, channels, height, width } }: NetworkOutputs,
  { featureMaps: { data } }: NetworkOutputs,
  slot: number,
  cell: number,
): { row: number; column: number; share: number } {
  const places = height * width;
  const change = new Float64Array(places);
  for (let k = 0; k < channels; k++) {
    for (let p = 0; p < places; p++) {
      change[p] += (data[(slot * channels + k) * places + p] - plain[k * places + p]) ** 2;
    }
  }
  const most = change.indexOf(change.reduce((a, b) => Math.max(a, b)));
  return {
    row: Math.floor(most / width),
    column: most % width,
    share: Math.sqrt(change[cell] / (change[most] || 1)),
  };
}
