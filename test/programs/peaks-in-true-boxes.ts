import { boxes, cam, drawWorld, isSkipped, lookAtAll, openNetwork, peakOf } from "camlab";

using network = await openNetwork();
let [hits, all] = [0, 0];
for await (const seen of lookAtAll(network, await drawWorld("objects", { train: 0, test: 12 }))) {
  if (isSkipped(seen)) continue;
  for (const { name, box } of seen.picture.objects.filter((object) => network.classes.includes(object.name))) {
    all++;
    if (boxes.pointInBox(peakOf(cam(seen, name)), box)) hits++;
  }
}
console.log(JSON.stringify({ hits, all }));
