import { tryInProcesses } from "./try-in-processes.js";

/** What became of many damaged networks. */
export interface FuzzReport {
  readonly tried: number;
  readonly opened: number;
  readonly refused: number;
  /** Each mutant that crashed, hung, took too much memory, threw something else than a CamlabError or opened wrongly. */
  readonly faults: readonly string[];
}

/**
 * Opens seeded mutants of small networks in processes of their own.
 *
 * @param script what opens one
 * @param count how many
 * @param seed the same seed gives the same mutants
 * @param onFault called with each fault as it is found
 */
export async function openMutants(
  script: URL,
  count: number,
  seed: string,
  onFault?: (fault: string) => void,
): Promise<FuzzReport> {
  const { tried, outcomes, faults } = await tryInProcesses(script, ["opened", "refused"], count, seed, onFault);
  return { tried, opened: outcomes.opened, refused: outcomes.refused, faults };
}
