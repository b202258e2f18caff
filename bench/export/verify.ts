// Exports networks and writes, beside each file, an input and what camlab computes of it, for `verify.py`.
//
//   node --import tsx bench/export/verify.ts FOLDER NETWORK...
//   python bench/export/verify.py FOLDER
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { graph as graphs, normalise, openNetwork, upsample, cam, networks } from "../../src/index.js";
import { fillInput } from "../../src/kernel-helpers/images/input/fill-input.js";
import { seededRandom } from "../../src/kernel-helpers/support/random.js";

/** What is allowed between two integrals along a path. */
const ALLOWED = { exact: 1e-5, path: 1e-4 };

async function writeCase(folder: string, name: string, pixels: boolean): Promise<void> {
  using network = await openNetwork(name, { device: "cpu" });
  const { width, height } = network.preprocessing;
  const rows = network.classes.map((_, row) => row).filter((row) => row % Math.ceil(network.classes.length / 5) === 0);
  const whole = await graphs.exportGraph(network, { classes: rows, heat: true, pixels });
  const random = seededRandom("export");
  const area = width * height;
  const bytes = Uint8Array.from(
    { length: 3 * area },
    (_, i) => (128 + 100 * Math.sin(i / 900) * random() + 27 * random()) & 255,
  );
  const batch = new Float32Array(3 * area);
  fillInput(batch, 0, bytes, network.preprocessing);
  const { featureMaps, features, logits } = await network.run(batch, 1);
  const maps = rows.map((row) => cam({ network, featureMaps, features }, row));
  const heat = maps.map((map) => normalise(upsample(map, { width, height }), "max"));
  const scores = network.card.probabilities === "sigmoid" ? networks.sigmoid(logits) : networks.softmax(logits);
  const joined = (list: readonly { readonly data: Float32Array }[]) =>
    Buffer.concat(list.map(({ data }) => Buffer.from(data.buffer, data.byteOffset, data.byteLength)));
  const stem = join(folder, `${network.name.replace(/[^\w.-]/g, "_")}${pixels ? "-pixels" : ""}`);
  await graphs.writeGraphFile(whole, `${stem}.onnx`);
  await writeFile(`${stem}.in.bin`, pixels ? bytes : Buffer.from(batch.buffer));
  const [{ width: columns, height: lines }] = maps;
  const outputs = {
    scores: [1, scores.length],
    logits: [1, logits.length],
    maps: [1, rows.length, lines, columns],
    heat: [1, rows.length, height, width],
  };
  await writeFile(`${stem}.scores.bin`, joined([{ data: scores }]));
  await writeFile(`${stem}.logits.bin`, joined([{ data: logits }]));
  await writeFile(`${stem}.maps.bin`, joined(maps));
  await writeFile(`${stem}.heat.bin`, joined(heat));
  const about = {
    names: network.classes,
    maps: rows.map((row) => network.classes[row]),
    type: pixels ? "uint8" : "float32",
    dims: pixels ? [1, height, width, 3] : [1, 3, height, width],
    outputs,
    allowed: network.head.form === "pool-then-network" ? ALLOWED.path : ALLOWED.exact,
  };
  await writeFile(`${stem}.json`, JSON.stringify(about));
  console.log(`${network.name}: ${network.head.summary}`);
}

async function main([folder, ...names]: readonly string[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const name of names) {
    await writeCase(folder, name, false);
    await writeCase(folder, name, true);
  }
}

await main(process.argv.slice(2));
