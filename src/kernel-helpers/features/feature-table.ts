import { nameOf, type Picture, type SkippedPicture } from "../images/picture.js";
import { CamlabError } from "../support/errors.js";
import { selectRows, type Matrix } from "../support/matrix.js";
import { type FeatureRow, rowOf } from "./feature-row.js";
import type { TableShard } from "./shards/table-shard.js";

/** What features were made with: enough to make them again. */
export interface FeatureOrigin {
  readonly software: string;
  /** The network's name, and the SHA-256 of its graph with its weights: as it ran, and with its own size and maps. */
  readonly network: string;
  readonly fingerprint?: string;
  readonly weights?: string;
  /** The size that pictures were brought to. */
  readonly size?: { readonly width: number; readonly height: number };
  /** The value of the graph that was pooled. */
  readonly layer: string;
  readonly pooling: "average" | "max";
  /** The network's preprocessing on one line, for people. */
  readonly preprocessing: string;
  /** `whole` where pictures were seen whole rather than as the network's card says. */
  readonly view?: "whole";
}

/** What a `FeatureTable` is made of. */
export interface FeatureTableParts<P extends Picture = Picture> extends Matrix {
  /** What each row was made from. */
  readonly pictures: readonly P[];
  /** Which of the ten crops each row is, `ten` for their mean; absent when no row is any. */
  readonly crops?: readonly (string | undefined)[];
  readonly skipped?: readonly SkippedPicture<P>[];
  readonly origin?: FeatureOrigin;
  readonly notes?: readonly string[];
  readonly cacheNotes?: readonly string[];
  /** Which part of a larger table it is; absent when it is none. */
  readonly shard?: TableShard;
}

/**
 * Features of pictures: a matrix, one row a picture and one column a channel, ready for `trainLinearSvm`; beside it the
 * very pictures that the rows were made from. The values are as they came out of the network: never normalised.
 *
 * @example
 * const features = await extractFeatures(network, pictures);
 * const train = features.ofSplit("train");
 * const detector = await trainLinearSvm(train, train.labels, { steps: ["l2Normalise"] });
 */
export class FeatureTable<P extends Picture = Picture> implements Matrix {
  /** Pictures that gave features; ten rows each for crops that are kept apart. */
  readonly rows: number;
  /** Channels. */
  readonly columns: number;
  /** `rows · columns` values, row by row. */
  readonly data: Float32Array;
  /** The picture that each row was made from: the very one that was given. */
  readonly pictures: readonly P[];
  /** Which of the ten crops each row is, `ten` for their mean; absent when no row is any. */
  readonly crops?: readonly (string | undefined)[];
  /** Pictures that gave no features, and why. */
  readonly skipped: readonly SkippedPicture<P>[];
  /** What the features were made with; absent when nobody said. */
  readonly origin?: FeatureOrigin;
  /** What a person should know of the features: what was assumed when their network was opened. */
  readonly notes: readonly string[];
  /** What the cache could not keep, or lost and had made again. Of the call that made the table; files do not have it. */
  readonly cacheNotes: readonly string[];
  /** Which part of a larger table it is; absent when it is none, and of some of its rows. */
  readonly shard?: TableShard;

  /** @throws CamlabError when the parts do not fit together */
  constructor(parts: FeatureTableParts<P>) {
    const { rows, columns, data, pictures, crops, skipped = [], origin, notes = [], cacheNotes = [], shard } = parts;
    if (data.length !== rows * columns || pictures.length !== rows || (crops ?? pictures).length !== rows) {
      throw new CamlabError(
        `${rows} rows of ${columns} features need ${rows * columns} values and ${rows} pictures, not ${data.length} and ${pictures.length}`,
      );
    }
    this.rows = rows;
    this.columns = columns;
    this.data = data;
    this.pictures = pictures;
    if (crops?.some((crop) => crop !== undefined)) this.crops = crops;
    this.skipped = skipped;
    this.origin = origin;
    this.notes = notes;
    this.cacheNotes = cacheNotes;
    if (shard) this.shard = shard;
  }

  /**
   * The label of each row.
   *
   * @throws CamlabError naming the first picture that has none
   */
  get labels(): string[] {
    return this.pictures.map((picture) => {
      const { label } = picture;
      if (label !== undefined) return label;
      throw new CamlabError(`the picture ${nameOf(picture)} has no label: give labels, or filter it out`);
    });
  }

  /** The name of each row's file; the picture's id, or "image", for bytes and pixels. */
  get files(): string[] {
    return this.pictures.map(nameOf);
  }

