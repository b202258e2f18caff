import { cam } from "../../../kernel-helpers/cam/cam.js";
import { INFORMATIVE_OBJECTS } from "../../../world/parts/scenes.js";
import { learnTask } from "../../../kernel-helpers/discovery/new-task/learn-task.js";
import { matrixOf } from "../../../kernel-helpers/support/matrix.js";
import { camGrid } from "../../../widgets/cam-grid/cam-grid.js";
import type { PageSection } from "../../../widgets/kit/html-page.js";
import { percentNumber, percentText } from "../../../widgets/kit/text/numbers.js";
import { lookAtPictures, type TourContext } from "./tour-context.js";

const SHOWN = ["kitchen", "bedroom", "beach", "street", "living room", "office"];
const MOST = 4;

/** What the station is called, and how many pictures it takes. */
interface NewScenes {
  readonly heading?: string;
  readonly train?: number;
  readonly test?: number;
}

/** A task that the network was never trained on, learned from one label a picture. */
export async function newScenes(
  context: TourContext,
  { heading = "A new task, from labels alone", train = 400, test = 200 }: NewScenes = {},
): Promise<PageSection[]> {
  const { network, signal, onProgress, say } = context;
  const data = await context.draw("scenes", { train, test });
  const began = performance.now();
  const learned = await learnTask(network, { name: "scenes", pictures: data.pictures }, { signal, onProgress });
  const seconds = (performance.now() - began) / 1000;
  const { model: svm, findings: task } = learned;
  const { accuracy, classes } = task;
  say(
    `scenes: ${percentText(accuracy.value)} of ${task.test} right (95 %: ${percentNumber(accuracy.low)}–${percentNumber(accuracy.high)}, chance ${percentNumber(1 / classes)}), learned from ${task.train} labels in ${seconds.toFixed(1)} s`,
  );
  const scenes = [...SHOWN, ...data.classes].filter((scene, i, all) => all.indexOf(scene) === i);
  const wanted = scenes
    .flatMap((scene) => data.pictures.find(({ label, split }) => label === scene && split === "test") ?? [])
    .slice(0, MOST);
  const seen = await lookAtPictures(context, wanted);
  const taken = new Map(seen.map((each) => [each, svm.predict(matrixOf([each.features]))[0]]));
  return [
    { heading },
    {
      text: `Nobody told the network of scenes. ${task.train} pictures with one word each ("kitchen", "beach"), a linear SVM on the network's pooled features, ${seconds.toFixed(1)} seconds: ${percentText(accuracy.value)} of ${task.test} new pictures are named right (95 % interval ${percentNumber(accuracy.low)} to ${percentNumber(accuracy.high)}; guessing gives ${percentNumber(1 / classes)}). The SVM's weights draw a map too. In green: the things that make such a scene in this drawn world, which the SVM was never told of.`,
    },
    camGrid(seen, {
      classes: (each) => {
        const scene = taken.get(each)!;
        return [cam(each, svm.weightsOf(scene, each.features), { label: scene })];
      },
      size: 225,
      boxes: false,
      caption: ({ picture }) => picture.label,
      truth: ({ picture }) => {
        const informative: readonly string[] =
          INFORMATIVE_OBJECTS[picture.label as keyof typeof INFORMATIVE_OBJECTS] ?? [];
        return (picture.objects ?? [])
          .filter(({ name, stuff }) => !stuff && informative.includes(name))
          .map(({ box }) => box);
      },
    }),
  ];
}
