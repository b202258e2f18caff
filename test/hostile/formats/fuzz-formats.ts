import { tryInProcesses } from "../try-in-processes.js";

/** What became of many damaged networks of other formats. */
export interface FuzzReport {
  readonly tried: number;
  readonly opened: number;
  readonly refused: number;
  /** Each mutant that crashed, hung, took too much memory or threw something else than a CamlabError. */
  readonly faults: readonly string[];
}

/**
 * Opens seeded mutants of small networks of Caffe, TF.js and TFLite in processes of their own.
 *
 * @param count how many
 * @param seed the same seed gives the same mutants
 * @param onFault called with each fault as it is found
 */
export async function fuzzFormats(count: number, seed: string, onFault?: (fault: string) => void): Promise<FuzzReport> {
  const script = new URL("try-formats.ts", import.meta.url);
  const { tried, outcomes, faults } = await tryInProcesses(script, ["opened", "refused"], count, seed, onFault);
  return { tried, opened: outcomes.opened, refused: outcomes.refused, faults };
}
