import { placed } from "../kit/sheet/heat-panel.js";
import { drawLegend } from "../kit/sheet/legend.js";
import { lineHeight, Sheet } from "../kit/sheet/sheet.js";
import { chartTitle } from "../kit/text/chart-title.js";
import { fitText } from "../kit/text/fit-text.js";
import { textWidth } from "../kit/text/text-width.js";
import { CATEGORY_COLOURS, COLOUR, FONT_SIZE, litePreamble } from "../kit/theme.js";
import type { VegaSpec } from "../kit/vega-spec.js";
import type { FeatureExplorerData, FeaturePoint } from "./feature-explorer-data.js";

const SIDE = 430;
const COLOURS = CATEGORY_COLOURS.slice(0, 6);
const SHAPES = ["circle", "triangle-up", "square", "diamond", "cross", "triangle-down", "triangle-right"] as const;
/** So many labels have a colour and a shape of their own, and a legend. */
const TOLD_APART = COLOURS.length * SHAPES.length;

/**
 * A scatter of pictures by label as a Vega-Lite spec; beside it the picture that is pointed at, and its map. Pure: same
 * data, same spec. Two parameters can be changed where Vega runs: the picture, by pointing or with a slider, and
 * the label that stands out.
 */
export function featureExplorerSpec(data: FeatureExplorerData): VegaSpec {
  const { points, title, subtitle, size, ramp } = data;
  const beside = ramp ? 2 * size + 12 : size;
  return {
    ...litePreamble(describe(data)),
    title: chartTitle(title, { subtitle, width: SIDE + 40 + beside, offset: 14 }),
    datasets: { points: points.map((point, n) => ({ n, ...wordsOf(point, data), x: point.x, y: point.y })) },
    hconcat: [scatter(data), picture(data)],
    spacing: 28,
  };
}

function wordsOf({ label, name }: FeaturePoint, { labels }: FeatureExplorerData) {
  return { label: labels[label], name };
}

function scatter({ points, labels, axes }: FeatureExplorerData): object {
  const reach = (of: (point: FeaturePoint) => number) => {
    const values = points.map(of);
    return [Math.min(...values), Math.max(...values)] as const;
  };
  const [across, up] = [reach(({ x }) => x), reach(({ y }) => y)];
  // One scale for both: what is near in the plane is near on the page.
  const [wide, high] = [across, up].map(([least, most]) => 1.08 * Math.max(most - least, 1e-6));
  const height = Math.round(SIDE * Math.min(1.1, Math.max(0.68, high / wide)));
  const perPixel = Math.max(wide / SIDE, high / height);
  const axis = (field: string, [least, most]: readonly [number, number], title: string, pixels: number) => ({
    ...{ field, type: "quantitative" },
    scale: { domain: [-1, 1].map((end) => (least + most + end * pixels * perPixel) / 2), nice: false, zero: false },
    axis: { title, titleFontWeight: "normal", labels: false, ticks: false, grid: false, domainColor: COLOUR.track },
  });
  const told = labels.length <= TOLD_APART;
  const [x, y] = [axis("x", across, axes[0], SIDE), axis("y", up, axes[1], height)];
  const [stands, chosen] = [{ param: "label" }, { param: "picture", empty: false }];
  const channel = (range: readonly string[]) => ({
    ...{ field: "label", type: "nominal" },
    scale: { domain: labels, range },
    legend: told ? legendOf(labels) : null,
  });
  const each = <T>(of: (at: number) => T) => labels.map((_, at) => of(at));
  const color = channel(each((at) => COLOURS[at % COLOURS.length]));
  const shape = channel(each((at) => SHAPES[Math.floor(at / COLOURS.length) % SHAPES.length]));
  return {
    ...{ width: SIDE, height, data: { name: "points" } },
    layer: [
      {
        params: [pictureChoice(points.length), labelChoice(labels)],
        mark: { type: "point", filled: true, size: 62, stroke: COLOUR.background, strokeWidth: 0.6 },
        encoding: {
          ...{ x, y, color, shape, opacity: { condition: { ...stands, value: 0.9 }, value: 0.12 } },
          tooltip: ["name", "label"].map((field) => ({ field, type: "nominal" })),
          description: { field: "name" },
        },
      },
      {
        transform: [{ filter: chosen }],
        mark: {
          type: "point",
          filled: false,
          size: 190,
          strokeWidth: 2.5,
          color: COLOUR.text,
          opacity: 1,
          aria: false,
        },
        encoding: { x, y },
      },
    ],
  };
}

function legendOf(labels: readonly string[]): object {
  const longest = Math.max(...labels.map((label) => textWidth(label, { size: FONT_SIZE.label })));
  const columns = Math.max(1, Math.floor(SIDE / (longest + 34)));
  return { title: null, orient: "bottom", columns, labelLimit: SIDE - 30, offset: 12 };
}

/** Pointed at, or with a slider, so that the keyboard reaches each. */
function pictureChoice(count: number): object {
  return {
    name: "picture",
    select: { type: "point", on: "mouseover", nearest: true, fields: ["n"], toggle: false, clear: false },
    bind: { n: { input: "range", min: 0, max: count - 1, step: 1, name: "picture " } },
    value: [{ n: 0 }],
  };
}

