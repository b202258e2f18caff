import type { ObjectInventory } from "../../kernel-helpers/discovery/scenes/judge-lists.js";
import { moreInformative } from "../../kernel-helpers/discovery/scenes/list-objects.js";
import {
  heatMapOf,
  type SceneDiscovery,
  type SceneFindings,
  type SceneFinding,
  type SceneObject,
  type ScenePhoto,
} from "../../kernel-helpers/discovery/scenes/scene-findings.js";
import { rangeOf } from "../../kernel-helpers/cam/normalise.js";
import { readableName } from "../../kernel-helpers/images/files/readable-name.js";
import { thumbnail } from "../../kernel-helpers/images/files/thumbnail.js";
import { invalid } from "../../kernel-helpers/support/errors.js";
import { printable } from "../../kernel-helpers/support/escape.js";
import { COLOUR_MAPS, colourMap, hexColour, type ColourMap, type ColourMapName } from "../kit/colour-map.js";
import { heatImage } from "../kit/heat-image.js";
import { type ListedObject, type ObjectKind, objectListsSpec, shortShare } from "./informative-objects-chart-spec.js";
import { sceneFigureSpec, type SceneFigurePhoto } from "./informative-objects-figure-spec.js";
import { photoHeat } from "../kit/photo-heat.js";
import { Widget } from "../kit/widget.js";

/** What a chart of object lists shows. */
export interface ObjectListsOptions {
  /** Which scenes; all unless given. */
  readonly scenes?: readonly string[];
  /** Objects a list; 8 unless given. */
  readonly top?: number;
  /** What is known beforehand: bars are coloured by it. */
  readonly inventory?: ObjectInventory;
  /** Scenes a row; 2 unless given. */
  readonly columns?: number;
  /** Width of one list in pixels; 230 unless given. */
  readonly width?: number;
}

/** What the figure of a scene shows. */
export interface SceneFigureOptions {
  /** How many photos, those first that the SVM is most sure of, or which, by their `id`; 4 unless given. */
  readonly photos?: number | readonly string[];
  /** Objects a list; 6 unless given. */
  readonly top?: number;
  /** Objects named in a photo, at most; 4 unless given. */
  readonly named?: number;
  /** `inferno` unless given. */
  readonly colourMap?: ColourMapName;
  /** How strongly the maps are laid over the photos, 0–1; 0.6 unless given. */
  readonly opacity?: number;
  /** Height of the photos in pixels; 170 unless given. */
  readonly size?: number;
}

/**
 * A chart of the two lists of each scene, side by side: how often objects occur at all, and how much of them lies under
 * the map.
 *
 * @throws CamlabError for a scene that was not found, or an option outside its range
 * @example
 * objectLists(found, { scenes: ["kitchen", "bathroom"], top: 6 });
 */
export function objectLists(
  { findings: found }: Pick<SceneDiscovery, "findings">,
  options: ObjectListsOptions = {},
): Widget {
  const { top = 8, columns = 2, width = 230, inventory } = options;
  checkWhole("top", top);
  checkWhole("columns", columns);
  if (!(width >= 120 && width <= 1000)) throw invalid("width", width, "120 ≤ width ≤ 1000");
  const scenes = options.scenes?.map((name) => findScene(found, name)) ?? found.scenes;
  return new Widget(() =>
    objectListsSpec({
      columns: Math.min(columns, scenes.length),
      commonWord: inventory?.common ? "found anywhere" : "another object",
      width,
      scenes: scenes.map((findings) => {
        const kind = inventory && ((name: string) => kindOf(name, findings.scene, inventory));
        return {
          scene: readableName(findings.scene),
          caption: captionOf(findings),
          frequent: findings.frequent.slice(0, top).map((object) => listed(object, object.frequency, findings, kind)),
          informative: findings.informative
            .slice(0, top)
            .map((object) => listed(object, object.informativeness, findings, kind)),
        };
      }),
    }),
  );
}

/**
 * The figure of one scene, as the paper shows it: photos and the most frequent objects above; the same photos under the
 * scene's class activation map, with the objects that lie under it named, and the most informative objects below.
 * Nothing is computed again; only thumbnails of the photos are read from their files.
 *
 * @param scene one of the result's
 * @throws CamlabError for a scene or a photo that was not found, an option outside its range, or a photo that is gone
 * @example
 * await sceneFigure(found, "kitchen", { photos: 5 }).save("kitchen.png");
 */
export function sceneFigure(
  { findings: found }: Pick<SceneDiscovery, "findings">,
  scene: string,
  options: SceneFigureOptions = {},
): Widget {
  const { photos = 4, top = 6, named = 4, opacity = 0.6, size = 170, colourMap: name = "inferno" } = options;
  const findings = findScene(found, scene);
  checkWhole("top", top);
  if (!(Number.isInteger(named) && named >= 0)) throw invalid("named", named, "a whole number from 0");
  if (!(opacity >= 0 && opacity <= 1)) throw invalid("opacity", opacity, "0 ≤ opacity ≤ 1");
  if (!(size >= 60 && size <= 600)) throw invalid("size", size, "60 ≤ size ≤ 600");
  if (!COLOUR_MAPS.includes(name)) throw invalid("colourMap", name, COLOUR_MAPS.join(", "));
  const chosen = choosePhotos(findings, photos);
  const { hot, overlap } = found.settings;
  return new Widget(async () => {
    const colours = await colourMap(name);
    const shown: SceneFigurePhoto[] = [];
    for (const photo of chosen) shown.push(await figurePhoto(photo, findings, colours, { named, size, overlap }));
    return sceneFigureSpec({
      scene: readableName(findings.scene),
      caption: captionOf(findings),
      frequent: findings.frequent.slice(0, top).map((object) => lineOf(object.name, object.frequency)),
      informative: findings.informative.slice(0, top).map((object) => lineOf(object.name, object.informativeness)),
      photos: shown,
      colours: Array.from({ length: 17 }, (_, i) => hexColour(colours, colours.diverging ? 0.5 + i / 32 : i / 16)),
      rule: `named: at least ${percent(overlap)} of it is above ${percent(hot)} of the map's maximum`,
      size,
      opacity,
    });
  });
}

