import type { Box } from "../../kernel-helpers/images/box.js";
import { unseenParts } from "../kit/photo/photo-heat.js";
import { HALO } from "../kit/sheet/sheet.js";
import { fitText, wrapText } from "../kit/text/fit-text.js";
import { percentText, probabilityText } from "../kit/text/numbers.js";
import { COLOUR, FONT_FAMILY, FONT_SIZE } from "../kit/theme.js";
import type { VegaSpec } from "../kit/vega-spec.js";
import { EXPLORE_LEVELS, type ExploreData } from "./explore-data.js";
import { exploreLayout, type ExploreLayout, type ExplorePicture } from "./explore-layout.js";
import { legendMarks } from "./explore-legend.js";
import { fixed, spoken, text } from "./explore-marks.js";
import { exploreSignals, placeOnMap, VALUE_AT } from "./explore-signals.js";
import { tableMarks } from "./explore-table.js";

/**
 * The explorer of a photo as a Vega spec: the photo, the photo under the map of a class, and all classes with what each
 * says of the place that is pointed at. Pure: same data, same spec. What a reader changes are signals; nothing is asked of
 * a server.
 */
export function exploreSpec(data: ExploreData): VegaSpec {
  const layout = exploreLayout(data);
  return {
    $schema: "https://vega.github.io/schema/vega/v5.json",
    description: describe(data),
    background: COLOUR.background,
    padding: 12,
    width: layout.width,
    height: layout.height,
    config: { text: { font: FONT_FAMILY, fill: COLOUR.text, fontSize: FONT_SIZE.label * data.scale } },
    signals: exploreSignals(data, layout),
    data: tables(data, layout),
    marks: [
      ...headings(data, layout),
      photoGroup(data, layout),
      overlayGroup(data, layout),
      ...legendMarks(data, layout),
      ...tableMarks(data, layout),
    ],
  };
}

function describe({ photo, classes, first }: ExploreData): string {
  const each = classes.map(({ name, probability }) => `${name} ${probabilityText(probability)}`);
  return (
    `Explorer of ${photo.name}: ${each.join(", ")}. Shown is the class activation map of ${classes[first.pick].name}, ` +
    `with the box around the largest area above ${percentText(first.threshold)} of its maximum.`
  );
}

/** Contours are drawn on so many columns or rows. */
const CONTOUR_SIDE = 72;

function tables(data: ExploreData, layout: ExploreLayout): object[] {
  const { classes, contrasts, palettes, photo } = data;
  const shrink = CONTOUR_SIDE / Math.max(photo.frame.width, photo.frame.height);
  const columns = Math.max(2, Math.round(photo.frame.width * shrink));
  const rows = Math.max(2, Math.round(photo.frame.height * shrink));
  const [{ width, height }] = layout.pictures;
  const [column, row] = [
    `(datum.data % ${columns} + 0.5) / ${columns}`,
    `(floor(datum.data / ${columns}) + 0.5) / ${rows}`,
  ];
  const of = (values: string) => VALUE_AT(values, (name) => `datum.${name}`);
  const scale = [width / columns, height / rows];
  const seen = seenOn(photo, layout.pictures[1]);
  const translate = [-seen.x, -seen.y];
  const contours = (name: string, thresholds: string) => ({
    ...{ name, source: "grid" },
    transform: [
      { type: "isocontour", field: "grid", thresholds: { signal: thresholds }, scale, translate, as: "contour" },
      { type: "window", ops: ["row_number"], as: ["nth"] },
    ],
  });
  const peak = `(isContrast ? extentOfCells[1] : data('classes')[pick].max)`;
  const positive = (list: string) => `${peak} > 0 ? ${list} : [1e300]`;
  return [
    {
      name: "classes",
      values: classes.map((each, index) => ({ index, ...each, ...layout.names[index] })),
      transform: [{ type: "formula", as: "here", expr: VALUE_AT("datum.values", (name) => `at_${name}`) }],
    },
    {
      name: "maps",
      values: [...classes.map(({ positive, signed }, a) => ({ a, b: -1, positive, signed })), ...contrasts],
    },
    { name: "shown", source: "maps", transform: [{ type: "filter", expr: "datum.a === a && datum.b === b" }] },
    {
      ...{ name: "boxes", source: "classes" },
      transform: [
        { type: "filter", expr: "datum.index === pick && !isContrast" },
        { type: "formula", as: "box", expr: "datum.boxes[round(100 * threshold) - 1]" },
        { type: "filter", expr: "isValid(datum.box)" },
      ],
    },
    {
      name: "cells",
      transform: [
        { type: "sequence", start: 0, stop: columns * rows },
        ...placeOnMap(data, column, row).map(([as, expr]) => ({ type: "formula", as, expr })),
        {
          type: "formula",
          as: "value",
          expr: `${of("data('classes')[pick].values")} - (isContrast ? ${of("data('classes')[max(0, against)].values")} : 0)`,
        },
        { type: "extent", field: "value", signal: "extentOfCells" },
      ],
    },
    {
      name: "grid",
      values: [{}],
      transform: [
        {
          ...{ type: "formula", as: "grid" },
          expr: `{ width: ${columns}, height: ${rows}, values: pluck(data('cells'), 'value') }`,
        },
      ],
    },
    contours("edge", positive(`[threshold * ${peak}]`)),
    contours("contours", positive(`[${EXPLORE_LEVELS.map((level) => `${level} * ${peak}`).join(", ")}]`)),
    {
      name: "ramp",
      values: palettes[0].stops.map((_, i) => ({ i, colours: palettes.map(({ stops }) => stops[i]) })),
    },
    {
      name: "lines",
      values: EXPLORE_LEVELS.map((level, i) => ({ level, colours: palettes.map(({ lines }) => lines[i]) })),
    },
  ];
}

