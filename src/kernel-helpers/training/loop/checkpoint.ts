// Everything a training needs to go on: one file, written whole or not at all.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { CamlabError, messageOf } from "../../support/errors.js";
import { makeFolder } from "../../support/make-folder.js";
import { writeWhole } from "../../support/write-file.js";
import { differenceOf } from "../data/picture-marks.js";
import type { EpochRecord } from "./training-events.js";

/** Where a training stands. */
export interface Checkpoint {
  /** What is trained and how: a hash, so that no other training goes on from it. */
  readonly fingerprint: string;
  /** The content and classes of each picture that is learned from or judged by. */
  readonly pictures: readonly string[];
  /** Whole epochs done. */
  readonly epoch: number;
  /** Steps done in the epoch that is under way. */
  readonly step: number;
  /** Of those steps. */
  readonly lossSum: number;
  readonly history: readonly EpochRecord[];
  readonly optimizerSteps: number;
  readonly best?: { readonly epoch: number; readonly figure: number };
  /** Variables, slots, averages, running statistics, the best so far; in an order that the training knows. */
  readonly lists: readonly Float32Array[];
}

const FILE = "training.checkpoint";
const MAGIC = "camlab training 2\n";

/** Writes a checkpoint into a folder, which is made when it is not there. */
export async function writeCheckpoint(folder: string, { lists, ...rest }: Checkpoint): Promise<void> {
  const header = JSON.stringify({ ...rest, lengths: lists.map(({ length }) => length) });
  const text = Buffer.from(header, "utf8");
  const head = Buffer.alloc(MAGIC.length + 4);
  head.write(MAGIC, "latin1");
  head.writeUInt32LE(text.length, MAGIC.length);
  const bytes = lists.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength));
  const path = join(folder, FILE);
  await makeFolder(folder).catch((error: unknown) => {
    throw new CamlabError(`cannot write ${path}: ${messageOf(error)}`);
  });
  await writeWhole(path, [head, text, ...bytes]);
}

/**
 * The checkpoint in a folder, if there is one.
 *
 * @throws CamlabError when it is another training's, naming the first picture that differs, or damaged
 */
export async function readCheckpoint(
  folder: string,
  training: Pick<Checkpoint, "fingerprint" | "pictures"> & { readonly nameOf: (item: number) => string },
): Promise<Checkpoint | undefined> {
  const path = join(folder, FILE);
  if (!existsSync(path)) return undefined;
  const checkpoint = parse(await readFile(path), path);
  const difference = differenceOf(checkpoint.pictures, training.pictures, training.nameOf);
  const why =
    checkpoint.fingerprint === training.fingerprint
      ? difference
      : ["other network, settings or backend", ...(difference ? [difference] : [])].join("; ");
  if (why === undefined) return checkpoint;
  throw new CamlabError(
    `the checkpoint ${path} is another training's (${why}): take another folder, ` +
      "or start anew with resume: false, which overwrites it",
  );
}

function parse(bytes: Buffer, path: string): Checkpoint {
  const damaged = new CamlabError(`the checkpoint ${path} cannot be read: remove it to start anew`);
  const start = MAGIC.length + 4;
  if (bytes.length < start || bytes.toString("latin1", 0, MAGIC.length) !== MAGIC) throw damaged;
  const end = start + bytes.readUInt32LE(MAGIC.length);
  let header: Omit<Checkpoint, "lists"> & { lengths: number[] };
  try {
    header = JSON.parse(bytes.toString("utf8", start, end)) as typeof header;
  } catch {
    throw damaged;
  }
  if (!Array.isArray(header.lengths) || !Array.isArray(header.pictures)) throw damaged;
  const { lengths, ...rest } = header;
  if (bytes.length !== end + 4 * lengths.reduce((sum, length) => sum + length, 0)) throw damaged;
  let at = end;
  const lists = lengths.map((length) => {
    const list = new Float32Array(length);
    new Uint8Array(list.buffer).set(bytes.subarray(at, at + 4 * length));
    at += 4 * length;
    return list;
  });
  return { ...rest, lists };
}
