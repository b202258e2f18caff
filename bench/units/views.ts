// Photographs of a class among those that excite its units most, in both views:
// CAMLAB_REAL=… node --import tsx bench/units/views.ts NETWORK…
import { join } from "node:path";
import { discover, isSkipped, listImages, lookAtAll, openNetwork } from "../../src/index.js";
import { discoverUnits } from "../../src/kernel-helpers/discovery/units/discover-units.js";
import { readImageInfo } from "../../src/kernel-helpers/images/files/read-image-info.js";
import { bootstrapInterval } from "../../src/kernel-helpers/svm/metrics/bootstrap-interval.js";
import { mean } from "../../src/kernel-helpers/support/statistics.js";

const [UNITS, IMAGES, LEAST] = [5, 5, 3];
const real = process.env.CAMLAB_REAL;
if (real === undefined) throw new Error("CAMLAB_REAL is not set");
const listed = await Promise.all(
  ["coco-vqa/images", "caltech30"].map((name) => listImages([join(real, "data", name)])),
);
const files = [...listed[0], ...listed[1].filter((_, i) => i % 4 === 0)];
const photos = await Promise.all(
  files.map(async (file, i) => {
    const { width, height } = await readImageInfo(file);
    return { file, id: String(i), width, height, objects: [] };
  }),
);

for (const name of process.argv.slice(2)) {
  using network = await openNetwork(name, { models: join(real, "models") });
  const classOf = new Map<string, string>();
  for await (const seen of lookAtAll(network, photos, { top: 1 }))
    if (!isSkipped(seen)) classOf.set(seen.picture.id, seen.top[0].name);
  const counts = new Map<string, number>();
  for (const one of classOf.values()) counts.set(one, (counts.get(one) ?? 0) + 1);
  const classes = [...counts].filter(([, count]) => count >= LEAST).map(([one]) => one);
  const shares = new Map<string, number[]>();
  for (const view of ["card", "whole"] as const) {
    const { findings } = await discoverUnits(network, photos, { top: IMAGES, permutations: 0, view });
    const share = (className: string) => {
      const units = discover.rankUnits(network, className).slice(0, UNITS);
      const images = units.flatMap(({ unit }) => findings.units[unit].images);
      return mean(images.map(({ id }) => (classOf.get(id) === className ? 1 : 0)));
    };
    shares.set(view, classes.map(share));
  }
  const [card, whole] = [shares.get("card")!, shares.get("whole")!];
  const over = (values: readonly number[]) => {
    const { value, low, high } = bootstrapInterval(values.length, (rows) => mean(rows.map((row) => values[row])));
    return [value, low, high].map((one) => (100 * one).toFixed(1)).join(" / ");
  };
  const chance = mean(classes.map((one) => counts.get(one)! / classOf.size));
  const gain = over(whole.map((value, i) => value - card[i]));
  console.log(`${name}: ${classes.length} classes, chance ${(100 * chance).toFixed(1)}`);
  console.log(`  card ${over(card)}, whole ${over(whole)}, whole − card ${gain}`);
}
