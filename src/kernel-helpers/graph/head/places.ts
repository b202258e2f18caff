import { intsAttribute } from "../onnx/attributes.js";
import type { Tail } from "./norms.js";
import { tokenOrder } from "./token-order.js";

/** Where the maps lie that a pooling reads, and which of their axes are rows and columns. */
export interface Places {
  /** The value that is pooled, seen through nodes that only reorder its axes. */
  readonly maps: string;
  /** Order of that value's axes: `N` photos, `C` channels, `H` rows, `W` columns, `P` all places in one axis. */
  readonly layout: string;
  readonly channels?: number;
  readonly height?: number;
  readonly width?: number;
  /** For places in one axis: which of them is the first of the grid, and how many there are. */
  readonly tokens?: {
    readonly first: number;
    readonly count: number;
    /** `read` from the graph, or `assumed` to go row by row: then it is confirmed when the network opens. */
    readonly order: "read" | "assumed";
  };
}

/**
 * The maps behind a value whose axes `axes` are pooled: rows and columns of maps, in either order of axes, or an axis of
 * tokens. Undefined when they are no places.
 */
export function placesOf(tail: Tail, value: string, axes: readonly number[]): Places | undefined {
  const shape = tail.shapes.get(value);
  const rank = shape?.length ?? 4;
  const labels = rank === 4 ? FOUR.get(axes.join()) : rank === 3 ? THREE.get(axes.join()) : undefined;
  if (!labels) return undefined;
  const source = sunk(tail, { value, labels });
  return source.labels.includes("P") ? tokensOf(tail, source) : mapsOf(tail, source);
}

const FOUR: ReadonlyMap<string, string> = new Map([
  ["2,3", "NCHW"],
  ["1,2", "NHWC"],
]);
const THREE: ReadonlyMap<string, string> = new Map([
  ["2", "NCP"],
  ["1", "NPC"],
]);
const KNOWN = new Set(["NCHW", "NHWC", "NCP", "NPC"]);

interface Labelled {
  readonly value: string;
  readonly labels: string;
}

/** The same numbers further up, before transpositions and before rows and columns became one axis. */
function sunk(tail: Tail, start: Labelled): Labelled {
  let at = start;
  for (let node = tail.graph.producer(at.value); node; node = tail.graph.producer(at.value)) {
    const value = node.input[0];
    if (node.opType === "Transpose") {
      const perm = intsAttribute(node, "perm");
      if (perm?.length !== at.labels.length) return at;
      const before = [...at.labels];
      perm.forEach((axis, i) => (before[axis] = at.labels[i]));
      if (!KNOWN.has(before.join(""))) return at;
      at = { value, labels: before.join("") };
    } else if (node.opType === "Identity" || node.opType === "Dropout") at = { value, labels: at.labels };
    else if (node.opType === "Reshape" || node.opType === "Flatten") {
      const labels = unflattened(tail, value, at);
      if (!labels) return at;
      at = { value, labels };
    } else return at;
  }
  return at;
}

/** The axes before rows and columns became one, when that is what happened. */
function unflattened({ shapes }: Tail, before: string, { value, labels }: Labelled): string | undefined {
  const [source, flat] = [shapes.get(before), shapes.get(value)];
  if (source?.length !== 4 || flat?.length !== 3 || !labels.includes("P")) return undefined;
  const [rows, columns] = labels === "NCP" ? [2, 3] : [1, 2];
  const channel = labels === "NCP" ? [1, 1] : [3, 2];
  if (source[channel[0]] !== flat[channel[1]] || source[channel[0]] === null) return undefined;
  const count = flat[labels.indexOf("P")];
  const [height, width] = [source[rows], source[columns]];
  const known = typeof count === "number" && typeof height === "number" && typeof width === "number";
  if (known && height * width !== count) return undefined;
  return labels === "NCP" ? "NCHW" : "NHWC";
}

function mapsOf({ shapes }: Tail, { value, labels }: Labelled): Places | undefined {
  const shape = shapes.get(value);
  if (shape && shape.length !== 4) return undefined;
  const size = (axis: string) => {
    const dim = shape?.[labels.indexOf(axis)];
    return typeof dim === "number" ? dim : undefined;
  };
  return { maps: value, layout: labels, channels: size("C"), height: size("H"), width: size("W") };
}

function tokensOf(tail: Tail, { value, labels }: Labelled): Places | undefined {
  const shape = tail.shapes.get(value);
  const axis = labels.indexOf("P");
  const [count, channels] = [shape?.[axis], shape?.[labels.indexOf("C")]];
  if (typeof count !== "number") return undefined;
  const read = tokenOrder(tail, value, axis);
  const grid = read ?? assumedGrid(tail, count);
  if (!grid || grid.first + grid.height * grid.width > count) return undefined;
  const { first, height, width } = grid;
  return {
    maps: value,
    layout: labels,
    ...(typeof channels === "number" && { channels }),
    height,
    width,
    tokens: { first, count, order: read ? "read" : "assumed" },
  };
}

/** Rows and columns of the input's proportions. */
function assumedGrid({ graph }: Tail, count: number): { first: number; height: number; width: number } | undefined {
  const [, , rows, columns] = graph.inputs[0]?.dims ?? [];
  const aspect = typeof rows === "number" && typeof columns === "number" ? rows / columns : 1;
  const height = Math.round(Math.sqrt(count * aspect));
  const width = count / height;
  const close = Math.abs(height / width - aspect) <= 0.02 * aspect;
  return count > 1 && Number.isInteger(width) && close ? { first: 0, height, width } : undefined;
}
