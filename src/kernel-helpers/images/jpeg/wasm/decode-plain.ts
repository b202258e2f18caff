// Plain JPEG files decoded and resized in WebAssembly, on the thread that asks.
import { readFileSync } from "node:fs";
import type { Box } from "../../box.js";
import type { PlainJpeg } from "../plain-jpeg.js";
import { reducingWeights } from "../reducing-weights.js";
import { PAGE, type WasmMemory, type WasmModule, WebAssembly } from "../../../support/wasm/web-assembly.js";

/** What to take of a picture as stored: cut `region`, reduce it to `reduced`, cut `needed` out of that. Whole pixels. */
export interface StoredPlan {
  readonly region: Box;
  readonly reduced: { readonly width: number; readonly height: number };
  readonly needed: Box;
}

/** What plain-jpeg.as exports. Addresses are byte offsets into the memory. */
interface Exports {
  readTable(counts: number, table: number): number;
  decodeScan(data: number, frame: number, order: number, block: number): number;
  toLines(...addressesAndSizes: number[]): void;
  resize(...addressesAndSizes: number[]): void;
}

/**
 * Decodes a plain JPEG, with libjpeg's pixels, and resizes what is needed of it as `reducingWeights` says.
 *
 * @returns RGB pixels; undefined when anything about the data is odd
 */
export function decodePlain(bytes: Uint8Array, jpeg: PlainJpeg, plan: StoredPlan): Uint8Array | undefined {
  const { region, reduced, needed } = plan;
  const across = reducingWeights(region.width, reduced.width, needed.x, needed.width, 8);
  const down = reducingWeights(region.height, reduced.height, needed.y, needed.height, 2);
  const part = { x: region.x + across.start, y: region.y + down.start, width: across.length, height: down.length };
  const places = placesOf(bytes.length, jpeg);
  const room = new Room(places.end);
  const gap = Math.ceil((part.width + 16) / 16) * 16;
  const lines = room.take(3 * gap * (part.height + down.taps));
  const line = room.take(3 * gap + 16);
  const weights = [room.take(across.table.byteLength), room.take(down.table.byteLength)];
  const result = room.take(3 * needed.width * needed.height + 16);

  const { exports, memory } = instanceOf(room.size);
  const all = new Uint8Array(memory.buffer);
  if (!decodePlanes(bytes, jpeg, part, places, exports, all)) return undefined;
  toLines(jpeg, part, places, exports, all, lines, gap);
  all.set(new Uint8Array(across.table.buffer), weights[0]);
  all.set(new Uint8Array(down.table.buffer), weights[1]);
  const { width, height } = needed;
  exports.resize(lines, gap, weights[0], across.taps, width, weights[1], down.taps, height, line, result);
  return all.slice(result, result + 3 * width * height);
}

/** The planes of what is needed; false when anything about the data is odd. */
function decodePlanes(
  bytes: Uint8Array,
  jpeg: PlainJpeg,
  part: Box,
  { order, block, frame, tables, steps, file, planes }: Places,
  exports: Exports,
  all: Uint8Array,
): boolean {
  all.set(ORDER, order);
  all.set(bytes, file);
  all.set(ENDS, file + bytes.length);
  const tableAt = (number: number) => tables + TABLE * (number < 16 ? number : number - 12);
  for (const [number, at] of jpeg.codes) {
    if (exports.readTable(file + at, tableAt(number)) < 0) return false;
  }
  const view = new DataView(all.buffer);
  for (const [number, at] of jpeg.quantisations) {
    for (let k = 0; k < 64; k++) view.setInt16(steps + STEPS * number + ORDER[k], bytes[at + k], true);
  }
  const { across, down, unitsAcross, unitsDown } = unitsOf(jpeg);
  const numbers = [unitsAcross, unitsDown, jpeg.restart, jpeg.components.length];
  for (const [i, component] of jpeg.components.entries()) {
    numbers.push(component.across, component.down, tableAt(component.dc), tableAt(16 + component.ac));
    numbers.push(steps + STEPS * component.quantisation, planes[i].at, planes[i].line);
    numbers.push(...neededBlocks(part, (8 * across) / component.across, (8 * down) / component.down));
  }
  numbers.forEach((number, i) => view.setInt32(frame + 4 * i, number, true));
  return exports.decodeScan(file + jpeg.scan, frame, order, block) !== 0;
}

