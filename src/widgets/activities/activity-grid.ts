import type { ActivityDiscovery, ActivityView } from "../../kernel-helpers/discovery/activities/discover-activities.js";
import { readableName } from "../../kernel-helpers/images/files/readable-name.js";
import { activityTruth } from "../../kernel-helpers/discovery/activities/activity-truth.js";
import { check } from "../../kernel-helpers/support/check.js";
import { CamlabError, invalid } from "../../kernel-helpers/support/errors.js";
import { colourMap, type ColourMap } from "../kit/photo/colour-map.js";
import { heatRamp } from "../kit/photo/heat-image.js";
import { HEAT_OPTIONS, heatOptions, type HeatOptions } from "../kit/photo/heat-options.js";
import { pictureWithMap } from "../kit/photo/map-tile.js";
import { outlineImage } from "../kit/photo/outline-image.js";
import type { LegendItem } from "../kit/sheet/legend.js";
import { type MapTile, mapTilesSpec, OUTLINE_COLOUR } from "../kit/sheet/map-tiles-spec.js";
import { verdictItems } from "../kit/sheet/verdict.js";
import { COLOUR } from "../kit/theme.js";
import { SHOW_OPTIONS, type ShowOptions, type TileOptions } from "../kit/show-options.js";
import { Widget } from "../kit/widget.js";

/** Which pictures are shown, and how. */
export interface ActivityGridOptions extends HeatOptions, ShowOptions, TileOptions {
  /** Only these activities, in this order; all unless given. */
  readonly activities?: readonly string[];
  /** Of each activity the first so many test pictures; 1 unless given. */
  readonly each?: number;
  /**
   * `given` (the default): the first pictures of each activity. `score`: a row for each activity, first those of its pictures
   * that the probe names right, the surest first; of three or more the last is one that it names wrong, where there is one.
   */
  readonly order?: "given" | "score";
}

const OPTIONS = ["activities", "each", "order", "columns", "size", ...HEAT_OPTIONS, ...SHOW_OPTIONS] as const;

/**
 * Test pictures of each activity: the map over the picture in muted colours, what the activity is done with and who does it
 * outlined where that is known, and the map's peak, as a disc where it is at the object and as a ring where it is not.
 *
 * @param discovery what `discoverActivities` gave
 * @throws CamlabError for an activity without pictures, or an option outside its range
 * @example
 * widgets.activityGrid(await discoverActivities(network, await drawWorld("activities")), { activities: ["reading", "texting"], each: 4 });
 */
export function activityGrid(
  { findings }: Pick<ActivityDiscovery, "findings">,
  options: ActivityGridOptions = {},
): Widget {
  const { each = 1, columns = 4, size = 220, order = "given" } = check.known(options, OPTIONS, "activityGrid");
  const { colourMap: name, ...style } = heatOptions(options);
  check.counts({ each, columns });
  check.number("size", size, { from: 60, to: 600 });
  check.oneOf("order", order, ["given", "score"]);
  const rows = chosen(findings.views, options.activities, { each, order });
  const shown = rows.flat();
  const byScore = order === "score";
  return new Widget(async () => {
    const colours = await colourMap(name);
    const tiles: MapTile[] = [];
    for (const row of rows) {
      for (const [i, view] of row.entries()) {
        const tile = await tileOf(view, byScore ? WIDER * size : size, colours);
        tiles.push(byScore ? inRow(tile, view, i === 0 ? rowTitle(view, findings.views) : undefined) : tile);
      }
    }
    const [description, ramp, legend] = [describe(shown), heatRamp(colours), legendOf(shown, byScore)];
    return mapTilesSpec({ description, tiles, columns, size, ...style, ramp, legend });
  }, options);
}

