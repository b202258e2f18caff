import { type Tries, tryInProcesses } from "../try-in-processes.js";

/**
 * Reads seeded mutants of small pictures of every format in processes of their own. A mutant is refused, or shows the
 * whole picture, or what another decoder shows; one of which a part is gone may not be shown changed.
 *
 * @param count how many
 * @param seed the same seed gives the same mutants
 * @param onFault called with each fault as it is found
 */
export async function fuzzImages(count: number, seed: string, onFault?: (fault: string) => void): Promise<Tries> {
  const script = new URL("try-images.ts", import.meta.url);
  return tryInProcesses(script, ["refused", "whole", "changed"], count, seed, onFault);
}
