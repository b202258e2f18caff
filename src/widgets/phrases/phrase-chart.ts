import type { HeatMap } from "../../kernel-helpers/cam/heat-map.js";
import type { PhraseDiscovery, PhraseResult } from "../../kernel-helpers/discovery/phrases/phrase-report.js";
import type { LocatedImage } from "../../kernel-helpers/discovery/phrases/locate-phrases.js";
import { precisionByRank } from "../../kernel-helpers/discovery/phrases/ranking.js";
import type { Box } from "../../kernel-helpers/images/box.js";
import { thumbnail } from "../../kernel-helpers/images/files/thumbnail.js";
import { invalid, messageOf } from "../../kernel-helpers/support/errors.js";
import { COLOUR_MAPS, colourMap, hexColour, type ColourMap, type ColourMapName } from "../kit/colour-map.js";
import { heatImage } from "../kit/heat-image.js";
import type { MapLegend, PhrasePanel, PhraseRow } from "./phrase-chart-data.js";
import { phraseChartSpec, phraseSheetSpec } from "./phrase-chart-spec.js";
import { photoHeat } from "../kit/photo-heat.js";
import { Widget } from "../kit/widget.js";

/** How phrases are shown. */
export interface PhraseChartOptions {
  /** Photos a row; 6 unless given. */
  readonly images?: number;
  /** Side in pixels of the square in which each photo fits; 130 unless given. */
  readonly size?: number;
  /** `inferno` unless given. */
  readonly colourMap?: ColourMapName;
  /** How strongly the maps are laid over the photos, 0–1; 0.6 unless given. */
  readonly opacity?: number;
  /** The chart of precision by rank ends here; 50 unless given. */
  readonly ranks?: number;
}

/**
 * One concept in depth: precision by round and by rank; the images that its detector ranked first before mining, with
 * their maps; the negatives that came in first; and the images ranked first after mining, with their maps before and
 * after. Everything comes from the result: nothing is computed again.
 *
 * @param result one of `discoverPhrases`' results
 * @throws CamlabError for an option outside its range
 * @example
 * phraseChart(report.results[0], { images: 5 });
 */
export function phraseChart(result: PhraseResult, options: PhraseChartOptions = {}): Widget {
  const checked = checkOptions(options);
  return new Widget(async () => {
    const painter = new Painter(checked, await colourMap(checked.colourMap));
    const { rounds, ranking, text, at, heldOutPositives, positives, negatives } = result;
    const last = rounds[rounds.length - 1];
    const byBefore = [...ranking].sort((a, b) => b.before - a.before);
    const holds = (order: typeof ranking) => order.map((image) => image.holds);
    return phraseChartSpec({
      text,
      subtitle:
        `learned from ${positives} images whose captions say it, and ${last.negatives} of the ${negatives} others; ` +
        (result.stopped === "round limit" ? "stopped at the limit of rounds" : "none of the rest is above the margin"),
      at,
      rounds: rounds.map(({ round, negatives: count, precision }) => ({ round, negatives: count, precision })),
      byRank: {
        before: precisionByRank(holds(byBefore)).slice(0, checked.ranks),
        after: precisionByRank(holds(ranking)).slice(0, checked.ranks),
      },
      chance: heldOutPositives / ranking.length,
      rows: await painter.rowsOf(result),
      legend: painter.legend(),
      size: checked.size,
      opacity: checked.opacity,
    });
  });
}

/**
 * Several concepts, a row each: the held-out images that its detector ranks first, with the maps that say where.
 *
 * @throws CamlabError for an option outside its range
 * @example
 * phraseSheet(report, { images: 5, size: 110 });
 */
export function phraseSheet({ findings }: Pick<PhraseDiscovery, "findings">, options: PhraseChartOptions = {}): Widget {
  const checked = checkOptions(options);
  return new Widget(async () => {
    const painter = new Painter(checked, await colourMap(checked.colourMap));
    const rows: PhraseRow[] = [];
    for (const result of findings.results) rows.push(await painter.firstAfter(result, `“${result.text}”`));
    return phraseSheetSpec({ rows, legend: painter.legend(), size: checked.size, opacity: checked.opacity });
  });
}

type Checked = Required<PhraseChartOptions>;

function checkOptions(options: PhraseChartOptions): Checked {
  const checked = { images: 6, size: 130, colourMap: "inferno" as const, opacity: 0.6, ranks: 50, ...options };
  const { images, size, opacity, ranks } = checked;
  if (!(Number.isInteger(images) && images >= 1 && images <= 50)) throw invalid("images", images, "1 to 50");
  if (!(size >= 40 && size <= 600)) throw invalid("size", size, "40 ≤ size ≤ 600");
  if (!COLOUR_MAPS.includes(checked.colourMap)) throw invalid("colourMap", checked.colourMap, COLOUR_MAPS.join(", "));
  if (!(opacity >= 0 && opacity <= 1)) throw invalid("opacity", opacity, "0 ≤ opacity ≤ 1");
  if (!(Number.isInteger(ranks) && ranks >= 2)) throw invalid("ranks", ranks, "a whole number from 2");
  return checked;
}

/** Turns results into photos with maps. Each photo is read once. */
class Painter {
  readonly #thumbnails = new Map<string, Promise<Picture>>();

  constructor(
    private readonly options: Checked,
    private readonly colours: ColourMap,
  ) {}