/** Above the pictures: the photo's name and what is known of it, the class and how probable it is. */
function headings({ photo, scale }: ExploreData, { pictures, headings: { y, room } }: ExploreLayout): object[] {
  const [left, right] = pictures;
  const heading = { fontSize: FONT_SIZE.heading * scale, fontWeight: "bold" };
  const style = { size: FONT_SIZE.heading, bold: true, width: room / scale };
  const { width, height } = photo.frame;
  const under = [
    `${Math.round(width)} × ${Math.round(height)}`,
    ...(photo.label === undefined ? [] : [`truth: ${photo.label}`]),
  ];
  const second = y + 17 * scale;
  return [
    text(fitText(photo.name, style)[0], left.x, y, heading),
    text(wrapText(under.join(", "), { size: FONT_SIZE.label, width: room / scale })[0], left.x, second, {
      fill: COLOUR.muted,
    }),
    spoken(
      "isContrast ? data('classes')[pick].half + ' − ' + data('classes')[against].half : data('classes')[pick].heading",
      right.x,
      y,
      heading,
    ),
    spoken(
      "isContrast ? 'orange for the first, blue against it' : " +
        "'number ' + data('classes')[pick].rank + ', probability ' + " +
        "(data('classes')[pick].probability < 0.001 ? 'below 0.001' : format(data('classes')[pick].probability, '.3f'))",
      right.x,
      second,
      { fill: COLOUR.muted },
    ),
  ];
}

function photoGroup({ photo, drawing, scale }: ExploreData, { pictures: [picture] }: ExploreLayout): object {
  const drawn = {
    ...{ type: "rect", interactive: false },
    encode: {
      update: {
        ...ofShares(
          "min(drawn[0], drawn[2])",
          "min(drawn[1], drawn[3])",
          "abs(drawn[2] - drawn[0])",
          "abs(drawn[3] - drawn[1])",
          picture,
        ),
        opacity: { signal: "isArray(drawn) && abs(drawn[2] - drawn[0]) > 0.02 ? 1 : 0" },
        ...fixed({ fill: COLOUR.veil, fillOpacity: 0.25, stroke: COLOUR.found, strokeWidth: 2 * scale }),
      },
    },
  };
  return group(picture, [
    image(photo.uri, `photo ${photo.name}`, picture),
    ...(drawing ? [drawn] : []),
    ...crosshair(picture, scale),
  ]);
}

