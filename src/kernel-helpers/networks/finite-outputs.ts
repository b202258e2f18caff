import type { GapHead } from "../graph/head/gap-head.js";
import { CamlabError } from "../support/errors.js";
import type { NetworkOutputs } from "./network.js";

/**
 * Refuses what a network computed for one picture of a batch when it holds NaN or Infinity: its maps would be drawn, and
 * its scores ranked, as if they meant something.
 *
 * @param what the picture is called
 * @param classes names of the scores
 * @param slot which picture of the batch, from 0
 * @param count pictures in the batch
 * @throws CamlabError naming the layer, the place in it and what to try
 */
export function checkFinite(
  what: string,
  { head, classes }: { readonly head: GapHead; readonly classes: readonly string[] },
  { featureMaps, features, logits }: NetworkOutputs,
  slot: number,
  count: number,
): void {
  const { height, width } = featureMaps;
  const at = (data: Float32Array) => wrongIn(data, slot, count);
  const inMaps = at(featureMaps.data);
  if (inMaps) {
    const [channel, place] = [Math.floor(inMaps.index / (height * width)), inMaps.index % (height * width)];
    const where = `channel ${channel}, row ${Math.floor(place / width)}, column ${place % width}`;
    throw notFinite(what, `its feature maps "${head.featureMaps.name}" hold ${inMaps.value} (${where})`);
  }
  const inFeatures = at(features);
  if (inFeatures) throw notFinite(what, `its pooled features hold ${inFeatures.value} (channel ${inFeatures.index})`);
  const inLogits = at(logits);
  if (!inLogits) return;
  const name = classes[inLogits.index] ?? `class ${inLogits.index}`;
  throw notFinite(what, `its scores "${head.logits.name}" hold ${inLogits.value} (${name})`);
}

function wrongIn(data: Float32Array, slot: number, count: number): { index: number; value: number } | undefined {
  const each = data.length / count;
  for (let i = slot * each; i < (slot + 1) * each; i++) {
    if (!Number.isFinite(data[i])) return { index: i - slot * each, value: data[i] };
  }
  return undefined;
}

function notFinite(what: string, found: string): CamlabError {
  return new CamlabError(
    `what the network computes of ${what} is not a number everywhere: ${found}. Are the network's weights and preprocessing ` +
      'right, and does its device work (try device: "cpu")?',
  );
}