  /**
   * The rows for which a test holds, as a table of their own.
   *
   * @example
   * features.filter(({ label }) => label !== undefined);
   */
  filter(test: (picture: P, row: number) => boolean): FeatureTable<P> {
    return this.select(this.pictures.flatMap((picture, row) => (test(picture, row) ? [row] : [])));
  }

  /**
   * The given rows, in the given order, as a table of their own.
   *
   * @throws CamlabError for a row that does not exist
   */
  select(rows: readonly number[]): FeatureTable<P> {
    const wrong = rows.find((row) => !(Number.isInteger(row) && row >= 0 && row < this.rows));
    if (wrong !== undefined) throw new CamlabError(`there is no row ${wrong}: the table has ${this.rows}`);
    const pictures = rows.map((row) => this.pictures[row]);
    const crops = this.crops && rows.map((row) => this.crops?.[row]);
    return new FeatureTable({ ...this, ...selectRows(this, rows), pictures, crops, shard: undefined });
  }

  /**
   * The rows of one split, e.g. "train".
   *
   * @throws CamlabError when there are none: the message names the splits that there are
   */
  ofSplit(split: string): FeatureTable<P> {
    const table = this.filter((picture) => picture.split === split);
    if (table.rows > 0) return table;
    const splits = new Set(this.pictures.map((picture) => picture.split ?? "(none)"));
    const known = [...splits].join(", ") || "no pictures at all";
    const [first] = this.skipped;
    const unread = first
      ? `; ${this.skipped.length} could not be read, first ${nameOf(first.picture)}: ${first.error}`
      : "";
    throw new CamlabError(`no picture is of the split ${JSON.stringify(split)}: there are ${known}${unread}`);
  }

  /**
   * The same features with labels, splits or ids of each row's picture changed.
   *
   * @example
   * features.with(({ file }) => ({ label: basename(dirname(String(file))) }));
   */
  with<C extends Partial<Picture>>(change: (picture: P, row: number) => C): FeatureTable<P & C> {
    const pictures = this.pictures.map((picture, row) => ({ ...picture, ...change(picture, row) }));
    return new FeatureTable<P & C>({ ...this, pictures, skipped: this.skipped as readonly SkippedPicture<P & C>[] });
  }

  /** What files of features say of the rows, pictures without features last. */
  get described(): readonly (FeatureRow & { readonly error?: string })[] {
    const rows = this.pictures.map((picture, row) => rowOf(picture, this.crops?.[row]));
    return [...rows, ...this.skipped.map(({ picture, error }) => ({ ...rowOf(picture), error }))];
  }

  /**
   * The table in Arquero, for queries: `file, label, labels, split, id, region, flip, crop, features, error`. Pictures that
   * gave no features are at the end, with `features` null and `error` saying why.
   *
   * @example
   * const table = await features.toArquero();
   * table.groupby("label").count();
   */
  async toArquero(): Promise<import("arquero").ColumnTable> {
    const { table } = await import("arquero");
    const all = this.described;
    const of = (name: keyof FeatureRow | "error") => all.map((row) => row[name] ?? null);
    const vectors = all.map((_, row) =>
      row < this.rows ? this.data.subarray(row * this.columns, (row + 1) * this.columns) : null,
    );
    return table({
      file: of("file"),
      label: of("label"),
      labels: of("labels"),
      split: of("split"),
      id: of("id"),
      region: of("region"),
      flip: all.map(({ flip }) => flip ?? false),
      crop: of("crop"),
      features: vectors,
      error: of("error"),
    });
  }
}

/**
 * Features divided, row by row, by their length ‖F‖: a view by name, so that nobody mistakes it for the raw features. A
 * row of zeros stays zeros. To train on it, prefer `trainLinearSvm(features, labels, { steps: ["l2Normalise"] })`,
 * which keeps the weights in raw feature space, where class activation maps are drawn.
 *
 * @returns a new matrix of the same size
 * @example
 * const cosines = tables.l2Normalised(features);
 */
export function l2Normalised({ rows, columns, data }: Matrix): Matrix {
  const result = new Float32Array(data.length);
  for (let start = 0; start < rows * columns; start += columns) {
    let square = 0;
    for (let k = start; k < start + columns; k++) square += data[k] * data[k];
    const scale = square > 0 ? 1 / Math.sqrt(square) : 1;
    for (let k = start; k < start + columns; k++) result[k] = data[k] * scale;
  }
  return { rows, columns, data: result };
}
