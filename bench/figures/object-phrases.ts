// Whether maps of phrases lie on what is named, where boxes say it: objects of COCO photographs as phrases, learned in turns as
// `camlab figures` does: CAMLAB_REAL=… node --import tsx bench/figures/object-phrases.ts NETWORK…
import { join } from "node:path";
import { discoverPhrases, openNetwork } from "../../src/index.js";
import { inTurns } from "../../src/cli/commands/figures/in-turns.js";
import { pointInBox } from "../../src/kernel-helpers/boxes/box-geometry.js";
import { readYolo } from "../../src/kernel-helpers/datasets/objects/yolo/yolo.js";
import type { LocatedImage } from "../../src/kernel-helpers/discovery/phrases/locate-phrases.js";
import { mean } from "../../src/kernel-helpers/support/statistics.js";
import { shareOf } from "../../src/kernel-helpers/svm/metrics/share-of.js";

const LEAST = 5;
const TURNS = 4;
const real = process.env.CAMLAB_REAL;
if (real === undefined) throw new Error("CAMLAB_REAL is not set");
const { pictures } = await readYolo(join(real, "data/coco-vqa"));
const phraseOf = (name: string) => `a photo of a ${name}`;
const photos = pictures.map((picture) => ({
  ...picture,
  captions: [...new Set(picture.objects.map(({ name }) => phraseOf(name)))],
  phrases: picture.objects.map(({ name, box }) => ({ text: phraseOf(name), box })),
}));
// Half of the photographs show people: nothing is said by that.
const phrases = [...new Set(photos.flatMap(({ captions }) => captions))].filter(
  (text) => text !== phraseOf("person") && photos.filter(({ captions }) => captions.includes(text)).length >= LEAST,
);

function covered({ boxes, width, height }: LocatedImage): number {
  return Math.min(1, boxes.reduce((sum, box) => sum + box.width * box.height, 0) / (width * height));
}

for (const name of process.argv.slice(2)) {
  using network = await openNetwork(name, { models: join(real, "models") });
  const known: LocatedImage[] = [];
  for (const dealt of inTurns(photos, ({ captions }) => captions.filter((text) => phrases.includes(text)), {
    turns: TURNS,
    seed: 0,
  })) {
    const { findings } = await discoverPhrases(network, dealt, { phrases, minPositives: 3, top: 1 });
    known.push(...findings.results.flatMap(({ located }) => located.filter(({ boxes }) => boxes.length > 0)));
  }
  const hit = shareOf(known.map(({ after, boxes }) => boxes.some((box) => pointInBox(after.peak, box))));
  const percent = (share: number) => (100 * share).toFixed(0);
  console.log(
    `${name}: ${phrases.length} objects, the peak is in a box of what is named in ${percent(hit.value)} % ` +
      `(${percent(hit.low)}–${percent(hit.high)}) of ${known.length}; a random point in ${percent(mean(known.map(covered)))} %`,
  );
}
