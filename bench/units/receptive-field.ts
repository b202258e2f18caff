// Holds the receptive field that camlab computes from the graph against a measured one, where gradients reach:
// MobileNet and the Places SqueezeNet of $CAMLAB_REAL, the embedded network, and networks that
// bench/torchvision/export.py wrote.
//   python3 bench/torchvision/export.py FOLDER [NETWORK …]
//   CAMLAB_REAL=… node --import tsx bench/units/receptive-field.ts [FOLDER]
// Each at its own size, and at the size from which the middle cell's whole field lies within the input, when that is at
// most LARGEST. Exits with 1 when a measured field differs from the computed one.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fieldBox, receptiveField } from "../../src/kernel-helpers/graph/shapes/receptive-field.js";
import { findGapHead } from "../../src/kernel-helpers/graph/head/find-gap-head.js";
import type { Graph } from "../../src/kernel-helpers/graph/onnx/graph.js";
import { readGraph } from "../../src/kernel-helpers/graph/onnx/read-graph.js";
import { withInputSize } from "../../src/kernel-helpers/graph/surgery/input-size.js";
import { messageOf } from "../../src/kernel-helpers/support/errors.js";
import { type Cell, measuredFields, someCells } from "./measured-field.js";

const LARGEST = 640;
const INPUTS = 4;

const real = process.env.CAMLAB_REAL;
const folder = process.argv[2];
const files: (readonly [string, string])[] = [["embedded network", "models/objects-gap/model.onnx"]];
if (real !== undefined) {
  for (const name of ["mobilenet_v1_0.75_224", "squeezenet_places365"])
    files.push([name, join(real, "models", name, "model.onnx")]);
}
if (folder !== undefined) {
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".onnx")))
    files.push([file.slice(0, -5), join(folder, file)]);
}

let wrong = 0;
console.log("| network | maps | step, first, size | input | cells | measured |\n|---|---|---|---|---|---|");
for (const [name, file] of files) {
  if (!existsSync(file)) throw new Error(`${file} is not there`);
  const graph = await readGraph(file);
  try {
    for (const [size, sized] of sizesOf(graph)) wrong += (await agrees(name, size, sized)) ? 0 : 1;
  } catch (error) {
    console.log(`| ${name} | ${messageOf(error).split(":")[0]} | | | | |`);
  }
}
process.exitCode = wrong === 0 ? 0 : 1;

/** The network as it is, and with an input that holds the middle cell's field. */
function sizesOf(graph: Graph): [number, Graph][] {
  const own = Number(graph.inputs[0].dims?.[3]);
  const field = receptiveField(graph, findGapHead(graph).featureMaps.name);
  const { first = 0, size = Infinity, step = 32 } = field?.x ?? {};
  const larger = Math.ceil((2 * Math.max(-first, first + size)) / step + 2) * step;
  if (!(larger > own && larger <= LARGEST)) return [[own, graph]];
  return [
    [own, graph],
    [larger, withInputSize(graph, { width: larger, height: larger })],
  ];
}

async function agrees(name: string, size: number, graph: Graph): Promise<boolean> {
  const { featureMaps } = findGapHead(graph);
  const { channels, width, height } = featureMaps;
  const field = receptiveField(graph, featureMaps.name);
  if (!field || width === undefined || height === undefined)
    throw new Error("its field or the size of its maps is unknown");
  const cells = someCells({ width, height });
  const maps = { channels, width, height };
  const measured = await measuredFields(graph, { value: featureMaps.name, maps, cells, inputs: INPUTS });
  const computed = cells.map(([column, row]) => fieldBox(field, column, row, { width: size, height: size }));
  const off = cells.flatMap((cell, i) =>
    JSON.stringify(measured[i]) === JSON.stringify(computed[i]) ? [] : [difference(cell, measured[i], computed[i])],
  );
  const { step, first, size: seen } = field.x;
  const reach = Number.isFinite(seen) ? `${step}, ${first}, ${seen}` : "the whole input";
  const whole = computed.some(({ width, height }) => width === seen && height === seen);
  console.log(
    `| ${name} | ${channels}×${height}×${width} | ${reach} | ${size}${whole ? ", whole fields in it" : ""} | ${cells.length} | ` +
      `${off.length === 0 ? "equal" : off.join("; ")} |`,
  );
  return off.length === 0;
}

function difference([column, row]: Cell, measured: unknown, computed: unknown): string {
  return `cell ${column}, ${row}: ${JSON.stringify(measured)} not ${JSON.stringify(computed)}`;
}
