// What a network's own classes show: top classes, boxes in steps, boxes against the truth.
import { boxesOf, boxOf } from "../../../kernel-helpers/boxes/box-of.js";
import { iou } from "../../../kernel-helpers/boxes/box-geometry.js";
import { cam } from "../../../kernel-helpers/cam/cam.js";
import { isSkipped, lookAtAll } from "../../../kernel-helpers/networks/look-at-all.js";
import { cutsPictures } from "../../../kernel-helpers/networks/views/in-view.js";
import type { Seen } from "../../../kernel-helpers/networks/seen.js";
import { CamlabError } from "../../../kernel-helpers/support/errors.js";
import { evenly } from "../../../kernel-helpers/support/grouped.js";
import { shareOf } from "../../../kernel-helpers/svm/metrics/share-of.js";
import { boxSteps } from "../../../widgets/cam-grid/box-steps.js";
import { camGrid } from "../../../widgets/cam-grid/cam-grid.js";
import { percentText } from "../../../widgets/kit/text/numbers.js";
import { estimateText } from "../../numbers.js";
import { type Figure, FIGURE_WIDTH, type FigurePhoto, type FigureSource, UNNAMED } from "./figure.js";

/** Photographs that are looked at for the figures of the network's own classes. */
const MOST = 100;
const CLASSIFIED = 4;
/** Of each of them. */
const CLASSES = 5;
const BOXED = 8;
/** Of them, boxes that are wrong. */
const MISSED = 2;

const looked = new WeakMap<FigureSource, Promise<Seen<FigurePhoto>[]>>();

/** What the network sees in the photographs. */
export function seenPhotos(source: FigureSource): Promise<Seen<FigurePhoto>[]> {
  const known = looked.get(source) ?? lookAtPhotos(source);
  looked.set(source, known);
  return known;
}

/** Classes as the network was trained, maps of all of each photograph. */
export function viewOfMaps(network: FigureSource["network"]): { readonly view?: "both" } {
  return cutsPictures(network) ? { view: "both" } : {};
}

async function lookAtPhotos({ network, photos, signal }: FigureSource): Promise<Seen<FigurePhoto>[]> {
  const seen: Seen<FigurePhoto>[] = [];
  for await (const each of lookAtAll(network, evenly(photos, MOST), { top: 5, signal, ...viewOfMaps(network) })) {
    if (!isSkipped(each)) seen.push(each);
  }
  if (seen.length === 0) throw new CamlabError("no photograph could be read");
  return seen;
}

function needsClasses({ network }: FigureSource): string | undefined {
  return network.classes.length > 0 ? undefined : "the network has no classes of its own";
}

/** The paper's first. */
const THRESHOLDS = [0.2, 0.3, 0.4, 0.5, 0.6] as const;

function judgedAt(each: Seen<FigurePhoto>, threshold: number) {
  const { box } = boxOf(cam(each, each.top[0].index), { threshold });
  const overlaps = each.picture.objects!.map((object) => (box ? iou(box, object.box) : 0));
  const overlap = Math.max(...overlaps);
  const object = each.picture.objects![overlaps.indexOf(overlap)];
  return { each, overlap, object, isNamed: saysSame(each.top[0].name, object.name) };
}

/** Whether a class is called as an object is, or as a kind of it: school bus and bus, trolleybus and bus. */
function saysSame(className: string, object: string): boolean {
  const [kind, whole] = [className, object].map((name) => name.toLowerCase().replaceAll("_", " ").trim());
  return whole !== "" && kind.endsWith(whole);
}

/**
 * Of the surest third one of which the paper's box is a part of the photograph and not nearly all of it: then its steps can
 * be told apart; first one with a smaller region beside the largest. The surest such; where there is none, the one with the
 * smallest box.
 */
function tellingSteps(seen: readonly Seen<FigurePhoto>[]): Seen<FigurePhoto> {
  const judged = surest(seen)
    .slice(0, Math.ceil(seen.length / 3))
    .map((each) => ({ each, share: shareOfBox(each) }));
  const tight = judged.filter(({ share }) => share > 0.1 && share < 0.6);
  const several = tight.find(({ each }) => boxesOf(cam(each, each.top[0].index), { components: "all" }).length > 1);
  return (several ?? tight.at(0) ?? judged.reduce((least, one) => (one.share < least.share ? one : least))).each;
}

/** The share of the photograph that the paper's box of its first class covers; 1 without one. */
function shareOfBox(each: Seen): number {
  const { box } = boxOf(cam(each, each.top[0].index));
  return box ? (box.width * box.height) / (each.photo.width * each.photo.height) : 1;
}

/** Boxes that are right, and a few that are not: of each first those named as their object is, which leaves room to be wrong. */
function tellingOf(judged: readonly ReturnType<typeof judgedAt>[]): ReturnType<typeof judgedAt>[] {
  const fills = ({ each: { photo }, object: { box } }: (typeof judged)[number]) =>
    box.width * box.height > 0.6 * photo.width * photo.height;
  const sure = ({ each }: (typeof judged)[number]) => each.top[0].probability;
  const sorted = [...judged].sort(
    (a, b) => Number(b.isNamed) - Number(a.isNamed) || Number(fills(a)) - Number(fills(b)) || sure(b) - sure(a),
  );
  const [right, wrong] = [sorted.filter(isRight), sorted.filter((one) => !isRight(one))];
  const missed = wrong.slice(0, Math.max(MISSED, BOXED - right.length));
  return [...right.slice(0, BOXED - missed.length), ...missed];
}

