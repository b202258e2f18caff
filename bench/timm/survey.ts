// Opens every exported architecture in a folder, checks what its head promises against PyTorch's own scores, and writes a
// table: `node --import tsx bench/timm/survey.ts FOLDER[,FOLDER…] [docs/networks.md]`. A folder is made by
// `bench/timm/export.py`; what lies in further ones is told by their names.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { createOnnxRuntimeEngine } from "../../src/kernel-helpers/engines/onnxruntime.js";
import { classWeightsFor, scoreOffsetFor } from "../../src/kernel-helpers/graph/head/class-weights.js";
import { activationFunction } from "../../src/kernel-helpers/graph/head/activations.js";
import { findGapHead } from "../../src/kernel-helpers/graph/head/find-gap-head.js";
import type { GapHead } from "../../src/kernel-helpers/graph/head/gap-head.js";
import { readGraph } from "../../src/kernel-helpers/graph/onnx/read-graph.js";
import { writeGraph } from "../../src/kernel-helpers/graph/onnx/write-graph.js";
import { exposeHead, headOutputs } from "../../src/kernel-helpers/graph/surgery/expose-head.js";
import { openNetwork } from "../../src/kernel-helpers/networks/open-network.js";
import { isAssumed } from "../../src/kernel-helpers/networks/opening/token-order.js";
import { messageOf } from "../../src/kernel-helpers/support/errors.js";

interface Found {
  readonly head: GapHead;
  /** Largest difference to PyTorch's scores, over the largest score. */
  readonly logits: number;
  /** Largest |Σ w F + offset − S|, over the largest score. */
  readonly identity: number;
  /** Largest |mean of a map − F|, over the largest feature. */
  readonly pooling: number;
  /** Milliseconds to find the head. */
  readonly ms: number;
}

interface Row {
  readonly name: string;
  readonly found?: Found;
  readonly refused?: string;
}

const [folders, output, only = ""] = process.argv.slice(2);
const files = folders.split(",").flatMap((folder, i) =>
  readdirSync(folder)
    .filter((file) => file.endsWith(".onnx") && file.includes(only))
    .sort()
    .map((file) => ({ path: join(folder, file), told: i === 0 ? "" : ` (${basename(folder)})` })),
);
const rows: Row[] = [];
for (const { path, told } of files) {
  const found = await survey(path);
  const row = { ...found, name: `${found.name}${told}` };
  rows.push(row);
  const seen = row.found;
  const figures = seen && [seen.logits, seen.identity, seen.pooling].map((value) => value.toExponential(1)).join(" ");
  console.log(seen ? `${row.name} ${seen.head.form} ${figures}` : `${row.name} REFUSED ${row.refused}`);
}
if (output) writeFileSync(output, page(rows));

async function survey(path: string): Promise<Row> {
  const name = basename(path, ".onnx");
  try {
    const graph = await readGraph(path);
    const start = performance.now();
    const head = findGapHead(graph);
    const ms = performance.now() - start;
    // Tokens whose order can't be read must pass the test of the corners, as they do when the network is opened.
    if (isAssumed(head)) (await openNetwork(path, { device: "cpu" })).dispose();
    const exposed = exposeHead(graph, head);
    using engine = await createOnnxRuntimeEngine(writeGraph(exposed), { device: "cpu" });
    const [{ name: input, dims }] = graph.inputs;
    const image = floats(path.replace(/\.onnx$/, ".in.bin"));
    const size = (dims ?? []).slice(1).map(Number);
    const results = await engine.run({ [input]: { dims: [1, ...size], data: image } });
    const outputs = headOutputs(head);
    const logits = head.logits.classes > 0 ? results[outputs.logits].data : new Float32Array(0);
    const features = results[outputs.features].data;
    const maps = results[outputs.featureMaps];
    const expected = floats(path.replace(/\.onnx$/, ".out.bin"));
    const largest = largestOf(logits);
    let identity = 0;
    for (let c = 0; c < Math.min(head.logits.classes, 20); c++) {
      identity = Math.max(identity, Math.abs(scoreOf(head, c, features, maps.data) - logits[c]) / largest);
    }
    const apart = logits.reduce((most, score, c) => Math.max(most, Math.abs(score - expected[c])), 0) / (largest || 1);
    return { name, found: { head, logits: apart, identity, pooling: poolingError(head, features, maps), ms } };
  } catch (error) {
    return { name, refused: messageOf(error).split("\n")[0] };
  }
}

