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
import { placeLabels } from "./place-labels.js";
import type { SceneFigureData, SceneFigureObject, SceneFigurePhoto } from "./scene-figure-data.js";

const GAP = 12;
const LIST = 170;
const LINE = 17;

/**
 * The figure as the paper shows it: above, photos of the scene and the objects that it has most often; below, the same
 * photos with the class activation map of the scene, the objects that lie under it boxed and named, and the objects that
 * lie under it most. Pure: same data, same spec.
 */
export function sceneFigureSpec(data: SceneFigureData): VegaSpec {
  const { photos, frequent, informative, scene, caption, rule, opacity, dimming, ramp, size } = data;
  const sheet = new Sheet();
  const widths = photos.map((photo) => widthOf(photo, size));
  const list = widths.reduce((sum, width) => sum + width + GAP, 0);
  const width = list + LIST;
  const top = drawHeading(sheet, scene, caption, width);
  const high = Math.max(size, 24 + LINE * Math.max(frequent.length, informative.length));
  const rows = [top, top + high + GAP] as const;
  let x = 0;
  photos.forEach((photo, i) => {
    const box = { x, width: widths[i], height: size };
    sheet.image({ uri: photo.uri, alt: `photo ${photo.name}`, tip: photo.name }, { ...box, y: rows[0] });
    drawNamed(sheet, photo, scene, { ...box, y: rows[1] }, data);
    x += widths[i] + GAP;
  });
  drawList(sheet, "Frequent", frequent, list, rows[0]);
  drawList(sheet, "Under the map", informative, list, rows[1]);
  const y = rows[1] + high + GAP;
  const items = [{ label: rule }, ...(photos.some(({ unseen }) => unseen.length > 0) ? [{ label: UNSEEN }] : [])];
  const height = y + drawLegend(sheet, { ramp: { ...ramp, opacity, dimming }, items }, 0, y, width);
  return { ...litePreamble(describe(data)), ...sheet.view(width, height) };
}

const UNSEEN = "pale: outside what the network saw";

function describe({ scene, frequent, informative, photos }: SceneFigureData): string {
  const list = (objects: readonly SceneFigureObject[]) =>
    objects.map(({ name, share }) => `${name} ${shortShare(share)}`).join(", ");
  return (
    `${photos.length} photos of the scene ${scene} with its class activation map. ` +
    `Most frequent objects: ${list(frequent)}. Objects most under the map: ${list(informative)}.`
  );
}

/** All photos of a figure are equally high, and at most twice as wide. */
function widthOf({ width, height }: SceneFigurePhoto, size: number): number {
  return Math.round(Math.min(2 * size, Math.max(0.4 * size, (size * width) / height)));
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
  const boxes = objects.map((object) => placed(sharesOf(object.box, whole), { ...box, x: 0, y: 0 }));
  const label = { size: FONT_SIZE.label, bold: true };
  const names = objects.map((object) => fitText(object.name, { ...label, width: box.width - 8 }));
  const places = placeLabels(
    names.map(([line], i) => ({ box: boxes[i], width: textWidth(line, label), height: 14 })),
    box,
  );
  boxes.forEach((each) => {
    drawBox(sheet, { ...each, x: each.x + box.x, y: each.y + box.y }, box, { colour: COLOUR.box, width: 1.8 });
  });
  names.forEach((lines, i) => {
    const { x, y } = places[i];
    sheet.text(lines, box.x + x, box.y + y + 7, { ...label, color: COLOUR.box, halo: COLOUR.boxHalo });
  });
}

function drawList(sheet: Sheet, heading: string, objects: readonly SceneFigureObject[], x: number, y: number): void {
  const size = FONT_SIZE.heading;
  sheet.text([heading], x + 6, y + 9, { size, bold: true });
  objects.forEach(({ name, share }, i) => {
    const value = shortShare(share);
    const room = LIST - 6 - textWidth(` ${value}`, { size });
    const [line] = fitText(name, { size, width: room });
    sheet.text([`${line} ${value}`], x + 6, y + 30 + i * LINE, { size, ...(!isWhole(name, [line]) && { tip: name }) });
  });
}
