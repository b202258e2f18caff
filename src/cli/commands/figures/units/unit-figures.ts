// What single units look for.
import { weightedSum } from "../../../../kernel-helpers/cam/weighted-map.js";
import { USUAL_VIEWS } from "../../../../kernel-helpers/discovery/usual-views.js";
import { heatMapOf } from "../../../../kernel-helpers/discovery/scenes/scene-findings.js";
import type { FeatureMaps } from "../../../../kernel-helpers/networks/seen.js";
import { discoverUnits } from "../../../../kernel-helpers/discovery/units/discover-units.js";
import { type RankedUnit, rankUnits } from "../../../../kernel-helpers/discovery/units/rank-units.js";
import type { UnitFindings, UnitImage } from "../../../../kernel-helpers/discovery/units/unit-findings.js";
import { readImageInfo } from "../../../../kernel-helpers/images/files/read-image-info.js";
import type { AnnotatedPicture } from "../../../../kernel-helpers/images/picture.js";
import { isSkipped, lookAtAll } from "../../../../kernel-helpers/networks/look-at-all.js";
import { readableName } from "../../../../kernel-helpers/images/files/readable-name.js";
import { evenly } from "../../../../kernel-helpers/support/grouped.js";
import { CamlabError } from "../../../../kernel-helpers/support/errors.js";
import { mean } from "../../../../kernel-helpers/support/statistics.js";
import { percentText } from "../../../../widgets/kit/text/numbers.js";
import { unitGallery } from "../../../../widgets/units/unit-gallery.js";
import { patchBox } from "../../../../widgets/units/patch-box.js";
import { alikePlaces } from "../alike-places.js";
import { closerSide, openedCloser } from "../closer.js";
import { featuresOf } from "../features-of.js";
import { type Figure, FIGURE_WIDTH, type FigurePhoto, type FigureSource } from "../figure.js";
import { lightOf } from "../light-of.js";
import { viewOfMaps } from "../look-figures.js";
import { samePlaces, unitPlaces } from "./unit-parts.js";

const SETTINGS = {
  /** Photographs that units are looked for in: the more, the purer what excites a unit most. */
  photos: 600,
  /** Networks with fewer places a side see photographs closer: parts of things are smaller than a place. */
  places: 10,
  /** Of the classes that most photographs are named by so many are looked at, those with `least` photographs or more. */
  tried: 16,
  least: 5,
  /** Shown: classes, units of each, photographs of each, of a class with fewer photographs fewer. */
  ...{ classes: 2, units: 3, images: 6 },
  /** Photographs more that are kept, for those that are nearly black are left out: of less light than this, 0–255. */
  ...{ spare: 4, light: 28 },
  /** Of so many classes so many units, the purest, are looked at once more: do their places look alike? */
  ...{ closer: 6, each: 16 },
  /** So much of a photograph of the class may a unit open, for it is to look for a part. */
  area: 0.18,
  /** So much of what it opens is to speak for the class more than the usual place does. */
  within: 0.6,
  /** So much, in correlation over all places, may a unit be where one above it is. */
  same: 0.5,
  /** A unit is worth the share of its photographs that are of the class, times how alike these are, times what speaks for the class. */
  worth: 0.3,
  /** A class that fewer units can be shown of is left out. */
  leastUnits: 2,
  /** The share of units that belong to a class: those that add most to its score. */
  ownShare: 0.05,
} as const;

/** Left of the patches stand units' names. */
const NAMES = 130;

/** What the network makes of a photograph as a whole. */
interface Glance {
  readonly id: string;
  readonly name: string;
  readonly probability: number;
  readonly features: Float32Array;
  /** Of the longer side of its maps. */
  readonly places: number;
}

