// Whether maps of phrases lie on what is named, where boxes say it: objects of COCO photographs as phrases, learned in turns as
// `camlab figures` does, at the network's own size and closer; and whether maps that lie on what is alike do it more often:
// CAMLAB_REAL=… node --import tsx bench/figures/object-phrases.ts NETWORK…
import { join } from "node:path";
import { discoverPhrases, openNetwork, type Network } from "../../src/index.js";
import { alikePlaces } from "../../src/cli/commands/figures/alike-places.js";
import { closerSide } from "../../src/cli/commands/figures/closer.js";
import { inTurns } from "../../src/cli/commands/figures/in-turns.js";
import { pointInBox } from "../../src/kernel-helpers/boxes/box-geometry.js";
import { rankCorrelation } from "../../src/kernel-helpers/cam/faithfulness/rank-correlation.js";
import { readYolo } from "../../src/kernel-helpers/datasets/objects/yolo/yolo.js";
import type { LocatedImage } from "../../src/kernel-helpers/discovery/phrases/locate-phrases.js";
import { USUAL_VIEWS } from "../../src/kernel-helpers/discovery/usual-views.js";
import { isSkipped, lookAtAll } from "../../src/kernel-helpers/networks/look-at-all.js";
import type { FeatureMaps } from "../../src/kernel-helpers/networks/seen.js";
import { inView } from "../../src/kernel-helpers/networks/views/in-view.js";
import { mean } from "../../src/kernel-helpers/support/statistics.js";
import { shareOf } from "../../src/kernel-helpers/svm/metrics/share-of.js";

const LEAST = 5;
const TURNS = 4;
const SEEDS = [0, 1, 2];
/** Photographs of a phrase whose maps are held against each other, as many as a row shows. */
const FIRST = 4;
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

function isHit({ after, boxes }: LocatedImage): boolean {
  return boxes.some((box) => pointInBox(after.peak, box));
}

/** Photographs that show what is named, each judged by a detector that has not seen it. */
async function locatedIn(network: Network, seed: number): Promise<Map<string, LocatedImage[]>> {
  const known = new Map<string, LocatedImage[]>();
  const dealt = inTurns(photos, ({ captions }) => captions.filter((text) => phrases.includes(text)), {
    ...{ turns: TURNS, seed },
  });
  for (const turn of dealt) {
    const { findings } = await discoverPhrases(network, turn, { phrases, minPositives: 3, top: 1, seed });
    for (const { text, located } of findings.results)
      known.set(text, [...(known.get(text) ?? []), ...located.filter(({ boxes }) => boxes.length > 0)]);
  }
  return known;
}

async function featuresOf(network: Network): Promise<Map<string, FeatureMaps>> {
  const features = new Map<string, FeatureMaps>();
  const seeing = await inView(network, undefined, USUAL_VIEWS.phrases);
  for await (const seen of lookAtAll(seeing, photos, { top: 1 }))
    if (!isSkipped(seen)) features.set(seen.picture.id, seen.featureMaps);
  return features;
}

/** Over phrases: how alike what is hot is, against how much more often than by chance the peaks are in boxes. */
function alikeAndGain(known: ReadonlyMap<string, LocatedImage[]>, features: ReadonlyMap<string, FeatureMaps>): number {
  const rows = [...known.values()].map((all) => {
    const first = [...all].sort((a, b) => b.after.score - a.after.score).slice(0, FIRST);
    return {
      alike: alikePlaces(first.map(({ id, after: { map } }) => ({ featureMaps: features.get(id)!, map }))),
      gain: mean(first.map((image) => Number(isHit(image)) - covered(image))),
    };
  });
  return rankCorrelation(
    Float32Array.from(rows, ({ alike }) => alike),
    Float32Array.from(rows, ({ gain }) => gain),
  );
}

const percent = (share: number) => (100 * share).toFixed(0);
for (const name of process.argv.slice(2)) {
  using own = await openNetwork(name, { models: join(real, "models") });
  using closer = await own.atSize!(closerSide(own));
  for (const network of [own, closer]) {
    const features = await featuresOf(network);
    const seeds = [];
    for (const seed of SEEDS) seeds.push(await locatedIn(network, seed));
    const known = [...seeds[0].values()].flat();
    const hit = shareOf(known.map(isHit));
    console.log(
      `${name} at ${network.preprocessing.width}: ${phrases.length} objects, the peak is in a box of what is named in ` +
        `${percent(hit.value)} % (${percent(hit.low)}–${percent(hit.high)}) of ${known.length}; a random point in ` +
        `${percent(mean(known.map(covered)))} %; alike places and hits, rank correlation of seeds ${SEEDS.join(", ")}: ` +
        seeds.map((of) => alikeAndGain(of, features).toFixed(2)).join(", "),
    );
  }
}
