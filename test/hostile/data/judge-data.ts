import { readFile, writeFile } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import type { PictureSet } from "../../../src/kernel-helpers/images/picture.js";
import { CamlabError } from "../../../src/kernel-helpers/support/errors.js";
import { type DataMutant, type Draw, mutateData } from "./mutate-data.js";
import { type DataSeed, isSet } from "./seeds.js";

/** Sound data with what it holds. */
export interface SoundData extends DataSeed {
  readonly contents: readonly Buffer[];
  readonly sound: unknown;
}

/** Reads what is sound. */
export async function soundData(seed: DataSeed): Promise<SoundData> {
  const contents = await Promise.all(seed.files.map((file) => readFile(file)));
  return { ...seed, contents, sound: await seed.read() };
}

/**
 * Damages one file, reads it, and puts it right again.
 *
 * @returns "refused", "read", or what is wrong with what came of it
 */
export async function tryData(
  data: SoundData,
  draw: Draw,
): Promise<{ readonly what: string; readonly outcome: string }> {
  const index = draw(data.files.length);
  const mutant = mutateData(data.contents[index], draw);
  const what = `${data.name}, ${data.files[index].replace(/^.*\//, "")}: ${mutant.what}`;
  await writeFile(data.files[index], mutant.bytes);
  try {
    return { what, outcome: faultIn(await data.read(), data, mutant) ?? "read" };
  } catch (error) {
    if (error instanceof CamlabError) return { what, outcome: saysNothing(error) ?? "refused" };
    return { what, outcome: `threw ${error instanceof Error ? (error.stack ?? "").slice(0, 400) : String(error)}` };
  } finally {
    await writeFile(data.files[index], data.contents[index]);
  }
}

function saysNothing({ message }: CamlabError): string | undefined {
  return /undefined|\[object|is not a function/.test(message) ? `said nothing useful: ${message}` : undefined;
}

function faultIn(read: unknown, { sound, isSealed }: SoundData, mutant: DataMutant): string | undefined {
  if (isSealed) return isDeepStrictEqual(read, sound) ? undefined : "was read, but is not what was saved";
  if (!isSet(read) || !isSet(sound)) return undefined;
  const strange = strangeNumber(read);
  if (strange !== undefined) return `holds the number ${strange}`;
  if (mutant.mayLose || countOf(read) >= countOf(sound) || (read.notes?.length ?? 0) > (sound.notes?.length ?? 0)) {
    return undefined;
  }
  return `lost ${countOf(sound) - countOf(read)} records without a word`;
}

/** Pictures, and all that is on them. */
function countOf({ pictures }: PictureSet): number {
  return pictures.reduce((sum, { objects, captions, questions, words }) => {
    return sum + 1 + [objects, captions, questions, words].reduce((own, list) => own + (list?.length ?? 0), 0);
  }, 0);
}

/** A place that is no number. */
function strangeNumber({ pictures }: PictureSet): number | undefined {
  for (const { width = 1, height = 1, box, objects = [], words = [], questions = [] } of pictures) {
    const boxes = [box, ...objects.map((object) => object.box), ...questions.map((question) => question.box)];
    const numbers = [
      width,
      height,
      ...boxes.flatMap((one) => (one ? [one.x, one.y, one.width, one.height] : [])),
      ...objects.flatMap(({ polygons = [] }) => polygons.flat()),
      ...words.flatMap(({ polygon }) => polygon),
    ];
    const strange = numbers.find((value) => !Number.isFinite(value));
    if (strange !== undefined) return strange;
  }
  return undefined;
}
