// camlab on a graphics card beside PyTorch on the same card, in turn: the network alone, and photographs to features.
//
//     node --import tsx bench/gpu/compare.ts FOLDER [--python PYTHON] [--devices cuda,webgpu] [--rounds 3] [--photos 512] [--write PAGE]
//
// PYTHON needs torch with CUDA, timm, onnx and OpenCV. Its networks have seeded weights; its photographs are drawn.
import { spawn } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { boxes, engines, extractFeatures, look, openNetwork, type Network } from "../../src/index.js";
import { messageOf } from "../../src/kernel-helpers/support/errors.js";
import { machineMeasured, versionsMeasured } from "../tables/measured-on.js";

const SIDES = { efficientnet_lite2: 260, resnet50: 224 };
type Name = keyof typeof SIDES;
type Device = "cpu" | "cuda" | "webgpu";
type Answer = Readonly<Record<string, number | string>>;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    python: { type: "string", default: "python3" },
    devices: { type: "string", default: "cuda,webgpu" },
    rounds: { type: "string", default: "3" },
    photos: { type: "string", default: "512" },
    write: { type: "string" },
  },
});
const [folder] = positionals;
const devices = values.devices.split(",") as Device[];
const names = Object.keys(SIDES) as Name[];
const rounds = Number(values.rounds);
const graph = (name: Name) => join(folder, `${name}.onnx`);
const floats = (file: string) => new Float32Array(new Uint8Array(readFileSync(join(folder, file))).buffer);

const enginesOf: Record<string, engines.Engine> = {};
const torch = startTorch();
const measured = new Map<string, number[]>();
const missing = new Map<string, string>();
const apart: string[] = [];
const about = await torch.ask({ prepare: names, photos: Number(values.photos) });
if ("missing" in about) throw new Error(String(about.missing));
const photos = readdirSync(join(folder, "photos")).map((file) => join(folder, "photos", file));

const found = await engines.detectDevices();
console.error(found);
for (const name of names) {
  const opened = await openAll(name);
  await compareNumbers(name, opened);
  for (let round = 0; round <= rounds; round++) {
    for (const batch of [1, 64]) {
      await take(round, ["forward", name, batch, "torch"], () => torch.ask({ forward: name, batch }));
      await take(round, ["resident", name, batch, "torch"], () => torch.ask({ resident: name, batch }));
      for (const device of opened.keys()) {
        await take(round, ["forward", name, batch, device], () => forward(name, batch, device));
      }
    }
    await take(round, ["features", name, 64, "torch"], () => torch.ask({ features: name, batch: 64 }));
    for (const [device, network] of opened) {
      if (device === "cpu" && round > 1) continue;
      await take(round, ["features", name, 64, device], () => features(network));
    }
  }
  for (const network of opened.values()) network.dispose();
}
torch.end();
const page = pageOf();
console.log(page);
if (values.write) writeFileSync(values.write, page);
process.exit(0);

async function openAll(name: Name): Promise<Map<Device, Network>> {
  const opened = new Map<Device, Network>();
  const preprocessing = { width: SIDES[name], height: SIDES[name] };
  for (const device of ["cpu", ...devices] as Device[]) {
    try {
      opened.set(device, await openNetwork(graph(name), { device, preprocessing }));
    } catch (error) {
      missing.set(device, messageOf(error));
    }
  }
  return opened;
}

/** Scores beside PyTorch's, and features and maps beside the CPU's. */
async function compareNumbers(name: Name, opened: ReadonlyMap<Device, Network>): Promise<void> {
  await torch.ask({ scores: name });
  const expected = floats(`${name}.out.bin`);
  const dims = [16, 3, SIDES[name], SIDES[name]];
  let first: { readonly table: Float32Array; readonly map: Float32Array } | undefined;
  for (const [device, network] of opened) {
    using engine = await engines.createOnnxRuntimeEngine(graph(name), { device });
    const { logits } = await engine.run({ input: { dims, data: floats(`${name}.in.bin`) } });
    const table = (await extractFeatures(network, photos.slice(0, 64), { cache: false })).data;
    const [{ map }] = boxes.classMaps(await look(network, photos[0]));
    first ??= { table, map: map.data };
    const differences = [differ(logits.data, expected), differ(table, first.table), differ(map.data, first.map)];
    apart.push(`| ${name} | ${device} | ${differences.map((value) => value.toExponential(1)).join(" | ")} |`);
  }
}

async function forward(name: Name, batch: number, device: Device): Promise<Answer> {
  const key = `${name} ${device}`;
  const engine = (enginesOf[key] ??= await engines.createOnnxRuntimeEngine(graph(name), { device }));
  const side = SIDES[name];
  const input = { dims: [batch, 3, side, side], data: new Float32Array(batch * 3 * side * side).fill(0.1) };
  const repeats = device === "cpu" ? 2 : 20;
  for (let i = 0; i < (device === "cpu" ? 1 : 3); i++) await engine.run({ input });
  const begun = performance.now();
  for (let i = 0; i < repeats; i++) await engine.run({ input });
  return { value: (performance.now() - begun) / repeats / batch };
}

