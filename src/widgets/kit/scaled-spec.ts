import { isVegaLite, type VegaSpec } from "./vega-spec.js";

type Json = unknown;
type Node = Readonly<Record<string, Json>>;

/**
 * A Vega-Lite spec with everything larger by a factor: pictures, lines, gaps and text. What is in pixels is known by the
 * names of its properties, and in data by the channels without a scale that it goes to.
 *
 * A Vega spec reads the factor from its own signal `scale`, where it has one.
 */
export function scaledSpec(spec: VegaSpec, factor: number): VegaSpec {
  if (isVegaLite(spec)) return scaleView(spec, factor) as unknown as VegaSpec;
  const signals = (spec.signals ?? []) as readonly { readonly name: string }[];
  return { ...spec, signals: signals.map((each) => (each.name === "scale" ? { ...each, value: factor } : each)) };
}

/** Properties that are pixels wherever they stand. */
const LENGTHS = new Set([
  ...["width", "height", "step", "x", "y", "x2", "y2", "dx", "dy", "offset", "padding", "spacing", "row", "column"],
  ...["fontSize", "labelFontSize", "titleFontSize", "subtitleFontSize", "lineHeight", "limit", "labelLimit"],
  ...["titleLimit", "strokeWidth", "symbolStrokeWidth", "thickness", "tickSize", "labelPadding", "titlePadding"],
  ...["subtitlePadding", "cornerRadius", "cornerRadiusEnd", "rowPadding", "columnPadding", "labelOffset"],
]);
/** Properties that are lists of pixels. */
const LISTS = new Set(["strokeDash"]);
/** Properties whose insides are no pixels. */
const OTHERS = new Set(["data", "datasets", "params", "transform", "domain", "values"]);
const POSITIONS = ["x", "y", "x2", "y2"];

/** A view, with the data of its own scaled by what its marks make of it. */
function scaleView(view: Node, factor: number): Node {
  const scaled = scaleNode(view, factor);
  const { data } = view as { data?: { values?: readonly Node[] } };
  if (!data?.values) return scaled;
  const fields = pixelFields(view);
  const values = data.values.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [name, fields.has(name) ? times(value, factor) : value]),
    ),
  );
  return { ...scaled, data: { ...data, values } };
}

/** The fields that a view's marks, and those of its layers on the same data, take for pixels. */
function pixelFields({ encoding = {}, layer = [] }: { encoding?: Node; layer?: readonly Node[] }): Set<string> {
  const own = POSITIONS.flatMap((channel) => {
    const { field, scale } = (encoding[channel] ?? {}) as { field?: string; scale?: unknown };
    const along = (encoding[channel[0]] ?? {}) as { scale?: unknown };
    return field !== undefined && (scale === null || (channel.length > 1 && along.scale === null)) ? [field] : [];
  });
  const layers = layer.filter((each) => !("data" in each)).flatMap((each) => [...pixelFields(each)]);
  return new Set([...own, ...layers]);
}

function scaleNode(node: Node, factor: number): Node {
  const scaled = Object.entries(node).map(([key, value]) => [key, scaleProperty(node, key, value, factor)] as const);
  return Object.fromEntries(scaled);
}

function scaleProperty(node: Node, key: string, value: Json, factor: number): Json {
  if (OTHERS.has(key) || (isNode(value) && "gradient" in value)) return value;
  if (key === "size" || key === "symbolSize") return times(value, isThin(node) ? factor : factor * factor);
  if (key === "range") return Array.isArray(value) ? value.map((each) => times(each, factor)) : value;
  if (LISTS.has(key) && Array.isArray(value)) return value.map((each) => times(each, factor));
  if (LENGTHS.has(key) && typeof value === "number") return times(value, factor);
  if (POSITIONS.includes(key) && isConstant(value)) return { ...value, value: times(value.value, factor) };
  if (Array.isArray(value)) {
    return value.map((each: Json) => (isNode(each) ? scaleView(each, factor) : each));
  }
  return isNode(value) ? scaleView(value, factor) : value;
}

/** The size of ticks and bars is a length, that of points an area. */
function isThin({ type }: Node): boolean {
  return type === "tick" || type === "bar";
}

function isConstant(value: Json): value is { readonly value: Json } {
  return isNode(value) && "value" in value;
}

function isNode(value: Json): value is Node {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function times(value: Json, factor: number): Json {
  return typeof value === "number" ? Math.round(value * factor * 100) / 100 : value;
}
