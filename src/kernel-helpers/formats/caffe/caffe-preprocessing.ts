import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import type { Graph } from "../../graph/onnx/graph.js";
import { wholeFileSize } from "../../graph/onnx/whole-file.js";
import { CamlabError, invalid } from "../../support/errors.js";
import type { FoundSettings } from "../format.js";
import { blobOf } from "./blob.js";
import { layersOf } from "./layers-of.js";
import { floatsOf, type Message } from "./message.js";
import { readBinary } from "./read-binary.js";
import { BLOB } from "./schema.js";

type Triple = readonly [number, number, number];

/** What Caffe's networks are fed with, and what was done to say it as a card does. */
export interface CaffePreprocessing {
  readonly settings: readonly FoundSettings[];
  readonly notes: readonly string[];
}

/**
 * How pictures reach a network: what the layers that brought them in training say, else a mean picture beside it, else what
 * is usual with Caffe: blue, green and red less ImageNet's mean, the middle of pictures stretched to 256 × 256.
 *
 * @param described the messages that may hold such layers, the most telling first
 * @param means paths of `.binaryproto` files
 * @throws CamlabError when such a file is damaged
 */
export async function caffePreprocessing(
  graph: Graph,
  described: readonly { readonly message: Message; readonly from: string }[],
  means: readonly string[],
): Promise<CaffePreprocessing> {
  const said = described.flatMap(({ message, from }) =>
    transformsIn(message).map((transform) => ({ transform, from })),
  );
  const named = said.map(({ transform }) => transform.meanFile).find((file) => file !== undefined);
  const file = means.find((path) => basename(path) === named) ?? (means.length === 1 ? means[0] : undefined);
  const notes: string[] = [];
  const settings: FoundSettings[] = said.flatMap(({ transform, from }) => {
    const { mean, scale } = transform;
    const fields = { ...(mean && { mean }), ...(scale !== undefined && { std: triple(1 / scale) }) };
    return Object.keys(fields).length > 0 ? [{ settings: fields, from }] : [];
  });
  if (file !== undefined) {
    const { mean, isPicture } = await meanOf(file);
    settings.push({ settings: { mean }, from: basename(file) });
    if (isPicture) notes.push(`preprocessing: of the mean picture ${basename(file)} the mean of each channel is taken`);
  } else if (means.length > 1) {
    notes.push(
      `preprocessing: none of several mean pictures was read (${means.map((path) => basename(path)).join(", ")})`,
    );
  }
  return { settings: [...settings, { settings: usual(graph), from: "what is usual with Caffe" }], notes };
}

interface Transform {
  readonly mean?: Triple;
  readonly scale?: number;
  readonly meanFile?: string;
}

/** What a layer says of training is true of use as well, besides the cut. */
function transformsIn(net: Message): Transform[] {
  return layersOf(net).flatMap(({ fields }) =>
    ["transform_param", "data_param", "image_data_param"]
      .map((name) => fields.message(name))
      .filter((transform) => ["mean_value", "mean_file", "scale"].some((name) => transform.has(name)))
      .map((transform) => {
        const values = transform.numbers("mean_value");
        const scale = transform.number("scale", 1);
        if (!(scale > 0 && scale < Infinity)) throw invalid("scale of a data layer", scale, "a number above 0");
        const meanFile = transform.text("mean_file", "").split(/[\\/]/).at(-1);
        return {
          ...(transform.has("scale") && { scale }),
          ...(values.length === 1 && { mean: triple(values[0]) }),
          ...(values.length === 3 && { mean: values as unknown as Triple }),
          ...(meanFile && { meanFile }),
        };
      }),
  );
}

/** A mean picture's mean a channel, in the file's order, which is the network's. */
async function meanOf(path: string): Promise<{ readonly mean: Triple; readonly isPicture: boolean }> {
  const size = await wholeFileSize(path, `the mean picture ${path}`);
  if (size > LARGEST)
    throw new CamlabError(`cannot read the mean picture ${path}: it has ${size} bytes, more than any`);
  const { dims, data } = blobOf(readBinary(await readFile(path), BLOB, path), `the means in ${path}`);
  const [channels, places] = [dims.at(-3) ?? 0, dims.slice(-2).reduce((a, b) => a * b, 1)];
  if (dims.length < 3 || (channels !== 3 && channels !== 1)) {
    throw new CamlabError(`cannot use the mean picture ${path}: it is ${dims.join("×")}, a picture has 3 channels`);
  }
  const floats = floatsOf(data);
  const of = (channel: number) => {
    const sum = floats.subarray(channel * places, (channel + 1) * places).reduce((a, b) => a + b, 0);
    return Number((sum / places).toPrecision(8));
  };
  const mean = channels === 1 ? triple(of(0)) : ([of(0), of(1), of(2)] as const);
  if (mean.every(Number.isFinite)) return { mean, isPicture: places > 1 };
  throw new CamlabError(`cannot use the mean picture ${path}: it holds numbers that are not finite`);
}

/** A mean picture is no larger than what networks take. */
const LARGEST = 2 ** 28;

function usual(graph: Graph): FoundSettings["settings"] {
  const [, , height, width] = graph.inputs[0]?.dims ?? [];
  const sides = [height, width].map((side) => (typeof side === "number" ? side : 224));
  const scale = 256 / Math.max(224, Math.min(227, ...sides));
  return {
    channelOrder: "BGR",
    mean: [104, 117, 123],
    std: [1, 1, 1],
    fit: "centre-crop",
    resize: { width: Math.round(sides[1] * scale), height: Math.round(sides[0] * scale) },
  };
}

function triple(value: number): Triple {
  return [value, value, value];
}