  async rowsOf(result: PhraseResult): Promise<PhraseRow[]> {
    const { located, rounds } = result;
    const count = this.options.images;
    const firstBefore = ranked(located, "before").slice(0, count);
    const firstAfter = ranked(located, "after").slice(0, count);
    const came = rounds[1]?.added.slice(0, count) ?? [];
    return [
      {
        title: "Before mining: ranked first",
        note: "the map of the detector that saw random negatives only",
        panels: await this.#panels(firstBefore, "before"),
      },
      ...(came.length > 0
        ? [
            {
              title: "Negatives that came in first",
              note: "images to learn from whose captions do not say the phrase, and that the first detector scored highest",
              panels: await Promise.all(came.map((image) => this.#photo(image.file, image.id, shown(image.score!)))),
            },
          ]
        : []),
      {
        title: "After mining: ranked first",
        panels: await Promise.all(
          firstAfter.map(async (image) => ({
            ...(await this.#photo(image.file, image.id, shown(image.after.score), image)),
            holds: image.holds,
          })),
        ),
      },
      { title: "Their maps before mining …", panels: await this.#panels(firstAfter, "before", false) },
      { title: "… and after", panels: await this.#panels(firstAfter, "after", false) },
    ];
  }

  /** The images that the last round ranks first, with its maps. */
  async firstAfter({ located, pointing }: PhraseResult, title: string): Promise<PhraseRow> {
    const panels = await this.#panels(ranked(located, "after").slice(0, this.options.images), "after");
    if (!pointing) return { title, panels };
    const { share, chance, images } = pointing.after;
    const note = `points into the true box in ${percent(share.value)} of ${images} images; a random point: ${percent(chance)}`;
    return { title, note, panels };
  }

  legend(): MapLegend {
    const steps = 16;
    const colours = Array.from({ length: steps + 1 }, (_, i) => hexColour(this.colours, i / steps));
    const labels = this.colours.diverging ? ["against", "for"] : ["no evidence", "strongest"];
    return { colours, labels };
  }

  async #panels(images: readonly LocatedImage[], stage: "before" | "after", signs = true): Promise<PhrasePanel[]> {
    return Promise.all(
      images.map(async (image) => {
        const { score, map } = image[stage];
        const photo = await this.#photo(image.file, image.id, shown(score), image);
        const { greyUri, width, height } = await this.#read(image.file);
        const uri = greyUri ?? photo.uri;
        const heatUri = greyUri && this.#heat(map, width, height);
        return { ...photo, uri, ...(heatUri && { heatUri }), ...(signs && { holds: image.holds }) };
      }),
    );
  }

  async #photo(file: string, id: string, label: string, image?: LocatedImage): Promise<PhrasePanel> {
    const { uri, width, height } = await this.#read(file);
    const boxes = image?.boxes.map((box) => sharesOf(box, image)) ?? [];
    return { uri, aspect: width / height, boxes, label, name: id };
  }

  /** Values beyond the strongest evidence for are as strong; the maximum is each map's own. */
  #heat(map: HeatMap, width: number, height: number): string {
    // A smooth map needs few pixels; whoever draws it stretches them.
    const shrink = Math.min(1, HEAT_SIDE / Math.max(width, height));
    const heat = photoHeat(map, Math.max(1, Math.round(width * shrink)), Math.max(1, Math.round(height * shrink)));
    const values = heat.data.filter((value) => Number.isFinite(value));
    const strongest = values.reduce(
      (most, value) => Math.max(most, this.colours.diverging ? Math.abs(value) : value),
      0,
    );
    return heatImage(heat, strongest || 1, this.colours);
  }

  #read(file: string): Promise<Picture> {
    const known = this.#thumbnails.get(file) ?? pictureOf(file, Math.ceil(this.options.size * 1.25));
    this.#thumbnails.set(file, known);
    return known;
  }
}

const HEAT_SIDE = 56;

interface Picture {
  readonly uri: string;
  /** Absent when the photo can no longer be read. */
  readonly greyUri?: string;
  readonly width: number;
  readonly height: number;
}

/** A photo that is gone or broken by now is a blank: the figures still stand. */
async function pictureOf(file: string, side: number): Promise<Picture> {
  try {
    const { dataUri, width, height } = await thumbnail(file, { maxSide: side, quality: 80 });
    const { default: sharp } = await import("sharp");
    const jpeg = Buffer.from(dataUri.slice(dataUri.indexOf(",") + 1), "base64");
    const grey = await sharp(jpeg).greyscale().jpeg({ quality: 75 }).toBuffer();
    return { uri: dataUri, greyUri: `data:image/jpeg;base64,${grey.toString("base64")}`, width, height };
  } catch (error) {
    process.emitWarning(`phraseChart shows a blank for ${file}: ${messageOf(error)}`);
    return { uri: BLANK, width: side, height: side };
  }
}

/** A grey pixel. */
const BLANK =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGO4BwAA5QDk5mmmagAAAABJRU5ErkJggg==";

function ranked(located: readonly LocatedImage[], stage: "before" | "after"): LocatedImage[] {
  return [...located].sort((a, b) => b[stage].score - a[stage].score);
}

function sharesOf({ x, y, width, height }: Box, image: { readonly width: number; readonly height: number }): Box {
  return { x: x / image.width, y: y / image.height, width: width / image.width, height: height / image.height };
}

function shown(score: number): string {
  return score.toFixed(2).replace("-", "−");
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