export const UNIT_FIGURES: readonly Figure[] = [
  {
    name: "units",
    title: "What units of a class look for",
    lacks: ({ network }) =>
      network.classes.length === 0 || network.head.weights.length === 0
        ? "the network has no class weights that are the same for every photograph"
        : undefined,
    make: async (source) => {
      const photos = evenly(source.photos, SETTINGS.photos);
      const glances = await glancesAt(source, photos);
      const { network, signal } = source;
      const places = Math.max(...glances.map((glance) => glance.places));
      using large = places < SETTINGS.places ? await openedCloser(network) : undefined;
      const seeing = large ?? network;
      const pictures = await Promise.all(photos.map(annotated));
      const top = SETTINGS.images + SETTINGS.spare;
      const { findings: all } = await discoverUnits(seeing, pictures, { top, permutations: 0, signal });
      const purest = commonest(glances)
        .map((of) => ownUnits(of, rankUnits(network, of.name), glances, all))
        .sort((a, b) => b.purity - a.purity)
        .slice(0, SETTINGS.closer);
      const findings = await lightOnly(all, new Set(purest.flatMap(({ best }) => best.map(({ unit }) => unit))));
      const ids = new Set(
        purest.flatMap(({ best }) => best.flatMap((each) => imagesOf(each, findings).map(({ id }) => id))),
      );
      const features = await featuresOf({ network: seeing, signal }, photos, ids, USUAL_VIEWS.units);
      const shown = purest
        .map((of) => shownUnits(of, findings, features))
        .filter(({ units }) => units.length >= SETTINGS.leastUnits)
        .sort((a, b) => b.worth - a.worth)
        .slice(0, SETTINGS.classes);
      if (shown.length === 0)
        throw new CamlabError(
          `no class has ${SETTINGS.leastUnits} units that photographs of it excite most, each in a part of it and each in another: ` +
            `${photos.length} photographs hold too few of a kind, or the network's units look for wholes`,
        );
      const sample =
        findings.images < source.photos.length ? `a sample of ${findings.images}` : String(findings.images);
      return {
        sections: shown.map(({ name, units }) =>
          unitGallery(
            { findings },
            {
              units,
              ...{
                images: SETTINGS.images,
                show: "patch",
                size: Math.floor((FIGURE_WIDTH - NAMES) / SETTINGS.images) - 6,
              },
              title: `Units that speak for what the network calls “${readableName(name)}”`,
            },
          ),
        ),
        numbers: {
          photos: findings.images,
          classes: shown.map(({ name, units, worth: _, ...numbers }) => ({
            ...{ class: name, units: units.map(({ unit }) => unit) },
            ...numbers,
          })),
        },
        says:
          `each row is one unit of the last convolution, and those of ${sample} photographs that excite it most. ` +
          "The units look for different parts of what the network calls so, and for what looks like them; the heaviest comes first",
        details:
          shown
            .map(
              ({ name, ofOwn, own, chance }) =>
                `“${readableName(name)}”: of the photographs that most excite the ${own} units that add most to its score, ${percentText(ofOwn)} ` +
                `are what the network calls so; of all ${findings.images}, ${percentText(chance)}`,
            )
            .join("; ") +
          `. Shown are up to ${SETTINGS.units} of those units: most of their photographs are of the class, they look alike where they are bright, ` +
          "speak for the class there, and that is another part of it for each. Photographs that are nearly black there are left out" +
          (large
            ? `; all are seen at ${closerSide(network)} pixels, for of the network's own size a part takes less than a place of its maps`
            : ""),
      };
    },
  },
];

async function glancesAt({ network, signal }: FigureSource, photos: readonly FigurePhoto[]): Promise<Glance[]> {
  const glances: Glance[] = [];
  for await (const seen of lookAtAll(network, photos, { top: 1, signal, ...viewOfMaps(network) })) {
    if (isSkipped(seen)) continue;
    const [{ name, probability }] = seen.top;
    const { width, height } = seen.featureMaps;
    glances.push({ id: seen.picture.id, name, probability, features: seen.features, places: Math.max(width, height) });
  }
  return glances;
}

/** A class, and the photographs that the network takes for it. */
interface Shown {
  readonly name: string;
  readonly ids: ReadonlySet<string>;
}

/** The classes that the network names most photographs by. */
function commonest(glances: readonly Glance[]): Shown[] {
  const sums = new Map<string, { probability: number; ids: Set<string> }>();
  for (const { id, name, probability } of glances) {
    const known = sums.get(name) ?? { probability: 0, ids: new Set<string>() };
    known.ids.add(id);
    sums.set(name, { probability: known.probability + probability, ids: known.ids });
  }
  return [...sums]
    .sort(([, a], [, b]) => b.ids.size - a.ids.size || b.probability - a.probability)
    .slice(0, SETTINGS.tried)
    .filter(([, { ids }], i) => i === 0 || ids.size >= SETTINGS.least)
    .map(([name, { ids }]) => ({ name, ids }));
}

/** The photographs that excite a unit most, as many as are shown. */
function imagesOf({ unit }: RankedUnit, found: UnitFindings): readonly UnitImage[] {
  return found.units[unit].images.slice(0, SETTINGS.images);
}

/** The share of the photographs that excite a unit most that are of a class. */
function pureness(each: RankedUnit, { ids }: Shown, found: UnitFindings): number {
  return mean(imagesOf(each, found).map(({ id }) => Number(ids.has(id))));
}

/** Of the units that add most to a class those that photographs of it excite most. */
function ownUnits(shown: Shown, ranked: readonly RankedUnit[], glances: readonly Glance[], found: UnitFindings) {
  const own = byWhatTheyAdd(ranked, glances, shown.ids).slice(
    0,
    Math.max(SETTINGS.units, Math.round(SETTINGS.ownShare * ranked.length)),
  );
  const pure = (each: RankedUnit) => pureness(each, shown, found);
  const best = own
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => pure(b) - pure(a))
    .slice(0, SETTINGS.each);
  return { ...shown, ranked, own, best, purity: mean(best.slice(0, SETTINGS.units).map(pure)) };
}

