import { EXPLORE_SHOWS, type ExploreData } from "./explore-data.js";
import type { ExploreLayout } from "./explore-layout.js";

/** A map's value at a place, as a Vega expression, by what lies around the place on the map. */
export const VALUE_AT = (values: string, at: (name: string) => string): string => {
  const cell = (row: string, column: string) => `${values}[${at(row)} + ${at(column)}]`;
  const across = (row: string) => `((1 - ${at("fx")}) * ${cell(row, "x0")} + ${at("fx")} * ${cell(row, "x1")})`;
  return `((1 - ${at("fy")}) * ${across("y0")} + ${at("fy")} * ${across("y1")})`;
};

/**
 * Where a place lies between the values of the map, as Vega expressions by name: columns x0 and x1 with the share fx of the
 * second, rows y0 and y1 as the index of their first value with the share fy. Beyond the outermost values these go on.
 *
 * @param x, y of the place as shares of the frame, expressions
 */
export function placeOnMap({ photo, map }: ExploreData, x: string, y: string): [name: string, expression: string][] {
  const { frame, placement: at } = photo;
  const { width: columns, height: rows } = map;
  const along = (from: number, length: number, scale: number, offset: number, cells: number, input: number) => ({
    start: ((from * scale + offset) * cells) / input - 0.5,
    step: (length * scale * cells) / input,
  });
  const across = along(frame.x, frame.width, at.scaleX, at.offsetX, columns, at.inputWidth);
  const down = along(frame.y, frame.height, at.scaleY, at.offsetY, rows, at.inputHeight);
  const coordinate = ({ start, step }: typeof across, share: string, cells: number) =>
    `clamp(${start} + ${step} * (${share}), 0, ${cells - 1})`;
  const [u, v] = [coordinate(across, x, columns), coordinate(down, y, rows)];
  return [
    ["x0", `floor(${u})`],
    ["x1", `min(floor(${u}) + 1, ${columns - 1})`],
    ["fx", `${u} - floor(${u})`],
    ["y0", `${columns} * floor(${v})`],
    ["y1", `${columns} * min(floor(${v}) + 1, ${rows - 1})`],
    ["fy", `${v} - floor(${v})`],
  ];
}

/** What a reader changes, and what follows from that at once. */
export function exploreSignals(data: ExploreData, layout: ExploreLayout): object[] {
  const { classes, palettes, first, drawing } = data;
  const { pictures } = layout;
  const names = classes.map(({ name }) => name);
  const diverging = palettes.length - 2;
  const offered = palettes.slice(0, -1).map(({ name }) => name);
  const range = (name: string, value: number, least: number, most: number, step: number, label = name) => ({
    ...{ name, value },
    bind: { input: "range", name: `${label} `, min: least, max: most, step },
  });
  const pointed = (along: "x" | "y", from: "x" | "y", size: number) =>
    pictures.map((picture) => ({
      events: ["pointermove", "pointerdown"].map((type) => ({
        source: "view",
        type,
        markname: picture.name,
      })),
      update: `clamp(round(1000 * (${along}() - ${picture[from]}) / ${size}) / 10, 0, 100)`,
    }));
  const start = firstPlace(data);
  return [
    {
      ...{ name: "pick", value: first.pick },
      bind: { input: "select", name: "class ", options: names.map((_, i) => i), labels: names },
      on: [{ events: "@row:click", update: "datum.index" }],
    },
    {
      ...{ name: "against", value: first.against },
      bind: {
        ...{ input: "select", name: "in contrast to " },
        options: [-1, ...names.map((_, i) => i)],
        labels: ["nothing", ...names],
      },
    },
    {
      ...{ name: "colours", value: offered.indexOf(first.colourMap) },
      bind: { input: "select", name: "colour map ", options: offered.map((_, i) => i), labels: offered },
    },
    { name: "show", value: first.show, bind: { input: "select", name: "show ", options: [...EXPLORE_SHOWS] } },
    range("opacity", first.opacity, 0, 1, 0.05),
    range("dimming", first.dimming, 0, 1, 0.05),
    range("threshold", first.threshold, 0.01, 0.99, 0.01),
    { ...range("across", start.x, 0, 100, 0.5, "point across, %"), on: pointed("x", "x", pictures[0].width) },
    { ...range("down", start.y, 0, 100, 0.5, "point down, %"), on: pointed("y", "y", pictures[0].height) },
    { name: "heatHead", value: data.heatHead },
    { name: "chunks", value: palettes.map(({ chunks }) => chunks) },
    { name: "isContrast", update: "against >= 0 && against !== pick" },
    { name: "a", update: "isContrast ? min(pick, against) : pick" },
    { name: "b", update: "isContrast ? max(pick, against) : -1" },
    {
      name: "palette",
      update: `isContrast ? (pick < against ? ${diverging} : ${diverging + 1}) : colours`,
    },
    { name: "isSigned", update: `palette >= ${diverging}` },
    ...placeOnMap(data, "across / 100", "down / 100").map(([name, update]) => ({ name: `at_${name}`, update })),
    { name: "isSeen", update: isSeen(data) },
    ...(drawing ? [drawnRegion(layout)] : []),
  ];
}

/** The place where the first class is strongest, in per cent of the frame. */
function firstPlace({ photo, classes, map, first }: ExploreData): { readonly x: number; readonly y: number } {
  const { values } = classes[first.pick];
  const peak = values.indexOf(values.reduce((most, value) => Math.max(most, value)));
  const { frame, placement: at } = photo;
  const [column, row] = [peak % map.width, Math.floor(peak / map.width)];
  const x = (((column + 0.5) * at.inputWidth) / map.width - at.offsetX) / at.scaleX;
  const y = (((row + 0.5) * at.inputHeight) / map.height - at.offsetY) / at.scaleY;
  const percent = (share: number) => Math.min(100, Math.max(0, Math.round(200 * share) / 2));
  return { x: percent((x - frame.x) / frame.width), y: percent((y - frame.y) / frame.height) };
}

/** Whether the network saw the place that is pointed at. */
function isSeen({ photo: { seen } }: ExploreData): string {
  const within = (place: string, from: number, length: number) =>
    `${place} / 100 >= ${from} && ${place} / 100 <= ${from + length}`;
  return `${within("across", seen.x, seen.width)} && ${within("down", seen.y, seen.height)}`;
}

/** A rectangle that is dragged on the photo, as shares of the frame from corner to corner: [x, y, x, y]. */
function drawnRegion({ pictures: [{ name, x, y, width, height }] }: ExploreLayout): object {
  const place = `clamp((x() - ${x}) / ${width}, 0, 1), clamp((y() - ${y}) / ${height}, 0, 1)`;
  const begins = { source: "view", type: "pointerdown", markname: name };
  const ends = { source: "window", type: "pointerup" };
  return {
    ...{ name: "drawn", value: null },
    on: [
      { events: begins, update: `[${place}, ${place}]` },
      {
        events: { source: "window", type: "pointermove", consume: true, between: [begins, ends] },
        update: `[drawn[0], drawn[1], ${place}]`,
      },
    ],
  };
}
