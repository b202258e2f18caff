// What single units look for.
import { discoverUnits } from "../../../kernel-helpers/discovery/units/discover-units.js";
import { type RankedUnit, rankUnits } from "../../../kernel-helpers/discovery/units/rank-units.js";
import type { UnitFindings } from "../../../kernel-helpers/discovery/units/unit-findings.js";
import { readImageInfo } from "../../../kernel-helpers/images/files/read-image-info.js";
import type { AnnotatedPicture } from "../../../kernel-helpers/images/picture.js";
import { isSkipped, lookAtAll } from "../../../kernel-helpers/networks/look-at-all.js";
import { readableName } from "../../../kernel-helpers/images/files/readable-name.js";
import { evenly } from "../../../kernel-helpers/support/grouped.js";
import { mean } from "../../../kernel-helpers/support/statistics.js";
import { percentText } from "../../../widgets/kit/text/numbers.js";
import { unitGallery } from "../../../widgets/units/unit-gallery.js";
import type { Figure, FigurePhoto, FigureSource } from "./figure.js";
import { viewOfMaps } from "./look-figures.js";

const SETTINGS = {
  /** Photographs that units are looked for in: the more, the purer what excites a unit most. */
  photos: 600,
  /** Of the classes that most photographs are named by so many are looked at, those with `least` photographs or more. */
  tried: 8,
  least: 8,
  /** Shown: classes, units of each, photographs of each. */
  ...{ classes: 2, units: 3, images: 6 },
  /** The share of units that belong to a class: those that add most to its score. */
  ownShare: 0.05,
} as const;

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
      const shown = commonest(glances)
        .map((of) => unitsOf(of, rankUnits(network, of.name), glances, findings))
        .sort((a, b) => b.share - a.share)
        .slice(0, SETTINGS.classes);
      return {
        sections: shown.map(({ name, units }) =>
          unitGallery(
            { findings },
            {
              units,
              images: SETTINGS.images,
              show: "patch",
              size: 130,
              title: `Units that speak for “${readableName(name)}”`,
            },
          ),
        ),
        numbers: {
          photos: findings.images,
          classes: shown.map(({ name, units, ...numbers }) => ({
            ...{ class: name, units: units.map(({ unit }) => unit) },
            ...numbers,
          })),
        },
        says:
          shown
            .map(
              ({ name, ofOwn, own, chance }) =>
                `“${name}”: of the photographs that most excite the ${own} units that add most to its score, ${percentText(ofOwn)} are ` +
                `of it, as the network names them; of all ${findings.images}, ${percentText(chance)}`,
            )
            .join("; ") + `. Shown are the ${SETTINGS.units} of those units whose photographs are of it most often`,
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

/**
 * Of the units that add most to a class, those that photographs of it excite most; shares of the photographs of the class
 * among those that excite the shown units most, all of its own units, and among all.
 */
function unitsOf({ name, ids }: Shown, ranked: readonly RankedUnit[], glances: readonly Glance[], found: UnitFindings) {
  const own = byWhatTheyAdd(ranked, glances, ids).slice(
    0,
    Math.max(SETTINGS.units, Math.round(SETTINGS.ownShare * ranked.length)),
  );
  const pureness = ({ unit }: RankedUnit) => mean(found.units[unit].images.map(({ id }) => Number(ids.has(id))));
  const units = distinct(
    [...own].sort((a, b) => pureness(b) - pureness(a)),
    found,
  );
  const shareOf = (some: readonly RankedUnit[]) => mean(some.map(pureness));
  return {
    ...{ name, units, own: own.length },
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
  return chosen.length > 0 ? chosen : ranked.slice(0, 1);
}

/** Without objects: what excites units is shown, not held against concepts. */
async function annotated(photo: FigurePhoto): Promise<AnnotatedPicture> {
  const { width, height } = await readImageInfo(photo.file);
  return { ...photo, width, height, objects: [] };
}