function scoreOf(head: GapHead, c: number, features: Float32Array, maps: Float32Array): number {
  const weights = classWeightsFor(head, c, features);
  const offset = scoreOffsetFor(head, c, features);
  if (head.form !== "classify-then-pool") return weights.reduce((sum, w, k) => sum + w * features[k], offset);
  const places = maps.length / weights.length;
  const act = head.activation ? activationFunction(head.activation).value : (x: number) => x;
  let [sum, most] = [0, -Infinity];
  for (let p = 0; p < places; p++) {
    const value = act(weights.reduce((total, w, k) => total + w * maps[k * places + p], offset));
    sum += value;
    most = Math.max(most, value);
  }
  return (head.pooling === "max" ? most : sum / places) + (head.outside?.[c] ?? 0);
}

function poolingError(
  { pooling, featureMaps }: GapHead,
  features: Float32Array,
  { dims, data }: { readonly dims: readonly number[]; readonly data: Float32Array },
): number {
  const [, channels, height, width] = dims;
  if (channels !== featureMaps.channels) return Infinity;
  const tokens = featureMaps.tokens?.count ?? height * width;
  if (tokens !== height * width) return NaN;
  let most = 0;
  for (let k = 0; k < channels; k++) {
    const map = data.subarray(k * height * width, (k + 1) * height * width);
    const value =
      pooling === "max" ? map.reduce((a, b) => Math.max(a, b)) : map.reduce((a, b) => a + b, 0) / map.length;
    most = Math.max(most, Math.abs(value - features[k]));
  }
  return most / (largestOf(features) || 1);
}

function page(every: readonly Row[]): string {
  const all = every.filter(({ name }) => !name.startsWith("torchvision_"));
  const others = every.filter(({ name }) => name.startsWith("torchvision_"));
  const found = all.filter((row) => row.found);
  const exact = found.filter((row) => row.found?.head.form !== "pool-then-network");
  const paths = found.filter((row) => row.found?.head.form === "pool-then-network");
  const most = (list: readonly Row[], of: (found: Found) => number) =>
    list.reduce((worst, row) => Math.max(worst, row.found ? of(row.found) : 0), 0).toExponential(1);
  const embeddings = found.filter((row) => row.found?.head.form === "embedding").length;
  return `# Networks that open

${all.length} exports of [timm](https://github.com/huggingface/pytorch-image-models)'s architectures with random weights, opened
by camlab. Made by \`bench/timm/export.py FOLDER [$(cat bench/timm/more.txt)]\`, with \`--exporter dynamo\` into a folder called
dynamo, and \`node --import tsx bench/timm/survey.ts FOLDER[,dynamo] docs/NAME.md\`. \`networks.txt\` holds the smallest of each
family, \`more.txt\` others of the same kind.

**${found.length} of ${all.length} give a map.** In ${exact.length} the map is exact: Σ_k w_k F_k + offset is the class score within
${most(exact, ({ identity }) => identity)} of the largest score${embeddings ? ` (${embeddings} of them are embeddings: no classes, but maps of any weights)` : ""}. In
${paths.length} a small network stands behind the pooling: weights along a path, complete within ${most(paths, ({ identity }) => identity)}. The scores are
PyTorch's within ${most(found, ({ logits }) => logits)}${rounded(found)}. ${all.length - found.length} are refused, with the reason.

${table(all)}
${others.length ? `\n## torchvision\n\n${table(others)}\n` : ""}`;
}

/** What is known of scores that are far from PyTorch's. */
function rounded(found: readonly Row[]): string {
  const far = found.filter((row) => (row.found?.logits ?? 0) > 1e-3).map(({ name }) => name);
  return far.length > 0
    ? ` (those of ${far.join(", ")} by ONNX Runtime's own optimisations, without which they are a hundred times closer and more)`
    : "";
}

function table(all: readonly Row[]): string {
  const found = all.filter((row) => row.found);
  return `| architecture | maps | head | Σ w F against the score | score against PyTorch |
|---|---|---|---|---|
${found.map(foundLine).join("\n")}

| refused | why |
|---|---|
${all
  .filter((row) => row.refused)
  .map(
    ({ name, refused = "" }) =>
      `| ${name} | ${refused.replace(/^no GAP head in this network: /, "").replace(/\|/g, "\\|")} |`,
  )
  .join("\n")}
`;
}

function foundLine({ name, found }: Row): string {
  if (!found) return "";
  const { head, identity, logits } = found;
  const { channels, height, width } = head.featureMaps;
  const tail = head.summary.slice(head.summary.indexOf("→") + 2).replace(/\/\S*\/(\S+)/g, "$1");
  const figures = head.form === "embedding" ? "– | –" : `${identity.toExponential(1)} | ${logits.toExponential(1)}`;
  return `| ${name} | ${channels}×${height ?? "?"}×${width ?? "?"} | ${tail} | ${figures} |`;
}

function floats(path: string): Float32Array {
  if (!existsSync(path)) return new Float32Array(0);
  const bytes = readFileSync(path);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

function largestOf(values: Float32Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