/** One list for each activity. */
function chosen(
  views: readonly ActivityView[],
  wanted: readonly string[] | undefined,
  { each, order }: Required<Pick<ActivityGridOptions, "each" | "order">>,
): ActivityView[][] {
  const names = [...new Set(views.map(({ picture }) => picture.label!))].sort();
  if (names.length === 0) throw new CamlabError("there are no test pictures to show");
  if (wanted?.length === 0) throw invalid("activities", wanted, "at least one activity");
  for (const name of wanted ?? []) {
    if (!names.includes(name))
      throw invalid("activities", name, `one of ${names.map((one) => JSON.stringify(one)).join(", ")}`);
  }
  return (wanted ?? names).map((name) => {
    if (order === "given") return views.filter(({ picture }) => picture.label === name).slice(0, each);
    const own = views.filter(({ picture }) => picture.label === name);
    const [right, wrong] = [own.filter(isRight), own.filter((view) => !isRight(view))];
    const missed = wrong.sort((a, b) => a.score - b.score).slice(0, Math.max(each > 2 ? 1 : 0, each - right.length));
    return [...right.sort((a, b) => b.score - a.score).slice(0, each - missed.length), ...missed].slice(0, each);
  });
}

function isRight({ picture, predicted }: ActivityView): boolean {
  return picture.label === predicted;
}

/** Pictures of one height are wider than squares where they lie across. */
const WIDER = 1.5;

function rowTitle({ picture: { label } }: ActivityView, views: readonly ActivityView[]): string {
  const own = views.filter(({ picture }) => picture.label === label);
  return `${readableName(label!)}: ${own.filter(isRight).length} of ${own.length} named right`;
}

/** As a row's title names the activity, a tile says whether it was named so; the peak is marked where it can be judged. */
function inRow(tile: MapTile, view: ActivityView, row: string | undefined): MapTile {
  const { picture, predicted, pointing } = view;
  const right = isRight(view);
  return {
    ...tile,
    ...{ name: readableName(picture.label!), right },
    ...{ title: right ? "right" : `wrong: taken for ${readableName(predicted)}`, note: "" },
    ...(row !== undefined && { row }),
    ...(!pointing && { peak: undefined }),
  };
}

const OBJECT = [86, 216, 255] as const;
const PERSON = [255, 255, 255] as const;

async function tileOf(view: ActivityView, size: number, colours: ColourMap): Promise<MapTile> {
  const { picture, predicted, map, peak, pointing } = view;
  const { person, tools = [] } = activityTruth(picture);
  const tile = await pictureWithMap(picture.file, map, size, colours);
  const outlined = [
    { masks: person ? [person] : [], colour: PERSON },
    { masks: tools, colour: OBJECT },
  ].filter(({ masks }) => masks.length > 0);
  const { frame } = tile;
  const width = Math.max(1, Math.round((2 * size * frame.width) / Math.max(frame.width, frame.height)));
  return {
    ...tile,
    ...(outlined.length > 0 && { overlay: outlineImage(outlined, frame, width, 2.5) }),
    title: readableName(predicted),
    note: isRight(view) ? "right" : `wrong: ${readableName(picture.label!)}`,
    peak,
    ...(pointing && { hit: pointing.onTool }),
  };
}

function describe(views: readonly ActivityView[]): string {
  const right = views.filter(isRight).length;
  const judged = views.filter(({ pointing }) => pointing);
  const hits = judged.filter(({ pointing }) => pointing!.onTool).length;
  const peaks = judged.length > 0 ? `; the peak is at the activity's object in ${hits} of ${judged.length}` : "";
  return `Maps of activities over ${views.length} pictures, ${right} of them named right${peaks}.`;
}

function legendOf(views: readonly ActivityView[], byScore: boolean): LegendItem[] {
  const first = byScore
    ? verdictItems(views.map(isRight), { right: "named right", wrong: "named wrong: the map of what it was taken for" })
    : [{ label: "bold: what was predicted" }];
  if (!views.some(({ pointing }) => pointing)) {
    if (byScore) return first;
    return [...first, { label: "the map's peak", sign: "ring", colour: COLOUR.box }];
  }
  return [
    ...first,
    { label: "what it is done with (truth)", sign: "frame", colour: OUTLINE_COLOUR },
    { label: "who does it", sign: "frame", colour: COLOUR.box },
    { label: "the map's peak, at the object", sign: "disc", colour: COLOUR.box },
    { label: "the peak elsewhere", sign: "ring", colour: COLOUR.box },
  ];
}
