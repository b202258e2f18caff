import type { Architecture } from "../architecture.js";
import type { Layers, Maps } from "../parts/layers.js";
import { torchvisionNetwork } from "./torchvision-network.js";

/** Squeezed channels of the fire modules, by their place in torchvision's list; each half of the outputs is four times them. */
const FORMS = {
  "1_0": {
    first: { channels: 96, kernel: 7 },
    pools: [2, 6, 11],
    fires: { 3: 16, 4: 16, 5: 32, 7: 32, 8: 48, 9: 48, 10: 64, 12: 64 },
  },
  "1_1": {
    first: { channels: 64, kernel: 3 },
    pools: [2, 5, 8],
    fires: { 3: 16, 4: 16, 6: 32, 7: 32, 9: 48, 10: 48, 11: 64, 12: 64 },
  },
} as const;

/** SqueezeNet 1.0 and 1.1. It classifies each place of its maps before it averages them. */
export const squeezenets: readonly Architecture[] = (["1_0", "1_1"] as const).map((form) =>
  torchvisionNetwork({
    name: `squeezenet${form}`,
    title: `SqueezeNet ${form.replace("_", ".")} (Iandola et al. 2016)`,
    classifier: "classifier.1.weight",
    build(layers, image, classes) {
      const { first, pools, fires } = FORMS[form];
      let at = layers.relu(layers.convolution("features.0", image, { ...first, stride: 2 }));
      for (let i = 2; i <= 12; i++) {
        const squeezed = (fires as Readonly<Record<number, number>>)[i];
        if (squeezed !== undefined) at = fire(layers, `features.${i}`, at, squeezed);
        else if ((pools as readonly number[]).includes(i))
          at = layers.maxPool(`features.${i}`, at, { kernel: 3, stride: 2, ceil: true });
      }
      const scored = layers.relu(layers.convolution("classifier.1", at, { channels: classes, kernel: 1 }));
      return layers.flatten("scores", layers.globalPool("pool", scored));
    },
  }),
);

function fire(layers: Layers, name: string, from: Maps, squeezed: number): Maps {
  const narrow = layers.relu(layers.convolution(`${name}.squeeze`, from, { channels: squeezed, kernel: 1 }));
  return layers.concat(name, [
    layers.relu(layers.convolution(`${name}.expand1x1`, narrow, { channels: 4 * squeezed, kernel: 1 })),
    layers.relu(layers.convolution(`${name}.expand3x3`, narrow, { channels: 4 * squeezed, kernel: 3, pad: 1 })),
  ]);
}
