// Into how many parts whole street scenes are cut for their maps, whose mean is taken where several numbers are given:
// CAMLAB_REAL=… node --import tsx bench/text/parts.ts NETWORK…
//
// A detector is trained on crops of half of the photographs, and looks at the others as a whole. Chosen on the first, third, …
// photograph, each half of which is judged by a detector of the other half; reported on the others, by a detector of the first.
import { join } from "node:path";
import { discover, discoverText, openNetwork, readers } from "../../src/index.js";
import type { StoredPicture } from "../../src/kernel-helpers/images/picture.js";
import type { Network } from "../../src/kernel-helpers/networks/network.js";

const PARTS = [[1], [2], [3], [4], [5], [2, 4], [3, 5], [2, 3, 4, 5]] as const;
const real = process.env.CAMLAB_REAL;
if (real === undefined) throw new Error("CAMLAB_REAL is not set");
const { pictures } = await readers.readIcdar(join(real, "data/scene-text"));
const [first, others] = [0, 1].map((odd) => pictures.filter((_, i) => i % 2 === odd));

/** A detector of some photographs, and what it makes of others: one row for each of `PARTS`. */
async function judged(network: Network, learned: readonly StoredPicture[], tested: readonly StoredPicture[]) {
  const dealt = learned.slice(0, tested.length).flatMap((picture, i) => [picture, tested[i]]);
  const { examples } = await discover.textCrops(dealt);
  const { model } = await discoverText(network, examples, { zoom: 1 });
  const whole = tested
    .filter(({ words }) => words?.length)
    .map((picture) => ({ ...picture, label: "text", split: "test" }));
  const views = [];
  for (const zoom of PARTS)
    views.push((await discover.judgeText(network, model, whole, { zoom, threshold: 0.55 })).findings.views);
  return views;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

console.log(
  "| network | parts | pixel AP, to choose by | at a word | pixel AP, others | at a word |\n|---|---|---|---|---|---|",
);
for (const name of process.argv.slice(2)) {
  using network = await openNetwork(join(real, "models", name, "model.onnx"));
  const halves = [0, 1].map((odd) => first.filter((_, i) => i % 2 === odd));
  const [one, other] = [await judged(network, halves[0], halves[1]), await judged(network, halves[1], halves[0])];
  const rest = await judged(network, first, others);
  PARTS.forEach((zoom, i) => {
    const told = [[...one[i], ...other[i]], rest[i]].flatMap((views) => {
      const agreed = views.flatMap(({ agreement }) => agreement ?? []);
      const [precision, hits] = [
        mean(agreed.map((each) => each.pixelPrecision)),
        mean(agreed.map(({ hit }) => Number(hit))),
      ];
      return [precision.toFixed(2), `${(100 * hits).toFixed(0)} %`];
    });
    console.log(`| ${name} | ${zoom.join(" and ")} | ${told.join(" | ")} |`);
  });
}
