// Draws the paper's figures on drawn pictures.
//
//   npm run figures
import { mkdir } from "node:fs/promises";
import { boxSteps, cam, camGrid, discoverFineGrained, look, openNetwork, type Seen, drawWorld } from "../src/index.js";
import { labelsOf, lookAtDrawn, truthOf } from "./look-drawn.js";

const FOLDER = "out/figures";
const SEED = 21;
const network = await openNetwork(process.env.CAMLAB_NETWORK);
await mkdir(FOLDER, { recursive: true });
await classification();
await steps();
await birdCrops();
network.dispose();

/** Classification examples: pictures with the maps of the five most probable classes. */
async function classification(): Promise<void> {
  const data = await drawWorld("objects", { seed: SEED, train: 0, test: 120 });
  const seen = await lookAtDrawn(
    network,
    data.pictures.filter(({ labels = [] }) => labels.length >= 3),
  );
  const sure = [...seen].sort((a, b) => b.top[2].probability - a.top[2].probability);
  const shown = { classes: 5, truth: truthOf, caption: labelsOf, size: 140, columns: 6, sliders: false } as const;
  await save(camGrid(sure.slice(1, 4), shown), "classification.png");
}

/** From map to box. */
async function steps(): Promise<void> {
  const data = await drawWorld("objects", { seed: SEED, train: 0, test: 120 });
  const seen = await lookAtDrawn(network, data.pictures);
  const [best] = [...seen].sort((a, b) => b.top[0].probability - a.top[0].probability);
  const [{ name }] = best.top;
  await save(boxSteps(best, name, { truth: truthOf(best, name), caption: labelsOf(best) }), "box-steps.png");
}

/** Table 4's crops: the whole picture with the map and its box, then what the second SVM sees. */
async function birdCrops(): Promise<void> {
  const data = await drawWorld("birds", { seed: 7, train: 3000, test: 800 });
  const report = await discoverFineGrained(network, data, {
    svm: { steps: ["standardise"], C: 0.001 },
    published: false,
  });
  const found = report.findings.regions.filter(({ picture, box }) => picture.split === "test" && box);
  const whole: Seen[] = [];
  const crops: Seen[] = [];
  for (const { picture, box } of found.slice(0, 6)) {
    whole.push(await look(network, picture));
    crops.push(await look(network, { ...picture, region: box }));
  }
  const caption = ({ picture }: Seen) => picture.label;
  const mapOf = (each: Seen, svm: typeof report.model.full) => {
    const name = svm.predict({ data: each.features, rows: 1, columns: each.features.length })[0];
    return [cam(each, svm.weightsOf(name, each.features), { label: name })];
  };
  const truth = ({ picture }: Seen) => [picture.box!];
  const size = 190;
  await save(
    camGrid(whole, { classes: (each) => mapOf(each, report.model.full), truth, caption, size }),
    "birds-whole.png",
  );
  await save(
    camGrid(crops, { classes: (each) => mapOf(each, report.model.crop), boxes: false, caption, size }),
    "birds-crop.png",
  );
}

async function save(widget: ReturnType<typeof camGrid>, name: string): Promise<void> {
  await widget.save(`${FOLDER}/${name}`);
  console.log(`${FOLDER}/${name}`);
}
