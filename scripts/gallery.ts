// Draws the gallery from the project's own material: the pictures and the page that shows them. The README's first picture is
// the gallery's.
//
//   npm run gallery [-- NAME …]
import { mkdir, writeFile } from "node:fs/promises";
import sharp from "sharp";
import {
  boxes,
  boxOf,
  boxSteps,
  cam,
  camGrid,
  discover,
  discoverActivities,
  discoverAnswers,
  discoverPhrases,
  discoverScenes,
  discoverText,
  discoverUnits,
  drawWorld,
  extractFeatures,
  iou,
  look,
  openNetwork,
  type Picture,
  type Seen,
  trainLinearSvm,
  widgets,
} from "../src/index.js";
import type { DrawnPicture } from "../src/world/drawn-picture.js";
import { labelsOf, lookAtDrawn, truthOf } from "./look-drawn.js";

const FOLDER = "docs/images/gallery";
const SEED = 21;

/** A picture of the gallery. */
interface Exhibit {
  /** The name of its file. */
  readonly name: string;
  readonly title: string;
  readonly words: string;
  /** How a reader has the like of it: the last lines of a cell. */
  readonly code: string;
  /** Where to read on. */
  readonly more: string;
  readonly draw: () => Promise<{ toPng(options: { scale: number }): Promise<Buffer> }>;
}

const network = await openNetwork();
let looked: Seen<DrawnPicture>[] | undefined;
const notebook = (number: string, file: string, title: string) =>
  `[Notebook ${number}](../notebooks/${number}-${file}.ipynb): ${title}`;

