import { cam } from "../../../kernel-helpers/cam/cam.js";
import { matrixOf } from "../../../kernel-helpers/support/matrix.js";
import { averagePrecision } from "../../../kernel-helpers/svm/metrics/average-precision.js";
import { learnTask } from "../../../kernel-helpers/discovery/new-task/learn-task.js";
import type { Box } from "../../../kernel-helpers/images/box.js";
import { openForTask } from "../../../kernel-helpers/networks/tasks/open-for-task.js";
import { camGrid } from "../../../widgets/cam-grid/cam-grid.js";
import type { PageSection } from "../../../widgets/kit/html-page.js";
import { percentText } from "../../../widgets/kit/text/numbers.js";
import { lookAtPictures, type TourContext } from "./tour-context.js";

const SHOWN = 4;

/** Text, found by a probe that was told of each picture only whether there is any. */
export async function foundText(given: TourContext): Promise<PageSection[]> {
  using own = await openForTask(given.network, "text");
  const { network } = own;
  const context = { ...given, network };
  const { signal, onProgress, say } = context;
  const data = await context.draw("text", { train: 300, test: 150 });
  const learned = await learnTask(network, { name: "text", pictures: data.pictures }, { signal, onProgress });
  const { model: svm, features, findings: task } = learned;
  const test = features.ofSplit("test");
  const scores = Float32Array.from(svm.decisionValues(test).data);
  const positive = svm.classes[1];
  const sign = positive === "text" ? 1 : -1;
  const precision = averagePrecision(
    scores.map((score) => sign * score),
    test.labels.map((label) => label === "text"),
  );
  const share = percentText(precision);
  say(`text: average precision ${share}, learned from "text" or "no text" of ${task.train} pictures`);
  const withText = data.pictures.filter(({ split, label }) => split === "test" && label === "text");
  const seen = await lookAtPictures(context, withText.slice(0, 3 * SHOWN));
  const sure = (each: (typeof seen)[number]) => sign * svm.decisionValues(matrixOf([each.features])).data[0];
  const shown = [...seen].sort((a, b) => sure(b) - sure(a)).slice(0, SHOWN);
  return [
    { heading: "Finding text without ever being shown where it is" },
    {
      text: `The same with "text" and "no text": average precision ${share} on ${task.test} new pictures. The maps of the detector, and in green the words that are there.`,
    },
    camGrid(shown, {
      classes: (each) => [cam(each, svm.weightsOf("text", each.features), { label: "text" })],
      size: 225,
      boxes: false,
      caption: ({ picture }) => (picture.words ?? []).map(({ text }) => text).join(", "),
      truth: ({ picture }) => (picture.words ?? []).map(({ polygon }) => around(polygon)),
    }),
  ];
}

function around(polygon: readonly number[]): Box {
  const xs = polygon.filter((_, i) => i % 2 === 0);
  const ys = polygon.filter((_, i) => i % 2 === 1);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}
