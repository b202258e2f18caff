// What contrast shows, by Finer-CAM's measure: how the score of a class and of its nearest class fall when the hottest twentieth
// of a map is covered with the mean colour, by contrast's map and by plain CAM's; and two birds side by side as a picture.
//
//     CAMLAB_REAL=FOLDER node --import tsx bench/ways/contrast.ts [--pictures 2000] [--maps own,finer]
//     node --import tsx bench/ways/contrast.ts --draw BIRD.jpg,OTHER.jpg --network net.onnx --out birds.png
//     node --import tsx bench/ways/contrast.ts --world --out docs/images/contrast.png        # of the drawn world
import { rmSync } from "node:fs";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import {
  boxes,
  camGrid,
  drawWorld,
  extractFeatures,
  graph,
  type HeatMap,
  type Network,
  openNetwork,
  type Picture,
  type Seen,
  svm,
  trainLinearSvm,
  upsample,
} from "../../src/index.js";
import { hasPoint } from "../../src/kernel-helpers/cam/faithfulness/truth/inside.js";
import { strongestOther } from "../../src/kernel-helpers/cam/ways/from-maps/contrast.js";
import { Questioner } from "../../src/kernel-helpers/cam/ways/questions.js";
import { seeInput } from "../../src/kernel-helpers/cam/ways/see-input.js";
import { wayCalled } from "../../src/kernel-helpers/cam/ways/look-ways.js";
import { toInput } from "../../src/kernel-helpers/images/input/placement.js";
import { seededRandom } from "../../src/kernel-helpers/support/random.js";
import { evenly } from "../../src/kernel-helpers/support/grouped.js";
import type { GridClasses } from "../../src/widgets/cam-grid/choose-maps.js";
import { benchArguments } from "../arguments.js";
import { mean } from "../world/probe.js";
import { knownBirds, openBirdNetwork } from "./cub.js";

const SHARE = 0.05;
const WAYS = ["cam", "contrast", "random"] as const;

/** Of one picture, by way: the share of its score that the class loses more than its nearest, and the lead that it loses. */
type Falls = Readonly<Record<string, { readonly share: number; readonly lead: number }>>;

/** The falls of one picture; a random map beside the two ways. */
async function fallsOf(network: Network, picture: Picture, index: number): Promise<Falls> {
  const { seen, input, size } = await seeInput(network, picture, {});
  using questioner = new Questioner(network);
  const looking = {
    ...{ seen, index, input, size, random: seededRandom(`contrast ${picture.id ?? ""}`) },
    randomOfPhoto: seededRandom("contrast"),
    network: questioner.of(index, input, size),
  };
  const other = strongestOther(looking)!;
  const falls: Record<string, { share: number; lead: number }> = {};
  for (const name of WAYS) {
    const map = name === "random" ? randomMap(seen.featureMaps, looking.random) : await wayCalled(name).map(looking);
    const { data } = upsample({ ...map, placement: seen.placement }, size);
    const hottest = Array.from(data.keys()).sort((a, b) => data[b] - data[a]);
    const covered = input.slice();
    for (const p of hottest.slice(0, Math.round(SHARE * data.length))) {
      for (let c = 0; c < 3; c++) covered[c * data.length + p] = 0;
    }
    const { logits } = await network.run(covered, 1, size);
    const [own, theirs] = [seen.logits[index] - logits[index], seen.logits[other] - logits[other]];
    falls[name] = { share: own / seen.logits[index] - theirs / seen.logits[other], lead: own - theirs };
  }
  return falls;
}

function randomMap({ width, height }: HeatMap | { width: number; height: number }, random: () => number): HeatMap {
  return { width, height, data: Float32Array.from({ length: width * height }, random) };
}

