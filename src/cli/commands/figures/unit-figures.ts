// What single units look for.
import { USUAL_VIEWS } from "../../../kernel-helpers/discovery/usual-views.js";
import { heatMapOf } from "../../../kernel-helpers/discovery/scenes/scene-findings.js";
import type { FeatureMaps } from "../../../kernel-helpers/networks/seen.js";
import { discoverUnits } from "../../../kernel-helpers/discovery/units/discover-units.js";
import { type RankedUnit, rankUnits } from "../../../kernel-helpers/discovery/units/rank-units.js";
import type { UnitFindings } from "../../../kernel-helpers/discovery/units/unit-findings.js";
import { readImageInfo } from "../../../kernel-helpers/images/files/read-image-info.js";
import type { AnnotatedPicture } from "../../../kernel-helpers/images/picture.js";
import { isSkipped, lookAtAll } from "../../../kernel-helpers/networks/look-at-all.js";
import { readableName } from "../../../kernel-helpers/images/files/readable-name.js";
import { evenly } from "../../../kernel-helpers/support/grouped.js";
import { CamlabError } from "../../../kernel-helpers/support/errors.js";
import { mean } from "../../../kernel-helpers/support/statistics.js";
import { percentText } from "../../../widgets/kit/text/numbers.js";
import { unitGallery } from "../../../widgets/units/unit-gallery.js";
import { alikePlaces } from "./alike-places.js";
import { featuresOf } from "./features-of.js";
import { type Figure, FIGURE_WIDTH, type FigurePhoto, type FigureSource } from "./figure.js";
import { viewOfMaps } from "./look-figures.js";

