// Classes of photographs in both views: node --import tsx bench/views.ts SHARED NETWORK…
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isSkipped, listImages, lookAtAll, openNetwork } from "../src/index.js";

const [shared, ...names] = process.argv.slice(2);
const models = join(shared, "models");
const photos = await listImages([join(shared, "data/imagenet-photos")]);
const list = JSON.parse(readFileSync(join(models, "mobilenet_v1_0.75_224/classes.json"), "utf8")) as { wnid: string }[];

for (const name of names) {
  using network = await openNetwork(name, { models });
  // Networks that know a background besides have it first.
  const background = network.classes.length - list.length;
  for (const view of ["card", "whole"] as const) {
    let [first, firstFive, count] = [0, 0, 0];
    for await (const seen of lookAtAll(network, photos, { view })) {
      if (isSkipped(seen)) continue;
      const truth = background + list.findIndex(({ wnid }) => seen.photo.file.includes(`${wnid}_`));
      const rank = seen.top.findIndex(({ index }) => index === truth);
      count += 1;
      if (rank === 0) first += 1;
      if (rank >= 0) firstFive += 1;
    }
    console.log(`${name} ${network.preprocessing.fit} ${view}: ${first} first, ${firstFive} in five, of ${count}`);
  }
}