const EXHIBITS: readonly Exhibit[] = [
  {
    name: "what-is-where",
    title: "What is in the picture, and where",
    words:
      "One look gives the classes; the class activation map of each says how much every place spoke for it. White is the box that follows from the map, green the truth. The network was told of each training picture only what is in it. (A picture whose boxes fit, chosen of 240; [how often they do](../notebooks/05-boxes-without-boxes.ipynb).)",
    code: "camGrid(await look(network, photo), { classes: 3 })",
    more: notebook("01", "where-does-it-look", "from a picture to a map to a box"),
    draw: async () => {
      const [best] = await crowded();
      return camGrid(best, { classes: 3, columns: 4, size: 260, truth: truthOf, caption: labelsOf });
    },
  },
  {
    name: "for-and-against",
    title: "Evidence for, and evidence against",
    words:
      "A map is signed. Beside the class that won, the two whose maps go lowest: blue places spoke against them. Something there looks a little like the class, and the network has learned to tell it from it.",
    code: 'camGrid(seen, { classes: ["phone", "umbrella"], colourMap: "blue-orange", colourScale: "map" })',
    more: notebook("01", "where-does-it-look", "evidence against"),
    draw: async () => {
      const [, , seen] = await crowded();
      const lowest = (name: string) => cam(seen, name).data.reduce((a, b) => Math.min(a, b), 0);
      const against = [...network.classes].sort((a, b) => lowest(a) - lowest(b)).slice(0, 2);
      const classes = [seen.top[0].name, ...against];
      return camGrid(seen, {
        classes,
        colourMap: "blue-orange",
        colourScale: "map",
        boxes: false,
        columns: 4,
        size: 240,
        caption: labelsOf,
      });
    },
  },
  {
    name: "from-map-to-box",
    title: "From a map to a box",
    words:
      "The paper's rule, step by step: keep what is above 20 % of the maximum, take the largest piece, draw the rectangle around it.",
    code: "boxSteps(seen, seen.top[0].name)",
    more: notebook("05", "boxes-without-boxes", "how often such a box is right"),
    draw: async () => {
      const [, seen] = await crowded();
      const [{ name }] = seen.top;
      return boxSteps(seen, name, { truth: truthOf(seen, name), caption: labelsOf(seen) });
    },
  },
  {
    name: "ways-to-look",
    title: "Ways to look, side by side",
    words:
      "CAM and its repairs, the family of Grad-CAM, saliency and its kin, occlusion, RISE: one function, one picture, and for each what it costs and whether it can be believed.",
    code: 'boxes.lookWays(network, photo, { ways: ["cam", "grad-cam++", "smooth-grad"] })',
    more: notebook("04", "ways-to-look", "ways to look, and which to believe"),
    draw: async () => {
      const [, , , one] = await crowded();
      const ways = ["cam", "contrast", "grad-cam++", "smooth-grad", "guided-backprop", "rise"];
      const { seen, maps } = await boxes.lookWays(network, one.picture, { ways });
      const classes = maps.map(({ title, map }) => ({ ...map, label: title }));
      return camGrid(seen, { classes, boxes: false, columns: 7, size: 150, caption: labelsOf, colourScale: "map" });
    },
  },
  {
    name: "what-makes-a-kitchen",
    title: "What makes a kitchen?",
    words:
      "Ten scenes learned from one word a picture. The frequent things are in every room; what lies under the map is what the classifier goes by.",
    code: 'widgets.sceneFigure(await discoverScenes(network, pictures), "kitchen")',
    more: notebook("06", "what-makes-a-kitchen", "what is frequent, and what tells"),
    draw: async () => {
      const finer = await openNetwork(undefined, { size: 240 });
      const found = await discoverScenes(finer, await drawWorld("scenes", { train: 600, test: 200, seed: 3 }), {
        hot: 0.04,
      });
      return widgets.sceneFigure(found, "kitchen");
    },
  },
  {
    name: "what-are-they-doing",
    title: "What are they doing, and with what?",
    words:
      "Activities from one word a picture. White is who does it, blue what it is done with; neither was told. A disc is a peak at the thing, a ring one that missed it.",
    code: "widgets.activityGrid(await discoverActivities(network, pictures))",
    more: notebook("02", "a-new-task-from-labels", "a new task from labels"),
    draw: async () => {
      const acts = await discoverActivities(network, await drawWorld("activities", { seed: 7, train: 600, test: 200 }));
      return widgets.activityGrid(acts, { columns: 6, size: 150 });
    },
  },
  {
    name: "features",
    title: "All pictures at once",
    words:
      "Each point is a picture, where its features are along the two directions in which they differ most. Point at one, or move the slider: beside it stands the picture, and where the classifier saw its scene.",
    code: "widgets.featureExplorer(features, { map: async (picture) => cam(await look(network, picture), detector.weightsOf(picture.label)) })",
    more: notebook("02", "a-new-task-from-labels", "a new task from labels"),
    draw: async () => {
      const features = await extractFeatures(network, await drawWorld("scenes", { train: 600, test: 200, seed: 3 }));
      const train = features.ofSplit("train");
      const svm = await trainLinearSvm(train, train.labels, { steps: ["standardise"], C: 0.003 });
      const map = async (picture: Picture) =>
        cam(await look(network, picture), svm.weightsOf(picture.label), { label: picture.label! });
      return widgets.featureExplorer(features.ofSplit("test"), { map });
    },
  },
  {
    name: "phrases",
    title: "Phrases of captions",
    words:
      "Nobody drew a box around a boat on the lake; captions say it, and that is enough to rank pictures and to point.",
    code: "widgets.phraseSheet(await discoverPhrases(network, pictures))",
    more: notebook("07", "phrases-in-pictures", "phrases, and hard negatives"),
    draw: async () => {
      const report = await discoverPhrases(network, await drawWorld("phrases", { train: 1000, test: 500 }));
      const { lines, results } = report.findings;
      const best = [...lines].sort((a, b) => b.precisionAfter - a.precisionAfter).slice(0, 3);
      const chosen = best.map(({ phrase }) => results.find(({ text }) => text === phrase)!);
      return widgets.phraseSheet(
        { ...report, findings: { ...report.findings, results: chosen } },
        { images: 8, size: 110 },
      );
    },
  },
  {
    name: "text",
    title: "Where is text?",
    words:
      "Learned from “there is text” and “there is none”. Blue outlines are the words, which the detector was never shown.",
    code: 'widgets.textDetectorGrid(await discoverText(network, discover.textExamples(await drawWorld("text"))))',
    more: notebook("08", "finding-text", "finding text, and a trap"),
    draw: async () => {
      const larger = await openNetwork(undefined, { size: 336 });
      const streets = discover.textExamples(await drawWorld("text", { train: 600, test: 120 }));
      return widgets.textDetectorGrid(await discoverText(larger, streets), { label: "text", count: 4 });
    },
  },
  {
    name: "answers",
    title: "An answer, taken apart",
    words:
      "A question, an answer, where in the photo it comes from, and how much of it each word and the photo have brought in.",
    code: 'widgets.answersView([await ask(model, network, photo, "What is on the table?")])',
    more: notebook("09", "answers-and-where-they-come-from", "answers, and where they come from"),
    draw: async () => {
      const drawn = await drawWorld("questions", { train: 1200, test: 400 });
      const { model } = await discoverAnswers(network, drawn);
      const asked = discover.questionsOf(drawn).filter(({ split }) => split === "test");
      const shown = [];
      for (const type of ["where are", "what animal"]) {
        for (const one of asked.filter(({ questionType }) => questionType === type)) {
          const answered = discover.askSeen(model, await look(network, one.picture), one.question, { top: 4 });
          const [{ answer, probability }] = answered.answers;
          if (probability < 0.5 || one.answers!.filter((each) => each === answer).length < 5) continue;
          shown.push(answered);
          break;
        }
      }
      return widgets.answersView(shown, { size: 150 });
    },
  },
  {
    name: "units",
    title: "What a unit sees",
    words:
      "Channels of the last feature maps, the pictures that excite each most, dark where it is silent, and the thing whose outlines it agrees with.",
    code: "widgets.unitGallery(await discoverUnits(network, pictures), { units: 4 })",
    more: notebook("10", "units-of-a-class", "units of a class"),
    draw: async () => {
      const found = await discoverUnits(network, await drawWorld("objects", { seed: 7, train: 0, test: 400 }));
      return widgets.unitGallery(found, { units: 4, images: 5 });
    },
  },
  {
    name: "at-night",
    title: "At night",
    words: "Every figure has a dark theme, a scale for the back row, and is saved as SVG, PNG, HTML or its spec.",
    code: 'await camGrid(seen, { theme: "dark", scale: 1.5 }).save("seen.svg")',
    more: "[Notebooks](notebooks.md)",
    draw: async () => {
      const seen = await crowded();
      return camGrid(seen[4], { classes: 3, columns: 4, size: 220, truth: truthOf, caption: labelsOf, theme: "dark" });
    },
  },
];