const SETTINGS = {
  /** Photographs that units are looked for in: the more, the purer what excites a unit most. */
  photos: 600,
  /** Of the classes that most photographs are named by so many are looked at, those with `least` photographs or more. */
  tried: 8,
  least: 4,
  /** Shown: classes, units of each, photographs of each, of a class with fewer photographs fewer. */
  ...{ classes: 2, units: 3, images: 6 },
  /** Of so many classes so many units, the purest, are looked at once more: do their places look alike? */
  ...{ closer: 4, each: 10 },
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
      const { network, signal } = source;
      const photos = evenly(source.photos, SETTINGS.photos);
      const glances = await glancesAt(source, photos);
      const pictures = await Promise.all(photos.map(annotated));
      const { findings } = await discoverUnits(network, pictures, { top: SETTINGS.images, permutations: 0, signal });
      const purest = commonest(glances)
        .map((of) => ownUnits(of, rankUnits(network, of.name), glances, findings))
        .sort((a, b) => b.purity - a.purity)
        .slice(0, SETTINGS.closer);
      const ids = new Set(
        purest.flatMap(({ best }) => best.flatMap(({ unit }) => findings.units[unit].images.map(({ id }) => id))),
      );
      const features = await featuresOf(source, photos, ids, USUAL_VIEWS.units);
      const shown = purest
        .map((of) => shownUnits(of, findings, features))
        .filter(({ units }) => units.length >= SETTINGS.leastUnits)
        .sort((a, b) => b.worth - a.worth)
        .slice(0, SETTINGS.classes);
      if (shown.length === 0)
        throw new CamlabError(
          `no class has ${SETTINGS.leastUnits} units whose strongest photographs are mostly of it: ${photos.length} photographs hold too ` +
            "few of a kind",
        );
      return {
        sections: shown.map(({ name, units, images }) =>
          unitGallery(
            { findings },
            {
              units,
              ...{ images, show: "patch", size: Math.floor((FIGURE_WIDTH - NAMES) / images) - 6 },
              title: `Units that speak for “${readableName(name)}”`,
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
          `each row is one unit of the last convolution: of ${findings.images} photographs those that excite it most, open where they do. ` +
          "Units of a class look for its parts, and what looks like them; the heaviest comes first",
        details:
          shown
            .map(
              ({ name, ofOwn, own, chance }) =>
                `“${readableName(name)}”: of the photographs that most excite the ${own} units that add most to its score, ${percentText(ofOwn)} ` +
                `are of it, as the network names them; of all ${findings.images}, ${percentText(chance)}`,
            )
            .join("; ") +
          `. Shown are up to ${SETTINGS.units} of those units: most of their photographs are of the class, and look alike where they are open`,
      };
    },
  },
];

async function glancesAt({ network, signal }: FigureSource, photos: readonly FigurePhoto[]): Promise<Glance[]> {
  const glances: Glance[] = [];
  for await (const seen of lookAtAll(network, photos, { top: 1, signal, ...viewOfMaps(network) })) {
    if (isSkipped(seen)) continue;
    const [{ name, probability }] = seen.top;
    glances.push({ id: seen.picture.id, name, probability, features: seen.features });
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

/** Of the units that add most to a class those that photographs of it excite most. */
function ownUnits(
  { name, ids }: Shown,
  ranked: readonly RankedUnit[],
  glances: readonly Glance[],
  found: UnitFindings,
) {
  const own = byWhatTheyAdd(ranked, glances, ids).slice(
    0,
    Math.max(SETTINGS.units, Math.round(SETTINGS.ownShare * ranked.length)),
  );
  const images = Math.max(SETTINGS.least, Math.min(SETTINGS.images, ids.size));
  const imagesOf = ({ unit }: RankedUnit) => found.units[unit].images.slice(0, images);
  const pureness = (each: RankedUnit) => mean(imagesOf(each).map(({ id }) => Number(ids.has(id))));
  const best = [...own].sort((a, b) => pureness(b) - pureness(a)).slice(0, SETTINGS.each);
  const purity = mean(best.slice(0, SETTINGS.units).map(pureness));
  return { name, ids, own, best, images, imagesOf, pureness, purity };
}

/**
 * Of these the ones whose places look alike, the heaviest first; shares of the photographs of the class among those that
 * excite the shown units most, all of its own units, and among all.
 */
function shownUnits(
  { name, ids, own, best, images, imagesOf, pureness }: ReturnType<typeof ownUnits>,
  found: UnitFindings,
  features: ReadonlyMap<string, FeatureMaps>,
) {
  const alike = (each: RankedUnit) =>
    alikePlaces(
      imagesOf(each).flatMap(({ id, map }) => {
        const featureMaps = features.get(id);
        return featureMaps ? [{ featureMaps, map: heatMapOf(map) }] : [];
      }),
    );
  const mostly = best.filter((each) => pureness(each) > 0.5);
  const judged = mostly.map((each) => ({
    each,
    worth: pureness(each) * Math.max(0, alike(each)),
  }));
  const units = distinct(
    judged.sort((a, b) => b.worth - a.worth).map(({ each }) => each),
    found,
  ).sort((a, b) => b.weight - a.weight);
  const shareOf = (some: readonly RankedUnit[]) => mean(some.map(pureness));
  const worth = mean(judged.filter(({ each }) => units.includes(each)).map((one) => one.worth));
  return {
    ...{ name, units, images, worth, own: own.length },
    ...{ share: shareOf(units), ofOwn: shareOf(own), chance: ids.size / found.images },
  };
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

/** The first units, but those that most of the same photographs excite as one before: they look for the same. */
function distinct(ranked: readonly RankedUnit[], { units }: UnitFindings): RankedUnit[] {
  const chosen: RankedUnit[] = [];
  const idsOf = ({ unit }: RankedUnit) => units[unit].images.map(({ id }) => id);
  for (const each of ranked) {
    if (chosen.length === SETTINGS.units) break;
    const own = idsOf(each);
    const alike = chosen.some((other) => 2 * idsOf(other).filter((id) => own.includes(id)).length > own.length);
    if (!alike) chosen.push(each);
  }
  return chosen;
}

/** Without objects: what excites units is shown, not held against concepts. */
async function annotated(photo: FigurePhoto): Promise<AnnotatedPicture> {
  const { width, height } = await readImageInfo(photo.file);
  return { ...photo, width, height, objects: [] };
}
