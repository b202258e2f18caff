import { drawLegend } from "../kit/sheet/legend.js";
import { lineHeight, Sheet } from "../kit/sheet/sheet.js";
import { fitText, isWhole } from "../kit/text/fit-text.js";
import { shortShare } from "../kit/text/numbers.js";
import { textWidth } from "../kit/text/text-width.js";
import { CATEGORY_COLOURS, COLOUR, FONT_SIZE, litePreamble } from "../kit/theme.js";
import type { VegaSpec } from "../kit/vega-spec.js";
import type { ListedObject, ListedScene, ObjectKind, ObjectListsData } from "./object-lists-data.js";

const ROW = 17;
const GAP = { lists: 26, scenes: 44, rows: 26 } as const;
const VALUE = 30;

const KIND_COLOURS: Readonly<Record<ObjectKind, string>> = {
  own: CATEGORY_COLOURS[0],
  common: CATEGORY_COLOURS[1],
  other: "#a9b3bd",
};

/**
 * For each scene its two lists side by side: how often objects occur at all, and how much of them lies under the map.
 * With kinds, bars are coloured by them. Pure: same data, same spec.
 */
export function objectListsSpec(data: ObjectListsData): VegaSpec {
  const sheet = new Sheet();
  const { scenes, columns, width } = data;
  const block = 2 * width + GAP.lists;
  const across = Math.min(columns, scenes.length) * (block + GAP.scenes) - GAP.scenes;
  let y = legend(sheet, data, across);
  for (let from = 0; from < scenes.length; from += columns) {
    const heights = scenes.slice(from, from + columns).map((scene, i) => {
      return drawScene(sheet, scene, i * (block + GAP.scenes), y, width);
    });
    y += Math.max(...heights) + GAP.rows;
  }
  return { ...litePreamble(describe(data)), ...sheet.view(across, y - GAP.rows) };
}

function describe({ scenes }: ObjectListsData): string {
  const list = (objects: readonly ListedObject[]) => objects.map(({ name, share }) => `${name} ${shortShare(share)}`);
  const said = scenes.map(
    ({ scene, frequent, informative }) =>
      `${scene}: frequent ${list(frequent).join(", ")}; under the map ${list(informative).join(", ")}`,
  );
  return `Frequent and informative objects of scenes. ${said.join(". ")}.`;
}

/** @returns its height */
function legend(sheet: Sheet, { scenes, commonWord }: ObjectListsData, width: number): number {
  const words: Record<ObjectKind, string> = { own: "the scene's own object", common: commonWord, other: "neither" };
  const listed = scenes.flatMap(({ frequent, informative }) => [...frequent, ...informative]);
  const kinds = (["own", "common", "other"] as const).filter((kind) => listed.some((each) => each.kind === kind));
  const items = kinds.map((kind) => ({ label: words[kind], sign: "square" as const, colour: KIND_COLOURS[kind] }));
  return items.length > 0 ? drawLegend(sheet, { items }, 0, 0, width) + 14 : 0;
}

/** @returns its height */
function drawScene(
  sheet: Sheet,
  { scene, caption, frequent, informative }: ListedScene,
  x: number,
  y: number,
  width: number,
): number {
  const block = 2 * width + GAP.lists;
  const style = { size: FONT_SIZE.heading, bold: true };
  const titles = fitText(scene, { ...style, width: block, lines: 2 });
  sheet.text(titles, x, y + 8, { ...style, ...(!isWhole(scene, titles) && { tip: scene }) });
  let top = y + 8 + titles.length * lineHeight(FONT_SIZE.heading);
  const said = fitText(caption, { size: FONT_SIZE.label, width: block, lines: 2 });
  sheet.text(said, x, top, { color: COLOUR.muted });
  top += said.length * lineHeight(FONT_SIZE.label) + 8;
  const bottoms = [
    drawList(sheet, frequent, "how often it is there", x, top, width),
    drawList(sheet, informative, "how much under the map", x + width + GAP.lists, top, width),
  ];
  return Math.max(...bottoms) - y;
}

/** Names stand in a column of their own, left of the bars. @returns where the list ends */
function drawList(
  sheet: Sheet,
  objects: readonly ListedObject[],
  heading: string,
  x: number,
  y: number,
  width: number,
): number {
  const label = { size: FONT_SIZE.label };
  const longest = Math.max(0, ...objects.map(({ name }) => textWidth(name, label)));
  const names = Math.min(width / 2, 150, Math.max(60, longest));
  const start = x + names + 6;
  const room = x + width - VALUE - start;
  sheet.text(fitText(heading, { ...label, width }), x, y, { color: COLOUR.muted });
  let top = y + 12;
  for (const { name, share, kind, detail } of objects) {
    const lines = fitText(name, { ...label, width: names, lines: 2 });
    const height = Math.max(ROW, lines.length * lineHeight(FONT_SIZE.label) + 3);
    const middle = top + height / 2;
    const first = middle - ((lines.length - 1) * lineHeight(FONT_SIZE.label)) / 2;
    sheet.text(lines, start - 6, first, { align: "right", tip: detail });
    const bar = { x: start, y: middle - 5.5, width: Math.max(1, share * room), height: 11 };
    sheet.rect(bar, { fill: kind ? KIND_COLOURS[kind] : COLOUR.accent, cornerRadius: 1.5 });
    sheet.text([shortShare(share)], start + share * room + 4, middle, { color: COLOUR.muted, tip: detail });
    top += height;
  }
  return top;
}
