import {
  discoverFineGrained,
  type FoundRegion,
} from "../../../kernel-helpers/discovery/fine-grained/discover-fine-grained.js";
import type { Network } from "../../../kernel-helpers/networks/network.js";
import { CamlabError } from "../../../kernel-helpers/support/errors.js";
import { grouped } from "../../../kernel-helpers/support/grouped.js";
import { mean } from "../../../kernel-helpers/support/statistics.js";
import { shareOf } from "../../../kernel-helpers/svm/metrics/share-of.js";
import { cropRows } from "../../../widgets/fine-grained/crop-rows.js";
import { percentText } from "../../../widgets/kit/text/numbers.js";
import { estimateText } from "../../numbers.js";
import { closerIfBetter, closerText } from "./closer.js";
import { type Figure, FIGURE_WIDTH } from "./figure.js";
import { boxOfLabel, labelSets, MOST_CLOSER, needsLabels, shownIn } from "./labels-in-turns.js";

/** Photographs that are shown, and how many of them the box sets right at most. */
const SHOWN = 5;
const MENDED = 3;
/** Photographs that are shown where the box changes nothing. */
const UNCHANGED = 2;
type Kind = "mended" | "right" | "spoiled" | "wrong";
/** A box of nearly all of a photograph shows nothing closer. */
const MOST_OF_IT = 0.7;
/** Rows of narrower pictures leave the right of the page empty. */
const LEAST_ASPECT = 0.78;
/** There is no room for words below narrower ones. */
const NARROWEST = 0.55;

export const FINE_GRAINED_FIGURE: Figure = {
  name: "fine-grained",
  title: "A closer look at where the map points: the whole photograph, the map's box, the box alone",
  lacks: needsLabels,
  make: async (source) => {
    const sets = labelSets(source).map((set) => set.map((photo) => ({ ...photo, ...boxOfLabel(photo) })));
    const [{ length: photos }] = sets;
    const learn = async (network: Network) => {
      const { signal } = source;
      const options = { published: false, signal, ...shownIn({ ...source, network }) };
      const regions: FoundRegion[] = [];
      for (const set of sets) {
        const { findings } = await discoverFineGrained(network, set, options);
        regions.push(...findings.regions.filter(({ picture, byCrop }) => picture.split === "test" && byCrop));
      }
      return regions;
    };
    const { made: regions, side } =
      photos > MOST_CLOSER || sets.length === 1
        ? { made: await learn(source.network) }
        : await closerIfBetter(source.network, learn, (made) => accuracies(made).full.value);
    const { full, crop, truth } = accuracies(regions);
    const kinds = grouped(regions, kindOf);
    const shown = chosen(regions);
    if (shown.length === 0) throw new CamlabError("no map has a box: there is no evidence for any label");
    const count = (kind: Kind) => kinds.get(kind)?.length ?? 0;
    const localised = overlapsOf(regions);
    return {
      sections: [cropRows(shown, { width: FIGURE_WIDTH })],
      numbers: {
        ...{ photos: regions.length, turns: sets.length, ...(side !== undefined && { side }), full, crop },
        ...(truth && { truth }),
        ...{ mended: count("mended"), spoiled: count("spoiled"), right: count("right"), wrong: count("wrong") },
        ...(localised && { localised }),
      },
      says:
        `of ${regions.length} photographs that were not learned from, ${estimateText(full)} are named right by the whole ` +
        `photograph, ${estimateText(crop)} by the box around the evidence alone` +
        (truth ? `, ${estimateText(truth)} by the true box alone` : "") +
        (count("mended") + count("spoiled") === 0
          ? ": the box changes none from wrong to right, or from right to wrong"
          : `: the box sets ${count("mended")} right that the whole photograph had wrong, and ${count("spoiled")} wrong that it had right`),
      details:
        (sets.length > 1
          ? `Each photograph is named by what was learned from others, in the ${sets.length} turns of the new labels above`
          : `Learned from ${photos - regions.length} photographs, the same as for the new labels above; ${regions.length} others are named`) +
        closerText(source.network, side) +
        ". Whole photographs teach what to look for; the box is around the largest area above 20 % of the maximum of the map " +
        "of what a photograph is taken for, right or wrong; what is in such boxes teaches a second time" +
        (truth ? ", and what is in true boxes a third time" : "") +
        (localised
          ? `. The map's box and the true box share half of what they cover in ${estimateText(localised)}`
          : "") +
        `. Of the ${regions.length}, ${count("right")} are named right both times, ${count("wrong")} wrong both times. ` +
        `Shown are up to ${MENDED} that the box sets right, then some that are right both times, and one that the box has wrong, ` +
        `where there are such; of boxes that cover less than ${percentText(MOST_OF_IT)} of their photograph, where there are any`,
    };
  },
};

