// A shard: some rows of features as an Arrow file, named by its own SHA-256, so that damage shows.
import { columnFromArray, tableFromColumns, tableFromIPC, tableToIPC, utf8 } from "@uwdata/flechette";
import { CamlabError } from "../../support/errors.js";
import { contentName } from "../../support/hash.js";
import { featureColumn, featuresOf } from "../arrow-columns.js";

/** Rows of features and the key of each. */
export interface ShardRows {
  readonly keys: readonly string[];
  readonly columns: number;
  /** `keys.length · columns` values. */
  readonly data: Float32Array;
}

/** Rows as the bytes of an Arrow file with the columns `key` and `features`. */
export function encodeShard({ keys, columns, data }: ShardRows): Uint8Array {
  const table = tableFromColumns([
    ["key", columnFromArray([...keys], utf8())],
    ["features", featureColumn(data, keys.length, columns)],
  ]);
  return tableToIPC(table, { format: "file" })!;
}

/**
 * Reads a shard that may be damaged.
 *
 * @param name what the shard is called: its checksum
 * @throws CamlabError when the bytes are not those that the name stands for
 */
export function decodeShard(bytes: Uint8Array, name: string): ShardRows {
  if (shardName(bytes) !== name) throw new CamlabError("its checksum is wrong");
  const table = tableFromIPC(bytes);
  const keys = table.getChild("key").toArray() as string[];
  const { columns, data } = featuresOf(table);
  return { keys, columns, data };
}

/** What a shard is called: the first 32 hexadecimal digits of its SHA-256. */
export function shardName(bytes: Uint8Array): string {
  return contentName(bytes);
}

/** The keys of a shard as a small file that is read instead of it: 16 bytes of checksum, then 16 a key. */
export function encodeKeys(keys: readonly string[]): Uint8Array {
  const body = Buffer.from(keys.join(""), "hex");
  return Buffer.concat([checkOf(body), body]);
}

/** The keys in such a file; undefined when it is damaged. */
export function decodeKeys(bytes: Uint8Array): string[] | undefined {
  const body = Buffer.from(bytes.subarray(16));
  if (body.length % 16 !== 0 || Buffer.compare(checkOf(body), bytes.subarray(0, 16)) !== 0) return undefined;
  return Array.from({ length: body.length / 16 }, (_, i) => body.toString("hex", 16 * i, 16 * (i + 1)));
}

/** The first 16 bytes of the SHA-256. */
function checkOf(body: Uint8Array): Buffer {
  return Buffer.from(contentName(body), "hex");
}
