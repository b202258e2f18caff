import type { Answered } from "../../kernel-helpers/discovery/answers/ask.js";
import { normaliseAnswer } from "../../kernel-helpers/discovery/answers/vqa-accuracy.js";
import { readableName } from "../../kernel-helpers/images/files/readable-name.js";
import type { ColourMap } from "../kit/photo/colour-map.js";
import { heatRamp } from "../kit/photo/heat-image.js";
import { pictureWithMap } from "../kit/photo/map-tile.js";
import type { HeatStyle } from "../kit/sheet/heat-panel.js";
import { type MapTile, mapTilesSpec } from "../kit/sheet/map-tiles-spec.js";
import type { VegaSpec } from "../kit/vega-spec.js";

/** How tiles of answers are laid out. */
export interface AnswerTilesLayout extends HeatStyle {
  readonly columns: number;
  readonly size: number;
  /** Whether it is said if answers are right. */
  readonly truth: boolean;
}

/** Questions as the slides show them: each over its photo, the map of the answer on the photo, the answer below. */
export async function answerTilesSpec(
  answered: readonly Answered[],
  colours: ColourMap,
  { truth, ...layout }: AnswerTilesLayout,
): Promise<VegaSpec> {
  const tiles: MapTile[] = [];
  for (const each of answered) tiles.push(await tileOf(each, colours, layout.size, truth));
  return mapTilesSpec({
    ...layout,
    description: tiles.map(({ above, title }) => `“${above}” ${title}.`).join(" "),
    tiles,
    large: true,
    ramp: heatRamp(colours),
    legend: [],
  });
}

async function tileOf(
  { question, seen, answers }: Answered,
  colours: ColourMap,
  size: number,
  truth: boolean,
): Promise<MapTile> {
  const { picture, placement } = seen;
  const [{ answer, map }] = answers;
  const known = truth ? picture.questions?.find((asked) => asked.question === question)?.answer : undefined;
  const right = known === undefined ? undefined : normaliseAnswer(known) === normaliseAnswer(answer);
  return {
    ...(await pictureWithMap(picture.file, { ...map, placement: map.placement ?? placement }, size, colours)),
    above: readableName(question),
    title: readableName(answer),
    note: right === false ? `truth: ${readableName(known!)}` : "",
    ...(right !== undefined && { right, framed: false }),
  };
}