function accuracies(regions: readonly FoundRegion[]) {
  const share = (nameOf: (region: FoundRegion) => string | undefined) =>
    shareOf(regions.map((region) => nameOf(region) === region.picture.label));
  const full = share(({ predicted }) => predicted);
  const crop = share(({ byCrop }) => byCrop);
  const boxed = regions.every(({ byTruth }) => byTruth !== undefined);
  return { full, crop, ...(boxed && { truth: share(({ byTruth }) => byTruth) }) };
}

/** How often the map's box has an IoU of half or more with the true one, where all are known. */
function overlapsOf(regions: readonly FoundRegion[]) {
  if (regions.some(({ iou }) => iou === undefined)) return undefined;
  return shareOf(regions.map(({ iou }) => iou! >= 0.5));
}

function kindOf({ picture: { label }, predicted, byCrop }: FoundRegion): Kind {
  if (predicted === label) return byCrop === label ? "right" : "spoiled";
  return byCrop === label ? "mended" : "wrong";
}

/** First what the box sets right, then what is right both times, and last one that the box has wrong. */
function chosen(regions: readonly FoundRegion[]): FoundRegion[] {
  const closer = regions.filter(isCloser);
  const kinds = grouped(closer.length > 0 ? closer : regions.filter(({ box }) => box), kindOf);
  const of = (kind: Kind) => various(kinds.get(kind) ?? []);
  const mended = of("mended").slice(0, MENDED);
  const missed = [...of("spoiled"), ...of("wrong")].slice(0, 1);
  const changes = kinds.has("mended") || kinds.has("spoiled");
  return [...mended, ...of("right").slice(0, (changes ? SHOWN : UNCHANGED) - mended.length - missed.length), ...missed];
}

/** First one of each label, and of them those that fill a row. */
function various(regions: readonly FoundRegion[]): FoundRegion[] {
  const widest = [...regions].sort((a, b) => Number(fillsRow(b)) - Number(fillsRow(a)));
  const labels = [...grouped(widest, ({ picture }) => picture.label).values()];
  const rounds = Math.max(0, ...labels.map(({ length }) => length));
  return Array.from({ length: rounds }, (_, round) => labels.flatMap((own) => own.slice(round, round + 1))).flat();
}

function isCloser({ box, map }: FoundRegion): boolean {
  if (!box || !map.placement) return false;
  const { imageWidth, imageHeight } = map.placement;
  return box.width * box.height < MOST_OF_IT * imageWidth * imageHeight;
}

function fillsRow({ picture, box, map, byTruth }: FoundRegion): boolean {
  const { imageWidth, imageHeight } = map.placement!;
  const truth = byTruth === undefined ? undefined : picture.box;
  const whole = imageWidth / imageHeight;
  const aspects = [whole, whole, box!.width / box!.height, ...(truth ? [truth.width / truth.height] : [])];
  return mean(aspects) >= LEAST_ASPECT && Math.min(...aspects) >= NARROWEST;
}