/** Lines of red, green and blue of what is needed. */
function toLines(
  jpeg: PlainJpeg,
  { x, y, width, height }: Box,
  { planes, sums, wide, end }: Places,
  exports: Exports,
  all: Uint8Array,
  lines: number,
  gap: number,
): void {
  const { across, down, chromaColumns } = unitsOf(jpeg);
  const isGrey = planes.length === 1;
  // One line of the middle stands for all lines of the colours that are not there.
  if (isGrey) all.fill(128, wide, end);
  const [luma, cb, cr] = isGrey ? [planes[0], { at: wide, line: 0 }, { at: wide, line: 0 }] : planes;
  const halved = across === 1 ? 0 : down;
  const chromaRows = Math.ceil(jpeg.height / down);
  const first = luma.at + y * luma.line + x;
  const colours = [cb.at, cr.at, cb.line, halved, chromaColumns, chromaRows];
  exports.toLines(first, luma.line, ...colours, isGrey ? 0 : x, y, width, height, sums, wide, lines, gap);
}

/** Bytes of a table of Huffman codes, of one of steps, and of what is said of a component. */
const TABLE = 4096 + 512;
const STEPS = 128;
const COMPONENT = 44;

/** The coefficients in the order of a file (figure A.6 of the standard), as byte offsets in a block. */
const ORDER = Uint8Array.from({ length: 80 }, () => 126);
for (let diagonal = 0, k = 0; diagonal < 15; diagonal++) {
  for (let i = Math.max(0, diagonal - 7); i <= Math.min(7, diagonal); i++) {
    const [row, column] = diagonal % 2 === 0 ? [diagonal - i, i] : [i, diagonal - i];
    ORDER[k++] = 2 * (8 * row + column);
  }
}

/** Where the decoder stops at the latest. */
const ENDS = Uint8Array.of(0xff, 0xd9, 0xff, 0xd9, 0xff, 0xd9, 0xff, 0xd9);

/** Places in the memory, one behind the other. */
class Room {
  constructor(public size: number) {}

  take(bytes: number): number {
    const at = this.size;
    this.size += Math.ceil(bytes / 16) * 16;
    return at;
  }
}

/** What decoding needs in the memory, whatever is taken of the picture. */
type Places = ReturnType<typeof placesOf>;

function placesOf(fileBytes: number, jpeg: PlainJpeg) {
  const room = new Room(0);
  const { unitsAcross, unitsDown, chromaColumns } = unitsOf(jpeg);
  return {
    order: room.take(ORDER.length),
    block: room.take(160),
    frame: room.take(16 + 3 * COMPONENT),
    tables: room.take(8 * TABLE),
    steps: room.take(4 * STEPS),
    file: room.take(fileBytes + ENDS.length),
    planes: jpeg.components.map((component) => {
      const line = 8 * component.across * unitsAcross;
      return { at: room.take(line * 8 * component.down * unitsDown + 16), line };
    }),
    sums: room.take(2 * (chromaColumns + 10)),
    wide: room.take(2 * (2 * chromaColumns + 16)),
    end: room.size,
  };
}

/** A picture's units: blocks of its first component in each, how many, and how many columns the other components have. */
function unitsOf({ width, height, components: [{ across, down }] }: PlainJpeg) {
  const unitsAcross = Math.ceil(width / (8 * across));
  return {
    across,
    down,
    unitsAcross,
    unitsDown: Math.ceil(height / (8 * down)),
    chromaColumns: Math.ceil(width / across),
  };
}

/** First and last block across, then down, for a part of the picture and the neighbours of its colours. */
function neededBlocks({ x, y, width, height }: Box, across: number, down: number): number[] {
  const [left, right, top, bottom] = [x - 2, x + width + 1, y - 2, y + height + 1];
  return [left / across, right / across, top / down, bottom / down].map(Math.floor);
}

let compiled: WasmModule | undefined;
let instance: { readonly exports: Exports; readonly memory: WasmMemory } | undefined;

/** One for each thread, with memory of at least so many bytes. */
function instanceOf(bytes: number): NonNullable<typeof instance> {
  const pages = Math.ceil(bytes / PAGE);
  if (!instance) {
    compiled ??= new WebAssembly.Module(readFileSync(new URL("./plain-jpeg.wasm", import.meta.url)));
    const memory = new WebAssembly.Memory({ initial: pages });
    instance = { exports: new WebAssembly.Instance(compiled, { env: { memory } }).exports as Exports, memory };
  }
  const { memory } = instance;
  const missing = pages - memory.buffer.byteLength / PAGE;
  if (missing > 0) memory.grow(missing);
  return instance;
}
