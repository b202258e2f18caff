import type { Architecture } from "./architecture.js";
import { EFFICIENTNET_STAGES } from "./parts/efficientnet-stages.js";
import type { Layers, Maps } from "./parts/layers.js";

/** How much wider and deeper than Lite 0, and the side of the input. */
const FORMS = [
  { width: 1, depth: 1, side: 224 },
  { width: 1, depth: 1.1, side: 240 },
  { width: 1.1, depth: 1.2, side: 260 },
  { width: 1.2, depth: 1.4, side: 280 },
  { width: 1.4, depth: 1.8, side: 300 },
] as const;

/**
 * EfficientNet-Lite 0 to 4: EfficientNet without squeeze and excitation, with ReLU up to 6, its first and last layers of
 * one width throughout. Padding as TensorFlow pads; names of weights as in `efficientnet-lite-pytorch`.
 */
export const efficientnetLites: readonly Architecture[] = FORMS.map(({ width, depth, side }, lite) => ({
  name: `efficientnet_lite${lite}`,
  title: `EfficientNet-Lite ${lite} (Liu 2020, after Tan and Le 2019)`,
  preprocessing: {
    width: side,
    height: side,
    fit: "centre-crop",
    resize: { shorterSide: Math.round((side * 256) / 224) },
    channelOrder: "RGB",
    mean: [127, 127, 127],
    std: [128, 128, 128],
  },
  classifier: "_fc.weight",
  build(layers, image, classes) {
    const stem = layers.convolution("_conv_stem", image, {
      channels: 32,
      kernel: 3,
      stride: 2,
      pad: "same",
      bias: false,
    });
    let at = normalised(layers, "_bn0", stem, "relu6");
    let i = 0;
    EFFICIENTNET_STAGES.forEach(({ growth, kernel, stride, channels, count }, stage) => {
      const isEnd = stage === 0 || stage === EFFICIENTNET_STAGES.length - 1;
      const blocks = isEnd ? count : Math.ceil(count * depth);
      for (let n = 0; n < blocks; n++) {
        const shape = { growth, kernel, stride: n === 0 ? stride : 1, channels: toEights(channels * width) };
        at = block(layers, i++, at, shape);
      }
    });
    const head = layers.convolution("_conv_head", at, { channels: 1280, kernel: 1, bias: false });
    const pooled = layers.globalPool("pool", normalised(layers, "_bn1", head, "relu6"));
    return layers.linear("_fc", layers.flatten("flat", pooled), classes);
  },
}));

interface Block {
  readonly growth: number;
  readonly kernel: number;
  readonly stride: number;
  readonly channels: number;
}

function block(layers: Layers, i: number, from: Maps, { growth, kernel, stride, channels }: Block): Maps {
  const name = `_blocks.${i}`;
  const inner = from.channels * growth;
  let at = from;
  if (growth > 1) {
    const wide = layers.convolution(`${name}._expand_conv`, at, { channels: inner, kernel: 1, bias: false });
    at = normalised(layers, `${name}._bn0`, wide, "relu6");
  }
  const windows = { kernel, stride, pad: "same", groups: inner, channels: inner, bias: false } as const;
  at = normalised(layers, `${name}._bn1`, layers.convolution(`${name}._depthwise_conv`, at, windows), "relu6");
  const narrow = layers.convolution(`${name}._project_conv`, at, { channels, kernel: 1, bias: false });
  const branch = normalised(layers, `${name}._bn2`, narrow);
  return stride === 1 && from.channels === channels ? layers.add(`${name}.sum`, branch, from) : branch;
}

function normalised(layers: Layers, name: string, from: Maps, then?: "relu6"): Maps {
  const maps = layers.batchNorm(name, from, 1e-3);
  return then === "relu6" ? layers.relu6(maps) : maps;
}

/** The nearest multiple of eight, never less than nine tenths. */
function toEights(channels: number): number {
  const rounded = Math.max(8, Math.floor((channels + 4) / 8) * 8);
  return rounded < 0.9 * channels ? rounded + 8 : rounded;
}
