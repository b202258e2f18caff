import { listObjects, moreInformative } from "../../kernel-helpers/discovery/scenes/list-objects.js";
import {
  heatMapOf,
  type SceneDiscovery,
  type SceneFinding,
  type SceneObject,
  type ScenePhoto,
} from "../../kernel-helpers/discovery/scenes/scene-findings.js";
import type { Box } from "../../kernel-helpers/images/box.js";
import { rangeOf } from "../../kernel-helpers/cam/normalise.js";
import { readableName } from "../../kernel-helpers/images/files/readable-name.js";
import { check } from "../../kernel-helpers/support/check.js";
import { invalid } from "../../kernel-helpers/support/errors.js";
import { colourMap, type ColourMap } from "../kit/photo/colour-map.js";
import { heatRamp } from "../kit/photo/heat-image.js";
import { HEAT_OPTIONS, heatOptions, type HeatOptions } from "../kit/photo/heat-options.js";
import { photoHeat } from "../kit/photo/photo-heat.js";
import { pictureWithMap } from "../kit/photo/map-tile.js";
import { SHOW_OPTIONS, type ShowOptions } from "../kit/show-options.js";
import { percentText } from "../kit/text/numbers.js";
import { Widget } from "../kit/widget.js";
import { captionOf, findScene } from "./find-scene.js";
import type { SceneFigurePhoto } from "./scene-figure-data.js";
import { heightToFill, sceneFigureSpec } from "./scene-figure-spec.js";
import { underMap } from "../../kernel-helpers/discovery/scenes/under-map.js";

/** What the figure of a scene shows. */
export interface SceneFigureOptions extends HeatOptions, ShowOptions {
  /**
   * How many photos, of those with a listed object under the map, then of the others, those first that the SVM is most sure of;
   * or which, by their `id`; 4 unless given.
   */
  readonly photos?: number | readonly string[];
  /** Objects a list; 6 unless given. */
  readonly top?: number;
  /** Objects named in a photo, at most; 4 unless given. */
  readonly named?: number;
  /** Height of the photos in pixels, at most where a width is given; 170 unless given. */
  readonly size?: number;
  /** Width of the whole in pixels, so that several figures have letters of one size; as its photos ask for unless given. */
  readonly width?: number;
  /**
   * What the list under the map goes by: how much of an object is hot, the mean over "all" photos of the scene, 0 in those
   * without it (as in `informative`), or over those where it is "shown"; "all" unless given.
   */
  readonly over?: "all" | "shown";
  /** What stands under the scene's name; how many photos, and the average precision, unless given. */
  readonly caption?: string;
}

const OPTIONS = [
  "photos",
  "top",
  "named",
  "size",
  "width",
  "over",
  "caption",
  ...HEAT_OPTIONS,
  ...SHOW_OPTIONS,
] as const;

/**
 * The figure of one scene, as the paper shows it: photos and the most frequent objects above; the same photos under the
 * scene's class activation map, with the objects that lie under it named, and the most informative objects below. All
 * annotated objects are counted as frequent; informative are those that enough photos show, and ▲ says by how many places
 * one stands higher than by frequency. Boxed is an object of which at least the share `overlap` is hot, and some above half
 * of the map's maximum.
 * Nothing is computed again; only thumbnails of the photos are read from their files.
 *
 * @param scene one of the result's
 * @throws CamlabError for a scene or a photo that was not found, an option outside its range, or a photo that is gone
 * @example
 * await widgets.sceneFigure(scenes, "kitchen", { photos: 5 }).save("kitchen.png");
 */
