import type { HeatMap } from "../../kernel-helpers/cam/heat-map.js";
import type { LocatedImage } from "../../kernel-helpers/discovery/phrases/locate-phrases.js";
import type { PhraseResult } from "../../kernel-helpers/discovery/phrases/phrase-report.js";
import { readableName } from "../../kernel-helpers/images/files/readable-name.js";
import type { ColourMap } from "../kit/photo/colour-map.js";
import { heatImage, heatRange } from "../kit/photo/heat-image.js";
import { heatGrid, photoHeat, seenArea, unseenParts } from "../kit/photo/photo-heat.js";
import { BLANK, type ShownPhoto, shownPhotoOrBlank } from "../kit/photo/shown-photo.js";
import { sharesOf } from "../kit/sheet/heat-panel.js";
import { percentText, scoreText } from "../kit/text/numbers.js";
import type { PhrasePanel, PhraseRow } from "./phrase-chart-data.js";

/** What a row of a phrase's favourites shows of it. */
export type SheetPhrase = Pick<PhraseResult, "text" | "ranking" | "located" | "pointing">;

/** Turns results into rows of photos with maps. Each photo is read once. */
export class PhrasePainter {
  readonly #photos = new Map<string, Promise<ShownPhoto | undefined>>();

  constructor(
    private readonly options: { readonly images: number; readonly size: number; readonly scores: boolean },
    private readonly colours: ColourMap,
  ) {}

  /** All of a concept: its first images before mining, what mining brought, its first images after. */
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
              panels: await Promise.all(
                came.map((image) => this.#photo(image.file, image.id, scoreText(image.score!))),
              ),
            },
          ]
        : []),
      {
        title: "After mining: ranked first",
        panels: await Promise.all(
          firstAfter.map(async (image) => ({
            ...(await this.#photo(image.file, image.id, scoreText(image.after.score), image)),
            holds: image.holds,
          })),
        ),
      },
      { title: "Their maps before mining …", panels: await this.#panels(firstAfter, "before", false) },
      { title: "… and after", panels: await this.#panels(firstAfter, "after", false) },
    ];
  }

  /** The images that the last round ranks first, with its maps. */
  async firstAfter({ located, pointing, ranking }: SheetPhrase, title: string): Promise<PhraseRow> {
    const first = ranked(located, "after").slice(0, this.options.images);
    const panels = await this.#panels(first, "after");
    const saying = ranking.filter(({ holds }) => holds).length;
    const right = first.filter(({ holds }) => holds).length;
    const counted = `captions say it of ${right} of these ${first.length}, of ${saying} of all ${ranking.length}`;
    if (!pointing) return { title, note: counted, panels };
    const { share, chance, images } = pointing.after;
    const points = `points into the true box in ${percentText(share.value)} of ${images} images; a random point: ${percentText(chance)}`;
    return { title, note: `${counted}; ${points}`, panels };
  }

  async #panels(images: readonly LocatedImage[], stage: "before" | "after", signs = true): Promise<PhrasePanel[]> {
    return Promise.all(
      images.map(async (image) => {
        const { score, map } = image[stage];
        const label = this.options.scores ? scoreText(score) : image.holds ? "said" : "not said";
        const photo = await this.#photo(image.file, image.id, label, image);
        const shown = await this.#read(image.file);
        return {
          ...photo,
          ...(shown && { uri: shown.mutedUri, ...this.#heat(map, shown) }),
          ...(signs && { holds: image.holds }),
        };
      }),
    );
  }

  async #photo(file: string, id: string, label: string, image?: LocatedImage): Promise<PhrasePanel> {
    const { uri, width, height } = (await this.#read(file)) ?? { uri: BLANK, width: 1, height: 1 };
    const whole = image && { x: 0, y: 0, width: image.width, height: image.height };
    const boxes = whole ? image.boxes.map((box) => sharesOf(box, whole)) : [];
    return { uri, aspect: width / height, boxes, label, name: readableName(id) };
  }

  /** The strongest evidence is each map's own. */
  #heat(map: HeatMap, shown: ShownPhoto): Pick<PhrasePanel, "heatUri" | "unseen"> {
    const heat = photoHeat(map, heatGrid(shown, map));
    const { imageWidth: width, imageHeight: height } = map.placement!;
    const whole = { x: 0, y: 0, width, height };
    const unseen = unseenParts(whole, seenArea(map.placement!)).map((part) => sharesOf(part, whole));
    return { heatUri: heatImage(heat, heatRange([heat], this.colours), this.colours), unseen };
  }

  #read(file: string): Promise<ShownPhoto | undefined> {
    const known = this.#photos.get(file) ?? shownPhotoOrBlank(file, { side: WIDER * this.options.size });
    this.#photos.set(file, known);
    return known;
  }
}

/** Photos of one height are wider than squares where they lie across. */
const WIDER = 1.5;

function ranked(located: readonly LocatedImage[], stage: "before" | "after"): LocatedImage[] {
  return [...located].sort((a, b) => b[stage].score - a[stage].score);
}
