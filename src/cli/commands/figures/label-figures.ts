// What can be learned from one label a photograph.
import {
  type ActivityFindings,
  discoverActivities,
} from "../../../kernel-helpers/discovery/activities/discover-activities.js";
import { discoverScenes } from "../../../kernel-helpers/discovery/scenes/discover-scenes.js";
import { labelByObjects } from "../../../kernel-helpers/datasets/sets/label-by-objects.js";
import type { AnnotatedPicture, StoredPicture } from "../../../kernel-helpers/images/picture.js";
import type { Network } from "../../../kernel-helpers/networks/network.js";
import { activityGrid } from "../../../widgets/activities/activity-grid.js";
import { objectLists } from "../../../widgets/scenes/object-lists.js";
import { sceneFigure } from "../../../widgets/scenes/scene-figure.js";
import { evenly } from "../../../kernel-helpers/support/grouped.js";
import { estimateText } from "../../numbers.js";
import { closerIfBetter, closerText } from "./closer.js";
import { type Figure, FIGURE_WIDTH, type FigureSource } from "./figure.js";
import { FINE_GRAINED_FIGURE } from "./fine-grained-figure.js";
import {
  countsOf,
  divided,
  labelsInTurns,
  MOST_CLOSER,
  needsLabels,
  ofEnough,
  shownIn,
  turnsOf,
} from "./labels-in-turns.js";
import { pointsOf, pointsText } from "./point-at-boxes.js";

/** Scenes are judged in five parts. */
const LEAST_OF_SCENE = 5;
/** Photographs of a label side by side. */
const IN_A_ROW = 4;
const TILE = Math.floor(FIGURE_WIDTH / IN_A_ROW) - 14;
const LEARNED =
  "labels of whole photographs taught what each looks like, and nobody said where anything is: heat is what decided, in " +
  "photographs that were not learned from";
/** Rows of labels. */
const ROWS = 8;
/** Photographs for each that an object must be in to be listed; up to five, the task's own. */
const PHOTOS_AN_IMAGE = 40;

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

function labelRows(findings: ActivityFindings) {
  const activities = evenly([...countsOf(findings.views.map(({ picture }) => picture)).keys()].sort(), ROWS);
  return activityGrid({ findings }, { activities, order: "score", each: IN_A_ROW, columns: IN_A_ROW, size: TILE });
}

/** What is left out, to go on with; nothing where all is shown. */
function shownText(photos: readonly Pick<StoredPicture, "label">[]): string {
  const counts = countsOf(photos);
  const rows = counts.size > ROWS ? `. Of the ${counts.size} labels ${ROWS} are shown` : "";
  if ([...counts.values()].every((count) => count <= IN_A_ROW)) return rows;
  return `${rows}. Of each label ${IN_A_ROW} photographs are shown, first those that are named right, the surest first`;
}

export const LABEL_FIGURES: readonly Figure[] = [
  {
    name: "labels",
    title: "New labels on the same features, and where their evidence is",
    lacks: needsLabels,
    make: async (source) => {
      const { photos, signal } = source;
      const usable = ofEnough(photos);
      const options = { signal, ...shownIn(source) };
      if (turnsOf(usable) === 1) {
        const { findings } = await discoverActivities(source.network, divided(source), options);
        const { accuracy, classes, train, test } = findings.task;
        return {
          sections: [labelRows(findings)],
          numbers: { classes, train, test, accuracy, ...pointsOf(findings.views) },
          says: `${LEARNED}. ${estimateText(accuracy)} are named right`,
          details:
            `${classes} labels, learned from ${train} photographs; ${test} others are named` +
            pointsText(findings.views) +
            shownText(findings.views.map(({ picture }) => picture)),
        };
      }
      const learn = (network: Network) => labelsInTurns({ ...source, network }, usable, options);
      const { made, side } =
        usable.length > MOST_CLOSER
          ? { made: await learn(source.network) }
          : await closerIfBetter(source.network, learn, ({ accuracy }) => accuracy.value);
      const { findings, turns, classes, views, accuracy } = made;
      return {
        sections: [labelRows(findings)],
        numbers: {
          ...{ classes, turns, photos: views.length, ...(side !== undefined && { side }) },
          ...{ accuracy, ...pointsOf(views) },
        },
        says: `${LEARNED}. ${estimateText(accuracy)} are named right`,
        details:
          `Each of ${views.length} photographs is named by what was learned from others, in ${turns} turns${closerText(source.network, side)}` +
          pointsText(views) +
          shownText(usable),
      };
    },
  },
  FINE_GRAINED_FIGURE,
  {
    name: "objects",
    title: "What makes a scene: objects under the maps, against how often they occur",
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
      const { scenes } = found.findings;
      return {
        sections: [objectLists(found), ...scenes.slice(0, 2).map(({ scene }) => sceneFigure(found, scene))],
        numbers: {
          scenes: scenes.map(({ scene, averagePrecision, photos: of, informative, frequent }) => ({
            scene,
            photos: of.length,
            averagePrecision,
            informative: informative.slice(0, 6).map(({ name }) => name),
            frequent: frequent.slice(0, 6).map(({ name }) => name),
          })),
        },
        says: scenes
          .map(
            ({ scene, informative }) =>
              `${scene}: ${informative
                .slice(0, 4)
                .map(({ name }) => name)
                .join(", ")}`,
          )
          .join("; "),
      };
    },
  },
];