function isRight({ overlap }: { readonly overlap: number }): boolean {
  return overlap >= 0.5;
}

/** At which a photograph and its four steps fill the page. */
function stepSize({ photo: { width, height } }: Seen): number {
  return Math.floor((FIGURE_WIDTH - 60) / 5 / Math.sqrt(width / height));
}

/** Less is as good as nothing. */
const TOLD = 0.01;

/** The surest of those whose last class shown is more than nothing, else those where it is most. */
function severalClasses(seen: readonly Seen<FigurePhoto>[]): Seen<FigurePhoto>[] {
  const last = ({ top }: Seen) => Math.min(TOLD, top.at(CLASSES - 1)?.probability ?? 0);
  return surest(
    surest(seen)
      .sort((a, b) => last(b) - last(a))
      .slice(0, CLASSIFIED),
  );
}

/** Labels that only some photographs have are about something else. */
function unlabelled({ picture: { label: _, ...picture }, ...seen }: Seen<FigurePhoto>): Seen<FigurePhoto> {
  return { ...seen, picture };
}

/** The surest first. */
function surest(seen: readonly Seen<FigurePhoto>[]): Seen<FigurePhoto>[] {
  return [...seen].sort((a, b) => b.top[0].probability - a.top[0].probability);
}

export const LOOK_FIGURES: readonly Figure[] = [
  {
    name: "classes",
    title: "What is it? The most probable classes, and where each has its evidence",
    lacks: needsClasses,
    make: async (source) => {
      const seen = await seenPhotos(source);
      const labelled = seen.every(({ picture }) => picture.label !== undefined);
      const shown = severalClasses(seen).map((each) => (labelled ? each : unlabelled(each)));
      const mean = seen.reduce((sum, { top }) => sum + top[0].probability, 0) / seen.length;
      return {
        sections: [
          camGrid(shown, {
            ...{ classes: CLASSES, boxes: false, colourScale: "map", ...UNNAMED },
            ...{ width: FIGURE_WIDTH, size: FIGURE_WIDTH / CLASSES },
          }),
        ],
        numbers: { photos: seen.length, meanTopProbability: mean },
        says:
          `what ${source.network.name ?? "the network"} calls a photograph, and how sure it is; heat is where the evidence ` +
          "for each name is. A network may be sure and wrong",
        details:
          `of ${seen.length} photographs those are shown that it is surest of, if its fifth class has ${percentText(TOLD)} or more: ` +
          `what it thinks nothing of looks like nothing. Over all of them the first class has a probability of ${mean.toFixed(2)} on average`,
      };
    },
  },
  {
    name: "steps",
    title: "From a map to a box",
    lacks: needsClasses,
    make: async (source) => {
      const best = tellingSteps(await seenPhotos(source));
      const map = cam(best, best.top[0].index);
      const { box } = boxOf(map);
      return {
        sections: [boxSteps(best, best.top[0].index, { style: "paper", caption: "photograph", size: stepSize(best) })],
        numbers: { class: best.top[0].name, ...(box && { box }) },
        says: `pixels above 20 % of the maximum, the largest region of them, the box around it: ${best.top[0].name}`,
      };
    },
  },
  {
    name: "boxes",
    title: "Where is it? Boxes that were found, and the true ones",
    lacks: (source) =>
      needsClasses(source) ??
      (source.photos.some(({ objects }) => objects?.length) ? undefined : "no true boxes are known: give --boxes"),
    make: async (source) => {
      const seen = (await seenPhotos(source)).filter(({ picture }) => picture.objects?.length);
      if (seen.length === 0) throw new CamlabError("none of the photographs with boxes could be read");
      const tried = THRESHOLDS.map((threshold) => ({
        threshold,
        judged: seen.map((each) => judgedAt(each, threshold)),
      }));
      const shareAt = ({ judged }: (typeof tried)[number]) => shareOf(judged.map(isRight));
      const best = tried.reduce((a, b) => (shareAt(b).value > shareAt(a).value ? b : a));
      const [right, paper] = [shareAt(best), shareAt(tried[0])];
      const { threshold, judged } = best;
      const told = tellingOf(judged);
      const shown = told.map(({ each, object, overlap }) => ({
        ...each,
        picture: { ...each.picture, objects: [object], label: `${object.name}, IoU ${overlap.toFixed(2)}` },
      }));
      return {
        sections: [
          camGrid(shown, {
            classes: (one) => [one.top[0].index],
            truth: ({ picture }) => picture.objects.map(({ box }) => box),
            threshold,
            ...{ style: "paper", width: FIGURE_WIDTH, size: 210, ...UNNAMED },
          }),
        ],
        numbers: { photos: seen.length, threshold, right, paper },
        says:
          `the network was never told where anything is: red is the box around the evidence for its first class, ` +
          `above ${percentText(threshold)} of the map's maximum, green the true box nearest to it. The two overlap by half or more (IoU ≥ 0.5) in ${estimateText(right)} of ${seen.length} photographs; ` +
          `shown are ${told.filter(isRight).length} that do, and ${told.filter((one) => !isRight(one)).length} that do not`,
        details:
          `${percentText(threshold)} is the best of ${THRESHOLDS.length} thresholds for these photographs; above 20 %, as in the paper, ${estimateText(paper)} are right. Whether the class is right does not count. ` +
          "Shown are first those whose class is called as the object is, then those whose object leaves room to be wrong, the surest first",
      };
    },
  },
];
