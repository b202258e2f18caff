// What single units look for.
import { discoverUnits } from "../../../kernel-helpers/discovery/units/discover-units.js";
import { type RankedUnit, rankUnits } from "../../../kernel-helpers/discovery/units/rank-units.js";
import { readImageInfo } from "../../../kernel-helpers/images/files/read-image-info.js";
import type { AnnotatedPicture } from "../../../kernel-helpers/images/picture.js";
import type { Seen } from "../../../kernel-helpers/networks/seen.js";
import { evenly } from "../../../kernel-helpers/support/grouped.js";
import { percentText } from "../../../widgets/kit/text/numbers.js";
import { unitGallery } from "../../../widgets/units/unit-gallery.js";
import type { Figure, FigurePhoto } from "./figure.js";
import { seenPhotos } from "./look-figures.js";

const MOST = 100;
const UNITS = 5;
const IMAGES = 5;

export const UNIT_FIGURES: readonly Figure[] = [
  {
    name: "units",
    title: "What units of a class look for",
    lacks: ({ network }) =>
      network.classes.length === 0 || network.head.weights.length === 0
        ? "the network has no class weights that are the same for every photograph"
        : undefined,
    make: async (source) => {
      const { network, photos, signal } = source;
      const seen = await seenPhotos(source);
      // The class that the network names most of the photographs by.
      const sums = new Map<string, { probability: number; photos: Set<string> }>();
      for (const { top, picture } of seen) {
        const [{ name, probability }] = top;
        const known = sums.get(name) ?? { probability: 0, photos: new Set<string>() };
        known.photos.add(picture.id);
        sums.set(name, { probability: known.probability + probability, photos: known.photos });
      }
      const [[className, shows]] = [...sums].sort(
        ([, a], [, b]) => b.photos.size - a.photos.size || b.probability - a.probability,
      );
      const pictures = await Promise.all(evenly(photos, MOST).map(annotated));
      const { findings } = await discoverUnits(network, pictures, { top: IMAGES, permutations: 0, signal });
      const isOfClass = ({ picture }: Seen<FigurePhoto>) => shows.photos.has(picture.id);
      const units = byWhatTheyAdd(rankUnits(network, className), seen, isOfClass).slice(0, UNITS);
      const images = units.flatMap(({ unit }) => findings.units[unit].images);
      const share = images.filter(({ id }) => shows.photos.has(id)).length / images.length;
      const chance = shows.photos.size / findings.images;
      return {
        sections: [
          unitGallery(
            { findings },
            { units, images: IMAGES, title: `Units of “${className}”, by what they add to its score` },
          ),
        ],
        numbers: { class: className, share, chance, images: images.length },
        says:
          `of the photographs that excite these ${UNITS} units most, ${percentText(share)} are “${className}” to the ` +
          `network; of all, ${percentText(chance)}`,
      };
    },
  },
];

/** Units by w_k times what F_k has more of in the class's photographs than in the others. */
function byWhatTheyAdd(
  ranked: readonly RankedUnit[],
  seen: readonly Seen<FigurePhoto>[],
  isOfClass: (seen: Seen<FigurePhoto>) => boolean,
): RankedUnit[] {
  const own = seen.filter(isOfClass);
  const others = seen.filter((each) => !isOfClass(each));
  const meanOf = (some: readonly Seen[], unit: number) =>
    some.reduce((sum, { features }) => sum + features[unit], 0) / Math.max(1, some.length);
  return ranked
    .map((each) => ({ each, adds: each.weight * (meanOf(own, each.unit) - meanOf(others, each.unit)) }))
    .sort((a, b) => b.adds - a.adds)
    .map(({ each }) => each);
}

async function annotated(photo: FigurePhoto): Promise<AnnotatedPicture> {
  const { width, height } = await readImageInfo(photo.file);
  return { ...photo, width, height, objects: photo.objects ?? [] };
}
