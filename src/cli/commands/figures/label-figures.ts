// What can be learned from one label a photograph.
import {
  type ActivityFindings,
  discoverActivities,
} from "../../../kernel-helpers/discovery/activities/discover-activities.js";
import type { StoredPicture } from "../../../kernel-helpers/images/picture.js";
import type { Network } from "../../../kernel-helpers/networks/network.js";
import { activityGrid } from "../../../widgets/activities/activity-grid.js";
import { evenly } from "../../../kernel-helpers/support/grouped.js";
import { estimateText } from "../../numbers.js";
import { closerIfBetter, closerText } from "./closer.js";
import { type Figure, FIGURE_WIDTH } from "./figure.js";
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
import { OBJECTS_FIGURE } from "./objects/objects-figure.js";
import { pointsOf, pointsText } from "./point-at-boxes.js";

/** Photographs of a label side by side. */
const IN_A_ROW = 4;
const TILE = Math.floor(FIGURE_WIDTH / IN_A_ROW) - 14;
const LEARNED =
  "labels of whole photographs taught what each looks like, and nobody said where anything is: heat is what decided, in " +
  "photographs that were not learned from";
/** Rows of labels. */
const ROWS = 8;

function labelRows(findings: ActivityFindings) {
  const activities = evenly([...countsOf(findings.views.map(({ picture }) => picture)).keys()].sort(), ROWS);
  return activityGrid({ findings }, { activities, order: "score", each: IN_A_ROW, columns: IN_A_ROW, size: TILE });
}

/** What is left out, to go on with; nothing where all is shown. */
function shownText(photos: readonly Pick<StoredPicture, "label">[]): string {
  const counts = countsOf(photos);
  const rows = counts.size > ROWS ? `. Of the ${counts.size} labels ${ROWS} are shown` : "";
  if ([...counts.values()].every((count) => count <= IN_A_ROW)) return rows;
  return `${rows}. Of each label ${IN_A_ROW} photographs are shown, first those that are named right, the surest first, then one that is not, where there is one`;
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
  OBJECTS_FIGURE,
];
