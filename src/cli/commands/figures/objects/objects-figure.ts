import { discoverScenes } from "../../../../kernel-helpers/discovery/scenes/discover-scenes.js";
import { listObjects } from "../../../../kernel-helpers/discovery/scenes/list-objects.js";
import type { SceneFinding, SceneFindings } from "../../../../kernel-helpers/discovery/scenes/scene-findings.js";
import { labelByObjects } from "../../../../kernel-helpers/datasets/sets/label-by-objects.js";
import { readableName } from "../../../../kernel-helpers/images/files/readable-name.js";
import type { AnnotatedPicture } from "../../../../kernel-helpers/images/picture.js";
import { percentText, shortShare } from "../../../../widgets/kit/text/numbers.js";
import { sceneFigure } from "../../../../widgets/scenes/scene-figure.js";
import { underMap } from "../../../../kernel-helpers/discovery/scenes/under-map.js";
import type { Figure, FigureSource } from "../figure.js";
import { ofEnough } from "../labels-in-turns.js";

/** Scenes are judged in five parts. */
const LEAST_OF_SCENE = 5;
/** Photographs for each that an object must be in to be listed; up to five, the task's own. */
const PHOTOS_AN_IMAGE = 40;
/** Below this average precision a detector is too weak for its maps to say anything. */
const WEAK = 0.5;
/** Scenes that are shown, those first that are told best. */
const SCENES = 4;
/** Narrow, so that lists are read from afar. */
const WIDTH = 760;
const LOOKS = { photos: 3, named: 3, top: 9, size: 200, width: WIDTH, over: "shown" } as const;

/** The objects that maps of scenes, or of other labels, lie on, against those that occur most. */
export const OBJECTS_FIGURE: Figure = {
  name: "objects",
  title: "Informative objects: those under the map, against those that occur most",
  lacks: (source) => {
    const { photos, probes } = source;
    if (!photos.some(({ objects }) => objects?.length)) return "no objects are known: give --boxes";
    if (Object.keys(probes).length > 0) return undefined;
    if (showsLabelsOnly(source)) return "photographs of a label have no more than one kind of object";
    if (new Set(ofEnough(photos, LEAST_OF_SCENE).map(({ label }) => label)).size > 1) return undefined;
    return "no scenes are known: give --probe name=objects, or --labels";
  },
  make: async ({ network, photos, probes, seed, signal }) => {
    const annotated = photos.filter((photo) => photo.objects && photo.width && photo.height) as AnnotatedPicture[];
    const probed = Object.keys(probes).length > 0;
    const set = probed
      ? labelByObjects({ classes: [], pictures: annotated }, probes)
      : { pictures: ofEnough(annotated, LEAST_OF_SCENE) };
    const found = await discoverScenes(network, set.pictures, {
      ...{ seed, signal },
      minImages: Math.min(5, Math.max(2, Math.round(annotated.length / PHOTOS_AN_IMAGE))),
    });
    const { scenes, settings } = found.findings;
    const strong = scenes.filter(({ averagePrecision }) => averagePrecision >= WEAK);
    const best = [...(strong.length > 0 ? strong : scenes)].sort((a, b) => b.averagePrecision - a.averagePrecision);
    const shown = best.slice(0, SCENES);
    return {
      sections: shown.map((finding) => sceneFigure(found, finding.scene, { ...LOOKS, caption: captionOf(finding) })),
      numbers: {
        scenes: scenes.map((finding) => ({
          scene: finding.scene,
          shown: shown.includes(finding),
          photos: finding.photos.length,
          averagePrecision: finding.averagePrecision,
          informative: underMap(finding, "shown")
            .slice(0, LOOKS.top)
            .map(({ name }) => name),
          frequent: frequentOf(finding, settings)
            .slice(0, LOOKS.top)
            .map(({ name }) => name),
        })),
      },
      says:
        riseText(shown) +
        weakText(
          scenes.filter((each) => !strong.includes(each)),
          strong.length > 0,
        ),
      details: detailsOf(scenes, settings),
    };
  },
};

/** Whether photographs of a label show nothing but what the label says. */
function showsLabelsOnly({ photos }: FigureSource): boolean {
  const names = new Map<string, Set<string>>();
  for (const { label, objects = [] } of photos) {
    if (label === undefined) continue;
    const known = names.get(label) ?? new Set();
    for (const { name } of objects) known.add(name);
    names.set(label, known);
  }
  return names.size > 0 && [...names.values()].every(({ size }) => size < 2);
}

type Settings = SceneFindings["settings"];

function frequentOf({ photos }: SceneFinding, { overlap }: Settings) {
  return listObjects(photos, { overlap, minImages: 1 }).frequent;
}

function captionOf({ photos, averagePrecision }: SceneFinding): string {
  const weak = averagePrecision < WEAK ? "; its detector is weak" : "";
  return `${photos.length} photographs that its detector had not seen; shown are the surest, those with an object under the map first${weak}`;
}

/** Which objects stand higher under the map than by frequency. */
function riseText(scenes: readonly SceneFinding[]): string {
  const said = "what occurs most in photographs of a label is not always what its map lies on";
  const risen = scenes.flatMap((finding) => {
    const names = underMap(finding, "shown").flatMap(({ name, rose }) => (rose > 0 ? [readableName(name)] : []));
    return names.length > 0 ? [`${names.slice(0, 3).join(", ")} (${readableName(finding.scene)})`] : [];
  });
  if (risen.length === 0) return "the objects that lie most under the maps are those that occur most";
  return `${said}: higher under the map than by frequency are ${risen.join("; ")}`;
}

function weakText(weak: readonly SceneFinding[], isLeftOut: boolean): string {
  if (weak.length === 0) return "";
  const names = weak.map(({ scene, averagePrecision }) => `${readableName(scene)} (${averagePrecision.toFixed(2)})`);
  const one = weak.length === 1;
  return `. ${isLeftOut ? "Left out" : "Little to be trusted"}: ${names.join(", ")}; ${one ? "its detector is" : "their detectors are"} weak (average precision below ${WEAK})`;
}

function detailsOf(scenes: readonly SceneFinding[], settings: Settings): string {
  const { hot, overlap, minImages, rivals, folds } = settings;
  const contend = rivals ? ", and where the place speaks more for it than for any other scene here" : "";
  const turns = folds === undefined ? "" : `, in ${folds} turns`;
  const lines = scenes.map((finding) => {
    const frequent = frequentOf(finding, settings).map(({ name, frequency }) => [name, frequency] as const);
    const informative = underMap(finding, "shown").map(({ name, share }) => [name, share] as const);
    return (
      `. ${readableName(finding.scene)}, average precision ${finding.averagePrecision.toFixed(2)} on ${finding.photos.length} photographs: ` +
      `frequent ${listText(frequent)}; under the map ${listText(informative)}`
    );
  });
  return (
    `each photograph is looked at with a detector learned from others${turns}. Under the map is what lies where it is above ` +
    `${percentText(hot)} of its maximum${contend}. The list under the map says how much of an object that is, the mean over ` +
    `the photographs that show it, of objects in ${minImages} or more; the frequent list counts all annotated objects. Boxed are ` +
    `objects of which ${percentText(overlap)} or more lies under the map, some of it above half of the maximum; photographs ` +
    `with none come last. With so few photographs the shares are rough${lines.join("")}`
  );
}

function listText(objects: readonly (readonly [string, number])[]): string {
  if (objects.length === 0) return "nothing that is in enough of them";
  return objects
    .slice(0, LOOKS.top)
    .map(([name, share]) => `${readableName(name)} ${shortShare(share)}`)
    .join(", ");
}
