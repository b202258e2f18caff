import { openMutants, type FuzzReport } from "../open-mutants.js";

/** Opens seeded mutants of small networks and looks through those that open: `openMutants` with its count, seed, onFault. */
export function fuzzModels(count: number, seed: string, onFault?: (fault: string) => void): Promise<FuzzReport> {
  return openMutants(new URL("try-models.ts", import.meta.url), count, seed, onFault);
}