/** Mean and interval over the pictures; of the gain over CAM on the same pictures too. */
function told(name: string, falls: readonly Falls[], by: "share" | "lead"): string {
  const of = (values: readonly number[]) => {
    const { value, low, high } = svm.bootstrapInterval(values.length, (rows) => mean(rows.map((i) => values[i])));
    return `${value.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
  };
  const own = falls.map((each) => each[name][by]);
  const gain = of(own.map((value, i) => value - falls[i].cam[by]));
  return `  ${by.padEnd(6)} ${name.padEnd(9)} ${of(own)}${name === "contrast" ? `; over CAM ${gain}` : ""}`;
}

async function measured(title: string, network: Network, pictures: readonly { picture: Picture; index: number }[]) {
  const falls: Falls[] = [];
  let right = 0;
  for (const { picture, index } of pictures) {
    const { seen } = await seeInput(network, picture, { top: 1 });
    right += Number(seen.top[0].index === index);
    // A share of a score that is not positive says nothing.
    const other = strongestOther({ seen, index })!;
    if (seen.logits[index] > 0 && seen.logits[other] > 0) falls.push(await fallsOf(network, picture, index));
  }
  console.log(`${title}: ${pictures.length} pictures, ${right} named right, ${falls.length} with both scores above 0`);
  for (const by of ["share", "lead"] as const) for (const name of WAYS) console.log(told(name, falls, by));
}

/**
 * Birds side by side: each beside what speaks for its class, and what for it and not for its nearest; two birds of different
 * classes are held against each other.
 */
async function sideBySide(network: Network, pictures: readonly { picture: Picture; index?: number }[], file: string) {
  const found = new Map<Seen, GridClasses>();
  const classes: number[] = [];
  for (const { picture, index } of pictures) {
    classes.push(index ?? (await seeInput(network, picture, { top: 1 })).seen.top[0].index);
  }
  for (const [i, { picture }] of pictures.entries()) {
    const rival = pictures.length === 2 && classes[0] !== classes[1] ? classes[1 - i] : undefined;
    const { seen, maps } = await boxes.lookWays(
      network,
      { file: picture.file },
      {
        ...{ ways: ["cam", "contrast"], classes: [classes[i]], against: rival },
      },
    );
    const against = shortName(network.classes[rival ?? strongestOther({ seen, index: classes[i] })!]);
    const labels = [`Why ${shortName(maps[0].label)}`, `… and not ${against}`];
    found.set(
      seen,
      maps.map(({ map }, m) => ({ ...map, label: labels[m] })),
    );
  }
  const grid = camGrid([...found.keys()], {
    ...{
      classes: (seen: Seen) => found.get(seen)!,
      boxes: false,
      columns: 3 * pictures.length,
      width: 1500,
      size: 240,
    },
    caption: (seen: Seen) => shortName(network.classes[classes[[...found.keys()].indexOf(seen)]]),
  });
  await grid.save(file);
  const small = await sharp(file).resize({ width: 1600, withoutEnlargement: true }).png({ palette: true }).toBuffer();
  await writeFile(file, small);
  console.log(file);
}

/** “Indigo Bunting” of “Passerina cyanea (Indigo Bunting)”. */
function shortName(name: string): string {
  return /\((.*)\)/.exec(name)?.[1] ?? name;
}

/**
 * Of birds named right that are each other's nearest class, the two whose contrast lies most in their boxes: chosen for a
 * picture that can be read, and no measure of anything.
 */
async function mostAlike(network: Network, birds: readonly { picture: Picture; index: number }[]) {
  const known: { picture: Picture; index: number; other: number; within: number }[] = [];
  for (const { picture, index } of birds) {
    const { seen, maps } = await boxes.lookWays(network, picture, { ways: ["contrast"], classes: [index] });
    if (seen.top[0].index !== index || !picture.box) continue;
    const box = toInput(seen.placement, picture.box, { clamp: true });
    const { data } = upsample(maps[0].map);
    const columns = seen.placement.inputWidth;
    const heat = Array.from(data, (value) => Math.max(0, value));
    const inBox = heat.filter((_, p) => hasPoint([box], p, columns));
    known.push({
      picture,
      index,
      other: strongestOther({ seen, index })!,
      within: (mean(inBox) * inBox.length) / (mean(heat) * heat.length),
    });
  }
  const pairs = known.flatMap((a) =>
    known.filter((b) => b.index === a.other && b.other === a.index && a.index < b.index).map((b) => [a, b]),
  );
  if (pairs.length === 0) throw new Error("no two birds are each other's nearest class");
  const withinOf = (pair: readonly { within: number }[]) => Math.min(...pair.map(({ within }) => within));
  return pairs.reduce((best, pair) => (withinOf(pair) > withinOf(best) ? pair : best));
}

/** The drawn birds, learned from labels, as a network whose classes are the species. */
async function drawnBirds(): Promise<{ network: Network; pictures: { picture: Picture; index: number }[] }> {
  const set = await drawWorld("birds", { seed: 202, train: 2000, test: 300 });
  using embedded = await openNetwork(undefined, { size: 336 });
  const features = (await extractFeatures(embedded, set)).ofSplit("train");
  const probe = await trainLinearSvm(features, features.labels, { steps: ["standardise"], C: 0.003 });
  const folder = await mkdtemp(join(tmpdir(), "camlab-birds-"));
  const file = join(folder, "birds.onnx");
  await graph.writeGraphFile(await graph.exportGraph(embedded, { probe }), file);
  const network = await openNetwork(file);
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const test = set.pictures.filter(({ split }) => split === "test");
  return { network, pictures: test.map((picture) => ({ picture, index: network.classes.indexOf(picture.label!) })) };
}

async function main(): Promise<void> {
  const { values } = benchArguments({ pictures: "2000", maps: "own,finer", draw: "", network: "", out: "" }, ["world"]);
  if (values.draw) {
    using network = await openNetwork(values.network || undefined, { view: "whole", maps: "finer" });
    return await sideBySide(
      network,
      values.draw.split(",").map((file) => ({ picture: { file } })),
      values.out || "birds.png",
    );
  }
  if (values.world) {
    const { network, pictures } = await drawnBirds();
    if (values.out) return sideBySide(network, await mostAlike(network, pictures), values.out);
    return measured("drawn birds, an SVM on the embedded network", network, pictures);
  }
  const real = process.env.CAMLAB_REAL;
  for (const maps of values.maps.split(",") as ("own" | "finer")[]) {
    using network = await openBirdNetwork(real ?? "", maps);
    const birds = await knownBirds(real, network);
    if (!birds) throw new Error("CAMLAB_REAL has no data/cub20");
    await measured(
      `cub20, ${network.name}, ${maps} maps`,
      network,
      evenly(birds, Math.min(birds.length, Number(values.pictures))),
    );
  }
}

await main();
