// Every widget on pictures of the drawn world, small and seeded: what tests look at in a browser.
import { join } from "node:path";
import {
  answersChart,
  answersView,
  activityChart,
  activityGrid,
  ablationChart,
  confusionChart,
  explore,
  featureExplorer,
  objectLists,
  phraseChart,
  phraseOverview,
  phraseSheet,
  probeChart,
  sceneFigure,
  textDetectorChart,
  textDetectorGrid,
  trainingCurve,
  trustChart,
  unitGallery,
  type ShowOptions,
} from "../../src/door/widgets.js";
import { ablateUnits, askSeen, questionsOf, textExamples } from "../../src/door/discover.js";
import { trust } from "../../src/door/boxes.js";
import { boxSteps } from "../../src/widgets/cam-grid/box-steps.js";
import { camGrid } from "../../src/widgets/cam-grid/cam-grid.js";
import type { Widget } from "../../src/widgets/kit/widget.js";
import * as camlab from "../../src/index.js";
import { packageRoot } from "../../src/kernel-helpers/support/package-root.js";

/** Makes a widget as it is shown. */
export type MakeWidget = (show: ShowOptions) => Widget;

/** Every widget by its name. */
export async function everyWidget(): Promise<ReadonlyMap<string, MakeWidget>> {
  const network = await camlab.openNetwork();
  const made = new Map<string, MakeWidget>();
  const step = (name: string, make: MakeWidget) => made.set(name, make);

  const example = join(packageRoot(), "models/objects-gap/example.jpg");
  const seen = await camlab.look(network, example);
  step("cam-grid", (show) => camGrid(seen, { classes: 3, ...show }));
  step("box-steps", (show) => boxSteps(seen, seen.top[0].name, show));
  step("explore", (show) => explore(seen, { classes: 4, ...show }));

  const rooms = await camlab.drawWorld("scenes", { train: 120, test: 60, seed: 3 });
  const scenes = await camlab.discoverScenes(network, rooms, { hot: 0.04, minImages: 2 });
  step("scene-figure", (show) => sceneFigure(scenes, "kitchen", show));
  step("object-lists", (show) => objectLists(scenes, { scenes: ["kitchen", "street"], ...show }));

  const features = await camlab.extractFeatures(network, rooms);
  const train = features.ofSplit("train");
  const probe = await camlab.trainLinearSvm(train, train.labels, { steps: ["standardise"], C: 0.003 });
  const map = async (picture: (typeof rooms.pictures)[number]) =>
    camlab.cam(await camlab.look(network, picture), probe.weightsOf(picture.label), { label: picture.label! });
  step("feature-explorer", (show) => featureExplorer(features.ofSplit("test"), { map, count: 30, ...show }));

  const acts = await camlab.discoverActivities(
    network,
    await camlab.drawWorld("activities", { seed: 7, train: 120, test: 60 }),
  );
  step("activity-grid", (show) => activityGrid(acts, { columns: 6, size: 120, ...show }));
  step("activity-rows", (show) =>
    activityGrid(acts, {
      ...{ activities: ["cooking", "reading", "texting"].filter((name) => acts.model.classes.includes(name)) },
      ...{ order: "score", each: 5, columns: 5, size: 120 },
      ...show,
    }),
  );
  step("activity-chart", (show) => activityChart(acts, show));
  const { confusion } = acts.findings.task;
  const taken = acts.findings.views.map(({ picture, predicted }) => ({
    ...{ file: picture.file, truth: picture.label!, predicted },
  }));
  step("confusion-chart", (show) => confusionChart(confusion, { pictures: taken, ...show }));
  step("probe-chart", (show) =>
    probeChart(
      [0.31, 0.88].map((value, i) => ({
        ...{ task: ["activities", "scenes"][i], classes: 10, train: 120, test: 60, meanClassAccuracy: value },
        ...{ accuracy: { value, low: value - 0.08, high: value + 0.06, confidence: 0.95 }, skippedCount: i },
      })),
      show,
    ),
  );

  const captions = await camlab.discoverPhrases(network, await camlab.drawWorld("phrases", { train: 300, test: 150 }));
  const most = captions.findings.results[0];
  step("phrase-chart", (show) => phraseChart(most, { images: 4, size: 108, ...show }));
  step("phrase-sheet", (show) =>
    phraseSheet(
      { ...captions, findings: { ...captions.findings, results: captions.findings.results.slice(0, 2) } },
      { images: 6, size: 108, ...show },
    ),
  );
  step("phrase-overview", (show) => phraseOverview(captions, show));

  const streets = await camlab.discoverText(
    network,
    textExamples(await camlab.drawWorld("text", { train: 120, test: 40 })),
  );
  step("text-detector-grid", (show) => textDetectorGrid(streets, { label: "text", count: 4, ...show }));
  step("text-detector-pairs", (show) =>
    textDetectorGrid(streets, { label: "text", count: 2, style: "paper", size: 200, ...show }),
  );
  step("text-detector-chart", (show) => textDetectorChart({ "these streets": streets.findings.scores }, show));

  const asked = await camlab.drawWorld("questions", { train: 200, test: 60 });
  const answers = await camlab.discoverAnswers(network, asked);
  const question = questionsOf(asked).find(({ split }) => split === "test")!;
  const answered = askSeen(answers.model, await camlab.look(network, question.picture), question.question, { top: 4 });
  step("answers-view", (show) => answersView([answered], { size: 150, ...show }));
  step("answers-tiles", (show) => answersView([answered, answered], { style: "paper", columns: 2, ...show }));
  step("answers-chart", (show) => answersChart(answers, show));

  const drawn = await camlab.drawWorld("objects", { seed: 7, train: 0, test: 80 });
  const units = await camlab.discoverUnits(network, drawn);
  step("unit-gallery", (show) => unitGallery(units, { units: 2, images: 4, ...show }));
  step("unit-patches", (show) => unitGallery(units, { units: 2, images: 4, show: "patch", ...show }));
  const ablation = await ablateUnits(network, await camlab.extractFeatures(network, drawn));
  step("ablation-chart", (show) => ablationChart(ablation, show));
  const report = await trust(network, drawn.pictures.slice(0, 3), {
    ways: ["cam", "saliency"],
    measures: ["deletion", "pointing"],
  });
  step("trust-chart", (show) => trustChart(report, show));
  step("training-curve", (show) =>
    trainingCurve(
      [0, 0.2].map((more, i) => ({
        name: ["fine-tuned", "from scratch"][i],
        history: [1, 2, 3, 4, 5].map((epoch) => ({
          epoch,
          loss: more + 2 / epoch,
          validation: { loss: more + 1 + 1 / epoch, accuracy: 0.8 - more - 0.5 / epoch },
        })),
      })),
      show,
    ),
  );
  return made;
}
