import { CamlabError } from "../../support/errors.js";
import { readNumberedLines } from "../files/read-text.js";
import type { Reading } from "../files/reading.js";

/** ILSVRC's classes. */
export interface Synsets {
  /** WordNet's numbers, in the order of the list. */
  readonly numbers: readonly string[];
  /** By the number from 1 that the list itself gives a class, or by its line. */
  readonly byId: ReadonlyMap<number, string>;
}

/**
 * A list of classes: a line begins with WordNet's number ("n01440764 tench, Tinca tinca"); in the development kit's
 * `map_clsloc.txt` the class's own number follows ("n02119789 1 kit_fox").
 *
 * @throws CamlabError when no line is one
 */
export async function readSynsets(file: string, reading: Reading): Promise<Synsets> {
  const tally = reading.count("lines", file);
  const numbers: string[] = [];
  const byId = new Map<number, string>();
  for (const { text, number } of await readNumberedLines(file, reading)) {
    const [, synset, id] = /^(n\d{8})(?:\s+(\d+)\s+\S+\s*$|\b)/.exec(text.trim()) ?? [];
    if (synset === undefined) {
      tally.leaveOut(`line ${number}`, "it does not begin with a number of WordNet such as n01440764");
      continue;
    }
    tally.keep();
    numbers.push(synset);
    byId.set(id === undefined ? numbers.length : Number(id), synset);
  }
  if (numbers.length === 0) throw new CamlabError(`${file} lists no classes: no line begins with a number of WordNet`);
  return { numbers, byId };
}

/**
 * The classes of the pictures: the development kit's list, a class's number from 1 on the line of each picture, or lines
 * "ILSVRC2012_val_00000001.JPEG 65" with numbers from 0 in the order of the synsets' numbers.
 *
 * @returns WordNet's numbers, by the pictures' numbers from 1
 */
export async function readIlsvrcTruth(
  file: string,
  { byId, numbers }: Synsets,
  reading: Reading,
): Promise<ReadonlyMap<number, string>> {
  const tally = reading.count("lines", file);
  const sorted = [...numbers].sort();
  const truth = new Map<number, string>();
  for (const { text, number } of await readNumberedLines(file, reading)) {
    tally.attempt(`line ${number}`, () => {
      const named = /ILSVRC2012_val_(\d{8})\S*\s+(\d+)\s*$/i.exec(text);
      const [picture, synset] = named
        ? [Number(named[1]), sorted[Number(named[2])]]
        : [number, /^\s*\d+\s*$/.test(text) ? byId.get(Number(text)) : undefined];
      if (synset === undefined) throw new CamlabError("it names no class of the list");
      truth.set(picture, synset);
    });
  }
  return truth;
}