function labelChoice(labels: readonly string[]): object {
  const bind = { input: "select", options: [null, ...labels], labels: ["all", ...labels], name: "label " };
  return { name: "label", select: { type: "point", fields: ["label"], clear: false }, bind: { label: bind } };
}

const HEADING = 3 * lineHeight(FONT_SIZE.heading) + 6;

/** The photo that was chosen, and the map over it. */
function picture({ points, labels, ramp, opacity, dimming, size }: FeatureExplorerData): object {
  const places = points.map((point, n) => {
    const [width, height] = point.aspect > 1 ? [size, size / point.aspect] : [size * point.aspect, size];
    const box = { x: 0, y: HEADING, width, height };
    return { n, point, box, beside: { ...box, x: size + 12 } };
  });
  const images = (
    of: (place: (typeof places)[number]) => readonly [uri: string, alt: string] | undefined,
    at: "box" | "beside",
  ) =>
    places.flatMap((place) => {
      const image = of(place);
      return image ? [{ n: place.n, uri: image[0], alt: image[1], ...corners(place[at]) }] : [];
    });
  const mapped = (of: "mutedUri" | "heatUri", alt: (point: FeaturePoint) => string) =>
    images(({ point }) => point.map && [point.map[of], alt(point)], "beside");
  const url = { url: { field: "uri", type: "nominal" }, description: { field: "alt" } };
  const image = (values: object[], more = {}) => layer(values, { type: "image", aspect: false, ...more }, url);
  const photo = ({ name }: FeaturePoint) => `photo ${name}`;
  const shades = places.flatMap(({ n, point, beside }) => (point.map ? [{ n, ...corners(beside) }] : []));
  const veils = places.flatMap(({ n, point, beside }) =>
    (point.map?.unseen ?? []).map((part) => ({ n, ...corners(placed(part, beside)) })),
  );
  const heads = places.flatMap(({ n, point }) => headingRows(n, point, labels[point.label], size));
  const rect = (values: object[], fill: string, opacity: number) =>
    values.length > 0 ? [layer(values, { type: "rect", fill, opacity, aria: false })] : [];
  const text = (bold: boolean) => ({
    ...{ type: "text", align: "left", baseline: "middle" },
    ...(bold ? { fontSize: FONT_SIZE.heading, fontWeight: "bold" } : { color: COLOUR.muted }),
  });
  const words = { text: { field: "text", type: "nominal" } };
  const sheet = new Sheet();
  const legend = ramp
    ? drawLegend(sheet, { ramp: { ...ramp, opacity, dimming } }, 0, HEADING + size + 12, 2 * size)
    : 0;
  return {
    width: ramp ? 2 * size + 12 : size,
    height: HEADING + size + (legend ? 12 + legend : 0),
    layer: [
      image(images(({ point }) => [point.uri, photo(point)], "box")),
      ...(ramp ? [image(mapped("mutedUri", photo))] : []),
      ...rect(shades, COLOUR.shade, dimming),
      ...(ramp
        ? [
            image(
              mapped("heatUri", ({ map }) => `map of ${map!.of}`),
              { opacity },
            ),
          ]
        : []),
      ...rect(veils, COLOUR.veil, 0.65),
      layer(
        heads.filter(({ bold }) => bold),
        text(true),
        words,
      ),
      layer(
        heads.filter(({ bold }) => !bold),
        text(false),
        words,
      ),
      ...sheet.layers(),
    ],
  };
}

function headingRows(n: number, { name, map }: FeaturePoint, label: string, size: number) {
  const heading = { size: FONT_SIZE.heading, bold: true, width: size };
  const step = lineHeight(FONT_SIZE.heading);
  const column = (text: string, x: number, quiet: string) => {
    const lines = fitText(text, { ...heading, lines: 2 });
    return [
      ...lines.map((line, i) => ({ n, text: line, x, y: (i + 0.5) * step, bold: true })),
      {
        n,
        text: fitText(quiet, { size: FONT_SIZE.label, width: size })[0],
        x,
        y: (lines.length + 0.5) * step,
        bold: false,
      },
    ];
  };
  return [...column(label, 0, name), ...(map ? column(map.of, size + 12, "where the evidence is") : [])];
}

/** Marks for the chosen picture only. */
function layer(values: object[], mark: object, encoding: object = {}): object {
  const isPlace = values.length > 0 && "x2" in values[0];
  const pixel = (field: string) => ({ field, type: "quantitative", scale: null, axis: null });
  return {
    data: { values },
    transform: [{ filter: { param: "picture", empty: false } }],
    mark,
    encoding: {
      ...{ x: pixel("x"), y: pixel("y") },
      ...(isPlace && { x2: { field: "x2" }, y2: { field: "y2" } }),
      ...encoding,
    },
  };
}

function corners({ x, y, width, height }: { x: number; y: number; width: number; height: number }) {
  return { x, y, x2: Math.round((x + width) * 10) / 10, y2: Math.round((y + height) * 10) / 10 };
}

function describe({ title, labels, points, axes }: FeatureExplorerData): string {
  const each = labels.map((label, at) => `${label} ${points.filter((point) => point.label === at).length}`);
  return `${title}. ${points.length} pictures by ${axes[0]} and ${axes[1]}; of each label: ${each.join(", ")}.`;
}