export function sceneFigure(
  { findings: found }: Pick<SceneDiscovery, "findings">,
  scene: string,
  options: SceneFigureOptions = {},
): Widget {
  const {
    photos = 4,
    top = 6,
    named = 4,
    size: highest = 170,
    width,
    over = "all",
  } = check.known(options, OPTIONS, "sceneFigure");
  const { colourMap: name, ...style } = heatOptions(options);
  const findings = findScene(found, scene);
  check.counts({ top });
  check.wholeNumber("named", named);
  check.number("size", highest, { from: 60, to: 600 });
  if (width !== undefined) check.number("width", width, { from: 300, to: 4000 });
  check.oneOf("over", over, ["all", "shown"]);
  const { overlap } = found.settings;
  const chosen = choosePhotos(findings, photos, overlap);
  const size = width === undefined ? highest : heightToFill(chosen, width, highest);
  const { frequent } = listObjects(findings.photos, { overlap, minImages: 1 });
  return new Widget(async () => {
    const colours = await colourMap(name);
    const shown: SceneFigurePhoto[] = [];
    for (const photo of chosen) shown.push(await figurePhoto(photo, findings, colours, { named, size, overlap }));
    return sceneFigureSpec({
      ...{ scene: readableName(findings.scene), caption: options.caption ?? captionOf(findings), photos: shown },
      frequent: frequent.slice(0, top).map((each) => ({ name: readableName(each.name), share: each.frequency })),
      informative: underMap(findings, over)
        .slice(0, top)
        .map((each) => ({ ...each, name: readableName(each.name) })),
      shareOf: over === "all" ? "so much of it, all photos" : "so much of it, where shown",
      ramp: heatRamp(colours),
      rule: `boxed: ${percentText(overlap)} of it or more lies under the map, part of it where the map is strong`,
      ...(width !== undefined && { width }),
      ...{ size, ...style },
    });
  }, options);
}

function choosePhotos(findings: SceneFinding, wanted: number | readonly string[], overlap: number): ScenePhoto[] {
  const { scene, photos, informative } = findings;
  if (typeof wanted === "number") {
    check.count("photos", wanted);
    const listed = new Set(informative.map(({ name }) => name));
    const isBoxed = (photo: ScenePhoto) => objectsUnder(photo, overlap).some(({ name }) => listed.has(name));
    const boxed = new Set(photos.filter(isBoxed));
    return [...boxed, ...photos.filter((photo) => !boxed.has(photo))].slice(0, wanted);
  }
  if (wanted.length === 0) throw invalid("photos", wanted, "how many (from 1), or a list of ids");
  return wanted.map((id) => {
    const photo = photos.find((each) => each.id === id);
    if (photo) return photo;
    throw invalid("photos", id, `ids of held-out photos of ${JSON.stringify(scene)}: ${photos[0].id}, …`);
  });
}

async function figurePhoto(
  photo: ScenePhoto,
  { informative }: SceneFinding,
  colours: ColourMap,
  { named, size, overlap }: { named: number; size: number; overlap: number },
): Promise<SceneFigurePhoto> {
  const { file, id, width, height, map } = photo;
  const side = size * Math.max(1, width / height);
  const { uri, mutedUri, heatUri, unseen } = await pictureWithMap(file, heatMapOf(map), side, colours);
  const objects = namedObjects(photo, informative, overlap, named);
  return { name: readableName(id), uri, mutedUri, heatUri, unseen, width, height, objects };
}

/** From this share of the map's maximum on a place is where the network looked, to the eye. */
const BRIGHT = 0.5;

/** The highest value of a photo's map in a box, as a share of the map's maximum. */
function brightness({ map }: ScenePhoto): (box: Box) => number {
  const heat = heatMapOf(map);
  const { max } = rangeOf(heat.data);
  return (frame) => {
    const { data } = photoHeat(heat, { width: CELLS, height: CELLS, frame });
    return max > 0 ? Math.max(0, ...data.filter((value) => !Number.isNaN(value))) / max : 0;
  };
}

/** Places across a box that are looked at. */
const CELLS = 16;

/** Objects of which enough is hot, some of it bright. */
function objectsUnder(photo: ScenePhoto, overlap: number): ScenePhoto["objects"] {
  const bright = brightness(photo);
  return photo.objects.filter(({ box, seen, hot }) => hot >= overlap * seen && bright(box) >= BRIGHT);
}

/** Of each name that lies under the map its largest object, the most informative names first, rare ones last. */
function namedObjects(photo: ScenePhoto, informative: readonly SceneObject[], overlap: number, count: number) {
  const under = objectsUnder(photo, overlap);
  const byName = new Map(informative.map((object) => [object.name, object]));
  const largest = new Map<string, ScenePhoto["objects"][number]>();
  for (const object of under) {
    if (object.seen > (largest.get(object.name)?.seen ?? 0)) largest.set(object.name, object);
  }
  return [...largest.values()]
    .sort((a, b) => {
      const [first, second] = [byName.get(a.name), byName.get(b.name)];
      return first && second ? moreInformative(first, second) : first ? -1 : second ? 1 : b.seen - a.seen;
    })
    .slice(0, count)
    .map(({ name, box }) => ({ name: readableName(name), box }));
}
