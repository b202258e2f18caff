import type { Box } from "../../kernel-helpers/images/box.js";
import { drawBox } from "../kit/sheet/box-line.js";
import { drawHeat, placed, sharesOf } from "../kit/sheet/heat-panel.js";
import { drawLegend } from "../kit/sheet/legend.js";
import { lineHeight, Sheet } from "../kit/sheet/sheet.js";
import { fitText, isWhole } from "../kit/text/fit-text.js";
import { shortShare } from "../kit/text/numbers.js";
import { textWidth } from "../kit/text/text-width.js";
import { COLOUR, FONT_SIZE, litePreamble } from "../kit/theme.js";
import type { VegaSpec } from "../kit/vega-spec.js";
import { clearLabels } from "./clear-labels.js";
import type { SceneFigureData, SceneFigureObject, SceneFigurePhoto } from "./scene-figure-data.js";

const GAP = 12;
const LIST = 170;
const LINE = 17;
/** Above the first object of a list: its heading, and what its shares are of. */
const HEADED = 44;

/**
 * The figure as the paper shows it: above, photos of the scene and the objects that it has most often; below, the same
 * photos with the class activation map of the scene, the objects that lie under it boxed and named, and the objects that
 * lie under it most. Pure: same data, same spec.
 */
export function sceneFigureSpec(data: SceneFigureData): VegaSpec {
  const { photos, frequent, informative, scene, caption, rule, opacity, dimming, ramp, size, shareOf } = data;
  const sheet = new Sheet();
  const widths = photos.map((photo) => widthOf(photo, size));
  const list = widths.reduce((sum, width) => sum + width + GAP, 0);
  const width = Math.max(data.width ?? 0, list + LIST);
  const top = drawHeading(sheet, scene, caption, width);
  const high = Math.max(size, HEADED - 14 + LINE * Math.max(frequent.length, informative.length));
  const rows = [top, top + high + GAP] as const;
  let x = 0;
  photos.forEach((photo, i) => {
    const box = { x, width: widths[i], height: size };
    sheet.image({ uri: photo.uri, alt: `photo ${photo.name}`, tip: photo.name }, { ...box, y: rows[0] });
    drawNamed(sheet, photo, scene, { ...box, y: rows[1] }, data);
    x += widths[i] + GAP;
  });
  drawList(sheet, ["Frequent", "in so many of the photos"], frequent, list, rows[0]);
  drawList(sheet, ["Under the map", shareOf], informative, list, rows[1]);
  const y = rows[1] + high + GAP;
  const items = [
    { label: rule, sign: "frame" as const, colour: COLOUR.box },
    ...(informative.some(({ rose }) => rose) ? [{ label: ROSE }] : []),
    ...(photos.some(({ unseen }) => unseen.length > 0) ? [{ label: UNSEEN }] : []),
  ];
  const height = y + drawLegend(sheet, { ramp: { ...ramp, opacity, dimming }, items }, 0, y, width);
  return { ...litePreamble(describe(data)), ...sheet.view(width, height) };
}

const ROSE = "▲: so many places higher than by frequency";
const UNSEEN = "pale: outside what the network saw";

function describe({ scene, frequent, informative, photos }: SceneFigureData): string {
  const list = (objects: readonly SceneFigureObject[]) =>
    objects.map(({ name, share }) => `${name} ${shortShare(share)}`).join(", ");
  return (
    `${photos.length} photos of the scene ${scene} with its class activation map. ` +
    `Most frequent objects: ${list(frequent)}. Objects most under the map: ${list(informative)}.`
  );
}

type Size = Pick<SceneFigurePhoto, "width" | "height">;

/** All photos of a figure are equally high, and at most twice as wide. */
function widthOf(photo: Size, size: number): number {
  return Math.round(size * proportion(photo));
}

function proportion({ width, height }: Size): number {
  return Math.min(2, Math.max(0.4, width / height));
}

/** How high photos are that, with the lists, fill a width; no higher than is asked for. */
export function heightToFill(photos: readonly Size[], width: number, highest: number): number {
  const room = width - LIST - photos.length * GAP;
  const across = photos.reduce((sum, photo) => sum + proportion(photo), 0);
  return Math.max(40, Math.min(highest, Math.floor((room - photos.length) / across)));
}

function roseText(places: number): string {
  return `▲${places}`;
}

/** @returns where it ends */
function drawHeading(sheet: Sheet, scene: string, caption: string, width: number): number {
  const style = { size: FONT_SIZE.title, bold: true };
  const titles = fitText(scene, { ...style, width, lines: 2 });
  sheet.text(titles, 0, 9, style);
  const under = 9 + titles.length * lineHeight(FONT_SIZE.title);
  const lines = fitText(caption, { size: FONT_SIZE.label, width, lines: 2 });
  sheet.text(lines, 0, under, { color: COLOUR.muted });
  return under + lines.length * lineHeight(FONT_SIZE.label) + 2;
}

/** The photo under the map of its scene, with the objects that lie there boxed and named. */
function drawNamed(sheet: Sheet, photo: SceneFigurePhoto, scene: string, box: Box, style: SceneFigureData): void {
  const { name, mutedUri, heatUri, unseen, objects, width, height } = photo;
  drawHeat(sheet, { name, mutedUri, heatUri, of: scene, unseen }, box, style);
  const whole = { x: 0, y: 0, width, height };
  const label = { size: FONT_SIZE.label, bold: true };
  const named = objects.map((object) => {
    const lines = fitText(object.name, { ...label, width: box.width - 8 });
    const frame = placed(sharesOf(object.box, whole), { ...box, x: 0, y: 0 });
    return { lines, box: frame, width: textWidth(lines[0], label), height: 14 };
  });
  const clear = clearLabels(named, box);
  clear.forEach(({ box: each }) => {
    drawBox(sheet, { ...each, x: each.x + box.x, y: each.y + box.y }, box, { colour: COLOUR.box, width: 1.8 });
  });
  clear.forEach(({ lines, x, y }) => {
    sheet.text(lines, box.x + x, box.y + y + 7, { ...label, color: COLOUR.box, halo: COLOUR.boxHalo });
  });
}

function drawList(
  sheet: Sheet,
  [heading, of]: readonly [string, string],
  objects: readonly SceneFigureObject[],
  x: number,
  y: number,
): void {
  const size = FONT_SIZE.heading;
  const left = x + 6;
  sheet.text([heading], left, y + 9, { size, bold: true });
  sheet.text([of], left, y + 26, { color: COLOUR.muted });
  objects.forEach(({ name, share, rose = 0 }, i) => {
    const value = shortShare(share);
    const sign = rose > 0 ? roseText(rose) : "";
    const room = LIST - 6 - textWidth(` ${value} ${sign}`, { size });
    const [line] = fitText(name, { size, width: room });
    const text = `${line} ${value}`;
    const middle = y + HEADED + i * LINE;
    sheet.text([text], left, middle, { size, ...(!isWhole(name, [line]) && { tip: name }) });
    if (sign) sheet.text([sign], left + textWidth(`${text} `, { size }), middle, { color: COLOUR.accent, bold: true });
  });
}