function findScene(found: SceneFindings, scene: string): SceneFinding {
  const findings = found.scenes.find((each) => each.scene === scene);
  if (findings) return findings;
  throw invalid("scene", scene, `one of ${found.scenes.map((each) => JSON.stringify(each.scene)).join(", ")}`);
}

function choosePhotos({ scene, photos }: SceneFinding, wanted: number | readonly string[]): ScenePhoto[] {
  if (typeof wanted === "number") {
    checkWhole("photos", wanted);
    return photos.slice(0, wanted);
  }
  if (wanted.length === 0) throw invalid("photos", wanted, "how many (from 1), or a list of ids");
  return wanted.map((id) => {
    const photo = photos.find((each) => each.id === id);
    if (photo) return photo;
    throw invalid("photos", id, `ids of held-out photos of ${JSON.stringify(scene)}: ${photos[0].id}, …`);
  });
}

function kindOf(name: string, scene: string, { own, common }: ObjectInventory): ObjectKind {
  if (own[scene]?.includes(name)) return "own";
  return (common?.includes(name) ?? true) ? "common" : "other";
}

function listed(
  object: SceneObject,
  share: number,
  { photos }: SceneFinding,
  kind: ((name: string) => ObjectKind) | undefined,
): ListedObject {
  const name = readableName(object.name);
  const detail = `${name}: in ${object.photos} of ${photos.length} photos, under the map in ${object.under} of these`;
  return { name, share, detail, ...(kind && { kind: kind(object.name) }) };
}

function captionOf({ photos, averagePrecision }: SceneFinding): string {
  return `${photos.length} held-out photos, average precision ${averagePrecision.toFixed(2)}`;
}

/** Letters of a name beside the photos: more would push its share out of sight. */
const LONGEST_NAME = 17;

function lineOf(name: string, share: number): string {
  const letters = [...readableName(name)];
  const cut = letters.slice(0, LONGEST_NAME - 1).join("");
  return `${letters.length > LONGEST_NAME ? `${cut.trimEnd()}…` : letters.join("")} ${shortShare(share)}`;
}

async function figurePhoto(
  photo: ScenePhoto,
  { informative }: SceneFinding,
  colours: ColourMap,
  { named, size, overlap }: { named: number; size: number; overlap: number },
): Promise<SceneFigurePhoto> {
  const { dataUri, width, height } = await thumbnail(photo.file, { maxSide: Math.ceil(size * 1.8), quality: 80 });
  const { default: sharp } = await import("sharp");
  const jpeg = Buffer.from(dataUri.slice(dataUri.indexOf(",") + 1), "base64");
  const grey = await sharp(jpeg).greyscale().jpeg({ quality: 75 }).toBuffer();
  const heat = photoHeat(heatMapOf(photo.map), Math.min(width, 128), Math.min(height, 128));
  const { min, max } = rangeOf(heat.data.filter((value) => !Number.isNaN(value)));
  const strongest = colours.diverging ? Math.max(max, -min) : max;
  return {
    name: printable(photo.id),
    uri: dataUri,
    greyUri: `data:image/jpeg;base64,${grey.toString("base64")}`,
    whole: !heat.data.some(Number.isNaN),
    heatUri: heatImage(heat, strongest > 0 ? strongest : 1, colours),
    width: photo.width,
    height: photo.height,
    objects: namedObjects(photo, informative, overlap, named),
  };
}

/** Of each name that lies under the map its largest object, the most informative names first, rare ones last. */
function namedObjects(photo: ScenePhoto, informative: readonly SceneObject[], overlap: number, count: number) {
  const under = photo.objects.filter(({ seen, hot }) => hot >= overlap * seen);
  const byName = new Map(informative.map((object) => [object.name, object]));
  const largest = new Map<string, ScenePhoto["objects"][number]>();
  for (const object of under) {
    if (byName.has(object.name) && object.seen > (largest.get(object.name)?.seen ?? 0))
      largest.set(object.name, object);
  }
  return [...largest.values()]
    .sort((a, b) => {
      const [first, second] = [byName.get(a.name), byName.get(b.name)];
      return first && second ? moreInformative(first, second) : first ? -1 : second ? 1 : b.seen - a.seen;
    })
    .slice(0, count)
    .map(({ name, box }) => ({ name: readableName(name), box }));
}

function checkWhole(name: string, value: number): void {
  if (!(Number.isInteger(value) && value >= 1)) throw invalid(name, value, "a whole number from 1");
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
