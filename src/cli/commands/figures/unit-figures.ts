// What single units look for.
import { discoverUnits } from "../../../kernel-helpers/discovery/units/discover-units.js";
import { rankUnits } from "../../../kernel-helpers/discovery/units/rank-units.js";
import { readImageInfo } from "../../../kernel-helpers/images/files/read-image-info.js";
import type { AnnotatedPicture } from "../../../kernel-helpers/images/picture.js";
import { unitGallery } from "../../../widgets/units/unit-gallery.js";
import type { Figure, FigurePhoto } from "./figure.js";
import { evenly, seenPhotos } from "./look-figures.js";

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
      // The class that the photographs show most of.
      const sums = new Map<string, { probability: number; photos: Set<string> }>();
      for (const { top, picture } of seen) {
        const [{ name, probability }] = top;
        const known = sums.get(name) ?? { probability: 0, photos: new Set<string>() };
        known.photos.add(picture.id);
        sums.set(name, { probability: known.probability + probability, photos: known.photos });
      }
      const [[className, shows]] = [...sums].sort(([, a], [, b]) => b.probability - a.probability);
      const pictures = await Promise.all(evenly(photos, MOST).map(annotated));
      const { findings } = await discoverUnits(network, pictures.flat(), { top: IMAGES, permutations: 0, signal });
      const units = rankUnits(network, className).slice(0, UNITS);
      const images = units.flatMap(({ unit }) => findings.units[unit].images);
      const share = images.filter(({ id }) => shows.photos.has(id)).length / images.length;
      const chance = shows.photos.size / findings.images;
      return {
        sections: [unitGallery({ findings }, { units, images: IMAGES, title: `Units of “${className}”, by weight` })],
        numbers: { class: className, share, chance, images: images.length },
        says:
          `of the photographs that excite the class's ${UNITS} first units most, ${Math.round(100 * share)} % show ` +
          `“${className}” as the network names them; of all, ${Math.round(100 * chance)} %`,
      };
    },
  },
];

async function annotated(photo: FigurePhoto): Promise<AnnotatedPicture[]> {
  try {
    const { width, height } = await readImageInfo(photo.file);
    return [{ ...photo, width, height, objects: photo.objects ?? [] }];
  } catch {
    // Who could not be read was named when it was looked at.
    return [];
  }
}