/**
 * Of these the ones whose places look alike, are a part of what speaks for the class, and lie elsewhere than those of the
 * units before; the heaviest first. Shares of the photographs of the class among those that excite the shown units most,
 * all of its own units, and among all.
 */
function shownUnits(
  { own, best, ranked, ...shown }: ReturnType<typeof ownUnits>,
  found: UnitFindings,
  features: ReadonlyMap<string, FeatureMaps>,
) {
  const { name, ids } = shown;
  const weights = Float64Array.from({ length: ranked.length }, () => 0);
  for (const { unit, weight } of ranked) weights[unit] = weight;
  const seenBy = (each: RankedUnit) =>
    imagesOf(each, found).flatMap(({ id, map }) => {
      const featureMaps = features.get(id);
      return featureMaps ? [{ id, featureMaps, map: heatMapOf(map) }] : [];
    });
  const judged = best
    .filter((each) => pureness(each, shown, found) > 0.5)
    .map((each) => {
      const seen = seenBy(each);
      const { threshold } = found.units[each.unit];
      const places = seen
        .filter(({ id }) => ids.has(id))
        .map(({ featureMaps, map }) => unitPlaces({ values: map.data, threshold }, weightedSum(featureMaps, weights)));
      const area = mean(places.map((one) => one.area));
      const within = mean(places.map((one) => one.within));
      return { each, area, within, worth: pureness(each, shown, found) * Math.max(0, alikePlaces(seen)) * within };
    })
    .filter(({ area, within, worth }) => area <= SETTINGS.area && within >= SETTINGS.within && worth >= SETTINGS.worth)
    .sort((a, b) => b.worth - a.worth);
  const ofClass = [...features].filter(([id]) => ids.has(id)).map(([, maps]) => maps);
  const chosen: typeof judged = [];
  for (const one of judged) {
    const elsewhere = chosen.every(({ each }) => samePlaces(ofClass, each.unit, one.each.unit) < SETTINGS.same);
    if (chosen.length < SETTINGS.units && elsewhere) chosen.push(one);
  }
  const apart = chosen.map(({ each }, i) =>
    Math.max(-1, ...chosen.slice(0, i).map((other) => samePlaces(ofClass, each.unit, other.each.unit))),
  );
  const units = chosen.map(({ each }) => each).sort((a, b) => b.weight - a.weight);
  const shareOf = (some: readonly RankedUnit[]) => mean(some.map((each) => pureness(each, shown, found)));
  return {
    ...{ name, units, own: own.length, worth: mean(chosen.map(({ worth }) => worth)) * chosen.length },
    ...{ area: mean(chosen.map(({ area }) => area)), same: Math.max(...apart.slice(1)) },
    ...{ share: shareOf(units), ofOwn: shareOf(own), chance: ids.size / found.images },
  };
}

/** Without the photographs that are nearly black where they excite a unit; of the given units. */
async function lightOnly(found: UnitFindings, of: ReadonlySet<number>): Promise<UnitFindings> {
  const units = found.units.map(async (each) => {
    if (!of.has(each.unit)) return each;
    const lights = await Promise.all(
      each.images.map(({ file, map, width, height }) =>
        lightOf(file, patchBox(heatMapOf(map), each.threshold, { width, height })),
      ),
    );
    return { ...each, images: each.images.filter((_, i) => lights[i] >= SETTINGS.light) };
  });
  return { ...found, units: await Promise.all(units) };
}

/** Units by w_k times what F_k has more of in the class's photographs than in the others. */
function byWhatTheyAdd(
  ranked: readonly RankedUnit[],
  glances: readonly Glance[],
  ids: ReadonlySet<string>,
): RankedUnit[] {
  const own = glances.filter(({ id }) => ids.has(id));
  const others = glances.filter(({ id }) => !ids.has(id));
  const meanOf = (some: readonly Glance[], unit: number) =>
    some.reduce((sum, { features }) => sum + features[unit], 0) / Math.max(1, some.length);
  return ranked
    .map((each) => ({ each, adds: each.weight * (meanOf(own, each.unit) - meanOf(others, each.unit)) }))
    .sort((a, b) => b.adds - a.adds)
    .map(({ each }) => each);
}

/** Without objects: what excites units is shown, not held against concepts. */
async function annotated(photo: FigurePhoto): Promise<AnnotatedPicture> {
  const { width, height } = await readImageInfo(photo.file);
  return { ...photo, width, height, objects: [] };
}