/** The photo in muted colours and dimmed, the map over it, contours, what was not seen pale, the box, the place. */
function overlayGroup({ photo, scale }: ExploreData, { pictures: [, picture] }: ExploreLayout): object {
  const { width, height } = picture;
  const whole = fixed({ x: 0, y: 0, width, height });
  const heat = {
    ...{ type: "image", from: { data: "shown" }, interactive: false },
    encode: {
      update: {
        ...whole,
        ...fixed({ aspect: false }),
        url: { signal: "heatHead + chunks[palette] + (isSigned ? datum.signed : datum.positive)" },
        opacity: { signal: "show === 'contours' ? 0 : opacity" },
        description: { value: "map of the class over the photo" },
      },
    },
  };
  const shade = {
    type: "rect",
    interactive: false,
    encode: { update: { ...whole, ...fixed({ fill: COLOUR.shade }), opacity: { signal: "dimming" } } },
  };
  const line = (data: string, style: object) => ({
    ...{ type: "shape", from: { data }, interactive: false },
    encode: { update: { ...fixed({ fill: "transparent", strokeJoin: "round" }), ...style } },
    transform: [{ type: "geoshape", field: "datum.contour" }],
  });
  const ifContours = { signal: "show === 'heat' ? 0 : 1" };
  const seen = seenOn(photo, picture);
  const box = (style: object) => ({
    ...{ type: "rect", from: { data: "boxes" }, interactive: false },
    encode: {
      update: {
        ...boxWithin(picture, ((2 + HALO) / 2) * scale),
        ...fixed({ fill: "transparent", strokeJoin: "round" }),
        ...style,
      },
    },
  });
  const veils = unseenParts({ x: 0, y: 0, width, height }, seen).map((part) => ({
    ...{ type: "rect", interactive: false },
    encode: { update: fixed({ ...part, fill: COLOUR.veil, opacity: 0.65 }) },
  }));
  const lines = {
    ...{ type: "group", interactive: false },
    encode: { update: fixed({ ...seen, clip: true }) },
    marks: [
      line("contours", {
        ...fixed({ stroke: COLOUR.boxHalo, strokeWidth: 3.5 * scale, strokeOpacity: 0.7 }),
        opacity: ifContours,
      }),
      line("contours", {
        ...fixed({ strokeWidth: 1.8 * scale }),
        opacity: ifContours,
        stroke: { signal: "data('lines')[datum.nth - 1].colours[palette]" },
      }),
      line("edge", {
        ...fixed({ stroke: COLOUR.box, strokeWidth: 1.2 * scale, strokeDash: [3 * scale, 3 * scale] }),
        opacity: { signal: "show === 'contours' ? 0 : 0.9" },
      }),
    ],
  };
  return group(picture, [
    image(photo.mutedUri, `photo ${photo.name} in muted colours`, picture),
    shade,
    heat,
    ...veils,
    lines,
    box(fixed({ stroke: COLOUR.boxHalo, strokeWidth: (2 + HALO) * scale, strokeOpacity: 0.75 })),
    box(fixed({ stroke: COLOUR.box, strokeWidth: 2 * scale })),
    ...crosshair(picture, scale),
  ]);
}

/** What the network saw of the picture, in whole pixels of it: pale parts beside it would show seams. */
function seenOn({ seen }: ExploreData["photo"], { width, height }: ExplorePicture): Box {
  const [left, top] = [Math.round(seen.x * width), Math.round(seen.y * height)];
  const [right, bottom] = [(seen.x + seen.width) * width, (seen.y + seen.height) * height].map(Math.round);
  return { x: left, y: top, width: right - left, height: bottom - top };
}

function group({ name, x, y, width, height }: ExplorePicture, marks: readonly object[]): object {
  return {
    ...{ type: "group", name },
    encode: { update: fixed({ x, y, width, height, fill: "transparent", clip: true, cursor: "crosshair" }) },
    marks,
  };
}

function image(uri: string, description: string, { width, height }: ExplorePicture): object {
  return {
    ...{ type: "image", interactive: false },
    encode: { update: fixed({ url: uri, x: 0, y: 0, width, height, aspect: false, description }) },
  };
}

/** The place that is pointed at. */
function crosshair({ width, height }: ExplorePicture, scale: number): object[] {
  const ring = (style: object) => ({
    ...{ type: "symbol", interactive: false },
    encode: {
      update: {
        x: { signal: `across / 100 * ${width}` },
        y: { signal: `down / 100 * ${height}` },
        ...fixed({ shape: "circle", size: 90 * scale * scale, fill: "transparent", ...style }),
      },
    },
  });
  return [
    ring({ stroke: COLOUR.boxHalo, strokeWidth: 4 * scale }),
    ring({ stroke: COLOUR.box, strokeWidth: 1.8 * scale }),
  ];
}

/** A box of the row, as shares, on the picture; at its edge within it. */
function boxWithin({ width, height }: ExplorePicture, by: number): object {
  const within = (share: string, size: number) => `clamp(${size} * (${share}), ${by}, ${size - by})`;
  return {
    x: { signal: within("datum.box[0]", width) },
    x2: { signal: within("datum.box[0] + datum.box[2]", width) },
    y: { signal: within("datum.box[1]", height) },
    y2: { signal: within("datum.box[1] + datum.box[3]", height) },
  };
}

function ofShares(x: string, y: string, wide: string, high: string, { width, height }: ExplorePicture): object {
  const when = (expression: string, size: number) => ({ signal: `isArray(drawn) ? ${size} * (${expression}) : 0` });
  return { x: when(x, width), y: when(y, height), width: when(wide, width), height: when(high, height) };
}
