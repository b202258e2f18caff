import { fillInput } from "../../images/input/fill-input.js";
import type { PreparedImage } from "../../images/input/prepare-image.js";
import { grouped } from "../../support/grouped.js";
import type { Network, NetworkOutputs } from "../network.js";

/** What became of one picture of a batch. */
export interface Ran {
  readonly outputs: NetworkOutputs;
  /** Which picture of the batch it is. */
  readonly slot: number;
  /** Pictures in the batch. */
  readonly count: number;
  /** What the network was given of it: `3 × height × width`, normalised. The next call writes over it unless it is kept. */
  readonly input: Float32Array;
}

/**
 * Runs pictures that are brought to a network's input, those of one size together.
 *
 * @param keeps whether the inputs are kept
 * @returns in the order given
 */
export async function runPrepared(
  network: Network,
  prepared: readonly PreparedImage[],
  { keeps = false } = {},
): Promise<Ran[]> {
  const sizeOf = (i: number) => `${prepared[i].placement.inputWidth}×${prepared[i].placement.inputHeight}`;
  const groups = grouped(prepared.keys(), sizeOf);
  const ran = new Array<Ran>(prepared.length);
  for (const group of groups.values()) {
    const { inputWidth: width, inputHeight: height } = prepared[group[0]].placement;
    const each = 3 * width * height;
    const batch = keeps ? new Float32Array(group.length * each) : takeBatch(group.length * each);
    const input = { ...network.preprocessing, width, height };
    group.forEach((i, slot) => fillInput(batch, slot, prepared[i].pixels, input));
    const outputs = await network.run(batch, group.length, input);
    if (!keeps) spares.push(new WeakRef(batch));
    group.forEach((i, slot) => {
      const input = batch.subarray(slot * each, (slot + 1) * each);
      ran[i] = { outputs, slot, count: group.length, input };
    });
  }
  return ran;
}

/**
 * What was run, for the next to fill: new memory costs about as much as filling it. It goes where memory is wanted.
 */
const spares: WeakRef<Float32Array>[] = [];

function takeBatch(length: number): Float32Array {
  const found = spares
    .splice(0)
    .map((spare) => spare.deref())
    .filter((batch) => batch?.length === length);
  const [batch, other] = found;
  if (other) spares.push(new WeakRef(other));
  return batch ?? new Float32Array(length);
}