async function features(network: Network): Promise<Answer> {
  const begun = performance.now();
  await extractFeatures(network, photos, { cache: false, batchSize: 64 });
  return { value: (performance.now() - begun) / photos.length };
}

async function take(
  round: number,
  [task, name, batch, by]: readonly [string, Name, number, string],
  run: () => Promise<Answer>,
): Promise<void> {
  const key = [task, name, batch, by].join(" ");
  if (missing.has(key)) return;
  try {
    const answer = await run();
    if (typeof answer.value !== "number") throw new Error(String(answer.missing));
    if (round > 0) measured.set(key, [...(measured.get(key) ?? []), answer.value]);
    console.error(`${round} ${key}: ${answer.value.toFixed(3)}`);
  } catch (error) {
    missing.set(key, messageOf(error));
    console.error(`${round} ${key}: ${messageOf(error)}`);
  }
}

function pageOf(): string {
  const rows: string[] = [];
  for (const task of ["forward", "features"]) {
    for (const name of names) {
      for (const batch of task === "forward" ? [1, 64] : [64]) {
        const of = (by: string, of = task) => measured.get([of, name, batch, by].join(" ")) ?? [];
        const peer = of("torch");
        const resident = task === "forward" ? milliseconds(of("torch", "resident")) : "";
        for (const device of ["cpu", ...devices]) {
          const ours = of(device);
          const ratio = ours.length > 0 && peer.length > 0 ? ratioOf(ours, peer) : "–";
          const key = [task, name, batch, device].join(" ");
          const note = missing.get(key) ?? missing.get(device) ?? "";
          rows.push(
            `| ${task}, ${name} | ${batch} | ${device} | ${milliseconds(ours)} | ${milliseconds(peer)} | ${resident} | ${ratio} | ${note} |`,
          );
        }
      }
    }
  }
  return `# On a graphics card

Written by \`node --import tsx bench/gpu/compare.ts FOLDER --write docs/graphics-card.md\`; PyTorch and camlab took turns,
${rounds} rounds after one that warms up, medians, and the median of the rounds' ratios with the least and the most.
Milliseconds a picture. *Forward*: pictures in memory to scores in memory. *Features*: photographs (JPEG, 500 × 375) to
pooled features; PyTorch decodes with OpenCV in a process for each core, and computes as it comes: convolutions in TF32, with a mantissa of
10 bits. camlab computes in full single precision, and decodes on \`UV_THREADPOOL_SIZE\` threads (${process.env.UV_THREADPOOL_SIZE ?? 4}).
*All on the card* is PyTorch's network alone, without pictures going there and scores coming back.

- ${about.card}, CUDA ${about.cuda}, PyTorch ${about.torch}; ${machineMeasured()}
- ${versionsMeasured()}
${found.map(({ device, usable, reason }) => `- ${device}: ${usable ? "usable" : "not usable"}, ${reason}`).join("\n")}

| work | batch | camlab on | camlab | PyTorch, CUDA | all on the card | ratio | |
| --- | --- | --- | --- | --- | --- | --- | --- |
${rows.join("\n")}

## The same numbers

Largest difference over the largest value: scores beside PyTorch's without TF32, pooled features and a class activation map
beside camlab's on the CPU.

| network | device | scores | features | map |
| --- | --- | --- | --- | --- |
${apart.join("\n")}
`;
}

function milliseconds(found: readonly number[]): string {
  return found.length > 0 ? median(found).toPrecision(3) : "–";
}

function ratioOf(ours: readonly number[], peer: readonly number[]): string {
  const ratios = ours.map((value, i) => value / peer[i]);
  const [least, most] = [Math.min(...ratios), Math.max(...ratios)];
  return `**${median(ratios).toFixed(2)}** (${least.toFixed(2)}–${most.toFixed(2)})`;
}

function median(of: readonly number[]): number {
  return [...of].sort((a, b) => a - b)[of.length >> 1];
}

function differ(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [most, largest] = [0, 0];
  for (let i = 0; i < b.length; i++) {
    most = Math.max(most, Math.abs(a[i] - b[i]));
    largest = Math.max(largest, Math.abs(b[i]));
  }
  return most / largest;
}

function startTorch() {
  const child = spawn(values.python, [join(import.meta.dirname, "torch_side.py"), folder], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(command: object): Promise<Answer> {
      child.stdin.write(`${JSON.stringify(command)}\n`);
      for (;;) {
        const { value, done } = (await lines.next()) as IteratorResult<string, undefined>;
        if (done) throw new Error("PyTorch's process ended");
        if (value?.startsWith("{")) return JSON.parse(value) as Answer;
      }
    },
    end: () => void child.stdin.end(),
  };
}