const names = process.argv.slice(2);
await mkdir(FOLDER, { recursive: true });
for (const { name, draw } of EXHIBITS.filter((each) => names.length === 0 || names.includes(each.name))) {
  const png = await (await draw()).toPng({ scale: 1.5 });
  await sharp(png).png({ palette: true, effort: 10 }).toFile(`${FOLDER}/${name}.png`);
  console.log(`${FOLDER}/${name}.png`);
}
await writeFile("docs/gallery.md", page());
network.dispose();

function page(): string {
  const parts = EXHIBITS.map(({ name, title, words, code, more }) =>
    [`## ${title}`, words, `![${title}](images/gallery/${name}.png)`, `\`\`\`ts\n${code}\n\`\`\``, `${more}.`].join(
      "\n\n",
    ),
  );
  const head = [
    "# Gallery",
    "Every picture here is drawn by `npm run gallery` from camlab's own network and camlab's own drawn pictures; nothing was downloaded, and no box or outline was ever learned from. In a notebook they are live: sliders move, boxes follow.",
  ];
  return `${[...head, ...parts].join("\n\n")}\n`;
}

/** Pictures of three things or more, those first whose three surest classes are there with boxes that fit. */
async function crowded(): Promise<Seen<DrawnPicture>[]> {
  if (looked) return looked;
  const { pictures } = await drawWorld("objects", { seed: SEED, train: 0, test: 240 });
  const many = pictures.filter(({ labels = [] }) => labels.length >= 3);
  const fits = new Map((await lookAtDrawn(network, many)).map((seen) => [seen, poorestFit(seen)]));
  return (looked = [...fits.keys()].sort((a, b) => fits.get(b)! - fits.get(a)!));
}

function poorestFit(seen: Seen<DrawnPicture>): number {
  const fits = seen.top.slice(0, 3).map(({ name }) => {
    const { box } = boxOf(cam(seen, name));
    return box ? Math.max(0, ...truthOf(seen, name).map((truth) => iou(box, truth))) : 0;
  });
  return Math.min(...fits);
}
