import { type Tries, tryInProcesses } from "../try-in-processes.js";

/**
 * Reads seeded mutants of every kind of data file in processes of their own: lists, annotations, features, SVMs, cards,
 * notebooks. A mutant is refused with an error for people, or read without numbers that are none and without a record
 * lost in silence; what carries a checksum is refused, or is what was saved.
 *
 * @param count how many
 * @param seed the same seed gives the same mutants
 * @param onFault called with each fault as it is found
 */
export async function fuzzData(count: number, seed: string, onFault?: (fault: string) => void): Promise<Tries> {
  return tryInProcesses(new URL("try-data.ts", import.meta.url), ["refused", "read"], count, seed, onFault);
}
