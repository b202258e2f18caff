import { openMutants, type FuzzReport } from "../open-mutants.js";

/** Opens seeded mutants of small networks of Caffe, TF.js, TFLite and Keras, and files of weights: `openMutants` with its count, seed and onFault. */
export function fuzzFormats(count: number, seed: string, onFault?: (fault: string) => void): Promise<FuzzReport> {
  return openMutants(new URL("try-formats.ts", import.meta.url), count, seed, onFault);
}
