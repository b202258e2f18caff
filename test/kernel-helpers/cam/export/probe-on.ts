import type { Network } from "../../../../src/kernel-helpers/networks/network.js";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";
import type { LinearSvm } from "../../../../src/kernel-helpers/svm/linear-svm.js";
import { trainLinearSvm } from "../../../../src/kernel-helpers/svm/train-linear-svm.js";

/** A probe that was trained on the features of noise. */
export async function probeOn(
  network: Network,
  labels: readonly string[] | readonly number[] | readonly (readonly string[])[],
  options: Parameters<typeof trainLinearSvm>[2] = {},
): Promise<LinearSvm> {
  const rows = labels.length;
  const random = seededRandom("probe");
  const { width, height } = network.preprocessing;
  const batch = Float32Array.from({ length: rows * 3 * width * height }, () => random() * 2 - 1);
  const { features } = await network.run(batch, rows);
  const columns = network.head.featureMaps.channels;
  const origin = {
    ...{ software: "camlab", network: network.name, fingerprint: network.fingerprint },
    ...{ layer: network.head.featureMaps.name, pooling: network.head.pooling, preprocessing: "" },
  };
  return trainLinearSvm({ rows, columns, data: features, origin }, labels as readonly string[], options);
}
