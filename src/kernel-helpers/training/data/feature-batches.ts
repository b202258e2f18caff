// Head-only training: what the classifier reads is computed once for every image, and kept.
import type { Preprocessing } from "../../images/input/preprocessing.js";
import { type OnProgress, tellProgress } from "../../support/progress.js";
import { writePlain } from "./augment.js";
import type { BatchSource } from "./batches.js";
import type { PixelStore } from "./pixel-store.js";
import type { Between, StepProgram } from "../loop/step-program.js";

/** What the learned part reads of all images: one list of numbers a value, image after image. */
export interface KeptFeatures {
  readonly items: readonly number[];
  readonly values: ReadonlyMap<string, { readonly dims: readonly number[]; readonly data: Float32Array }>;
}

const AT_ONCE = 16;

/** Runs the frozen part once over some items; those that turn out unreadable are left out. */
export async function computeFeatures(
  program: StepProgram,
  store: PixelStore,
  items: readonly number[],
  { width, height, ...form }: Preprocessing,
  { onProgress, signal }: { readonly onProgress?: OnProgress; readonly signal?: AbortSignal },
): Promise<KeptFeatures> {
  const tell = tellProgress(onProgress, "computing features", items.length);
  const size = width * height * 3;
  const space = new Float32Array(AT_ONCE * size);
  const kept: number[] = [];
  const parts: Between[] = [];
  let coming = store.pixels(items.slice(0, AT_ONCE));
  for (let from = 0; from < items.length; from += AT_ONCE) {
    signal?.throwIfAborted();
    const group = items.slice(from, from + AT_ONCE);
    const pixels = await coming;
    coming = store.pixels(items.slice(from + AT_ONCE, from + 2 * AT_ONCE));
    coming.catch(() => {});
    let slot = 0;
    pixels.forEach((each, i) => {
      if (!each) return;
      writePlain(space, slot++, each, { width, height, ...form });
      kept.push(group[i]);
    });
    if (slot > 0) parts.push(await program.frozen(space.subarray(0, slot * size), [slot, height, width]));
    tell(from + group.length);
  }
  return { items: kept, values: new Map(program.between.map((name) => [name, joined(parts, name)])) };
}

/** Batches of what was computed once. */
export function featureBatches({ items, values }: KeptFeatures): BatchSource {
  const places = new Map(items.map((item, place) => [item, place]));
  return {
    batch: (program, indices) => {
      const rows = indices.map((index) => places.get(index)!);
      const between = Object.fromEntries([...values].map(([name, value]) => [name, taken(value, rows)]));
      return Promise.resolve({ indices, feeds: program.feedsOf(between) });
    },
  };
}

function joined(parts: readonly Between[], name: string) {
  const lists = parts.map((part) => part[name].data);
  const data = new Float32Array(lists.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const list of lists) {
    data.set(list, at);
    at += list.length;
  }
  return { dims: parts[0]?.[name].dims.slice(1) ?? [], data };
}

function taken(
  { dims, data }: { readonly dims: readonly number[]; readonly data: Float32Array },
  rows: readonly number[],
) {
  const each = dims.reduce((product, dim) => product * dim, 1);
  const result = new Float32Array(rows.length * each);
  rows.forEach((row, i) => result.set(data.subarray(row * each, (row + 1) * each), i * each));
  return { dims: [rows.length, ...dims], data: result };
}
