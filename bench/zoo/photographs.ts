// How many photographs a network of the zoo names right: the first and the first five of its classes.
//   CAMLAB_REAL=/path node --import tsx bench/zoo/photographs.ts [NAME …]
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { isSkipped, listImages, lookAtAll, openNetwork } from "../../src/index.js";

const real = process.env.CAMLAB_REAL ?? "../shared";
const names =
  process.argv.length > 2 ? process.argv.slice(2) : ["efficientnet_lite2", "efficientnet_lite1", "efficientnet_lite0"];
/** Names of the files begin with the WordNet id of their class; this file has them in the order of the classes. */
const classes = JSON.parse(readFileSync(join(real, "models/mobilenet_v1_0.75_224/classes.json"), "utf8")) as {
  wnid: string;
}[];

for (const name of names) {
  using network = await openNetwork(name);
  const counted = { pictures: 0, first: 0, five: 0 };
  const files = await listImages([join(real, "data/imagenet-photos")]);
  for await (const seen of lookAtAll(network, files)) {
    if (isSkipped(seen)) throw new Error(seen.error);
    const wnid = /^n\d+/.exec(basename(seen.photo.file))?.[0];
    const truth = classes.findIndex((each) => each.wnid === wnid);
    counted.pictures++;
    if (seen.top[0].index === truth) counted.first++;
    if (seen.top.some(({ index }) => index === truth)) counted.five++;
  }
  console.log(`${name}: ${counted.first} of ${counted.pictures} right, ${counted.five} among the first five`);
}
