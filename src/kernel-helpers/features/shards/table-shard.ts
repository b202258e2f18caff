import { createHash } from "node:crypto";
import type { Picture } from "../../images/picture.js";
import type { SavedObject } from "../../support/files/saved-object.js";
import type { Shard } from "../../support/shard.js";
import { rowOf } from "../feature-row.js";

/** Which part of which whole a table is. */
export interface TableShard extends Shard {
  /** Pictures of the whole. */
  readonly pictures: number;
  /** Stands for the list of all pictures: tables with different ones are parts of different wholes. */
  readonly list: string;
}

/** A part of a list of pictures as its table says it. */
export function tableShard(pictures: readonly Picture[], { index, of }: Shard): TableShard {
  return { index, of, pictures: pictures.length, list: listDigest(pictures) };
}

/** Stands for a list of pictures: their names and what is known of them, in their order. */
export function listDigest(pictures: readonly Picture[]): string {
  const hash = createHash("sha256");
  for (const picture of pictures) hash.update(`${JSON.stringify(rowOf(picture))}\n`);
  return hash.digest("hex").slice(0, 32);
}

/**
 * Which part a saved table is.
 *
 * @throws CamlabError naming the field that is missing or of another type
 */
export function savedShard(saved: SavedObject): TableShard {
  return {
    index: saved.number("index"),
    of: saved.number("of"),
    pictures: saved.number("pictures"),
    list: saved.text("list"),
  };
}
