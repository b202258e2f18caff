import { CamlabError } from "../support/errors.js";
import { selectRows, type FeatureMatrix } from "../support/matrix.js";
import type { FeatureError, FeatureRow } from "./image-item.js";

/** What features were made with: enough to make them again. */
export interface FeatureOrigin {
  readonly software: string;
  /** The network's name, and the SHA-256 of its graph with its weights. */
  readonly network: string;
  readonly fingerprint?: string;
  /** The value of the graph that was pooled. */
  readonly layer: string;
  readonly pooling: "average" | "max";
  /** The network's preprocessing on one line, for people. */
  readonly preprocessing: string;
}

/** What a `FeatureTable` is made of. */
export interface FeatureTableParts extends FeatureMatrix {
  readonly images: readonly FeatureRow[];
  readonly errors?: readonly FeatureError[];
  readonly origin?: FeatureOrigin;
  readonly notes?: readonly string[];
}

/**
 * Features of images: a matrix, one row an image and one column a channel, ready for `trainLinearSvm`; beside it what
 * each row was made from. The values are as they came out of the network: never normalised.
 *
 * @example
 * const features = await extractFeatures(network, images);
 * const train = features.ofSplit("train");
 * const svm = await trainLinearSvm(train, train.labels, { steps: ["l2Normalise"] });
 */
export class FeatureTable implements FeatureMatrix {
  /** Images that gave features. */
  readonly rows: number;
  /** Channels. */
  readonly columns: number;
  /** `rows · columns` values, row by row. */
  readonly data: Float32Array;
  /** What each row was made from. */
  readonly images: readonly FeatureRow[];
  /** Images that gave no features, and why. */
  readonly errors: readonly FeatureError[];
  /** What the features were made with; absent when nobody said. */
  readonly origin?: FeatureOrigin;
  /** What a person should know, e.g. that a damaged part of the cache was made again. */
  readonly notes: readonly string[];

  /** @throws CamlabError when the parts do not fit together */
  constructor({ rows, columns, data, images, errors = [], origin, notes = [] }: FeatureTableParts) {
    if (data.length !== rows * columns || images.length !== rows) {
      throw new CamlabError(
        `${rows} rows of ${columns} features need ${rows * columns} values and ${rows} images, not ${data.length} and ${images.length}`,
      );
    }
    this.rows = rows;
    this.columns = columns;
    this.data = data;
    this.images = images;
    this.errors = errors;
    this.origin = origin;
    this.notes = notes;
  }

  /**
   * The label of each row.
   *
   * @throws CamlabError naming the first image that has none
   */
  get labels(): string[] {
    return this.images.map(({ label, file }) => {
      if (label === undefined) throw new CamlabError(`the image ${file} has no label: give labels, or filter it out`);
      return label;
    });
  }

  /** The file of each row. */
  get files(): string[] {
    return this.images.map(({ file }) => file);
  }

  /**
   * The rows for which a test holds, as a table of their own.
   *
   * @example
   * features.filter(({ label }) => label !== undefined);
   */
  filter(test: (image: FeatureRow, row: number) => boolean): FeatureTable {
    return this.select(this.images.flatMap((image, row) => (test(image, row) ? [row] : [])));
  }

  /**
   * The given rows, in the given order, as a table of their own.
   *
   * @throws CamlabError for a row that does not exist
   */
  select(rows: readonly number[]): FeatureTable {
    const wrong = rows.find((row) => !(Number.isInteger(row) && row >= 0 && row < this.rows));
    if (wrong !== undefined) throw new CamlabError(`there is no row ${wrong}: the table has ${this.rows}`);
    const images = rows.map((row) => this.images[row]);
    return new FeatureTable({ ...this, ...selectRows(this, rows), images });
  }

  /**
   * The rows of one split, e.g. "train".
   *
   * @throws CamlabError when there are none: the message names the splits that there are
   */
  ofSplit(split: string): FeatureTable {
    const table = this.filter((image) => image.split === split);
    if (table.rows > 0) return table;
    const known = [...new Set(this.images.map((image) => image.split ?? "(none)"))].join(", ") || "no images at all";
    const [first] = this.errors;
    const unread = first ? `; ${this.errors.length} could not be read, first ${first.file}: ${first.error}` : "";
    throw new CamlabError(`no image is of the split ${JSON.stringify(split)}: there are ${known}${unread}`);
  }

  /**
   * The same features with labels, splits or ids of each row changed.
   *
   * @example
   * features.with(({ file }) => ({ label: basename(dirname(file)) }));
   */
  with(change: (image: FeatureRow, row: number) => Partial<FeatureRow>): FeatureTable {
    const images = this.images.map((image, row) => ({ ...image, ...change(image, row) }));
    return new FeatureTable({ ...this, images });
  }

  /**
   * The table in Arquero, for queries: `file, label, labels, split, id, region, flip, crop, features, error`. Images that gave
   * no features are at the end, with `features` null and `error` saying why.
   *
   * @example
   * const table = await features.toArquero();
   * table.groupby("label").count();
   */
  async toArquero(): Promise<import("arquero").ColumnTable> {
    const { table } = await import("arquero");
    const all: readonly FeatureRow[] = [...this.images, ...this.errors];
    const of = (name: keyof FeatureRow) => all.map((image) => image[name] ?? null);
    const vectors = all.map((_, row) =>
      row < this.rows ? this.data.subarray(row * this.columns, (row + 1) * this.columns) : null,
    );
    const errors = all.map((_, row) => this.errors[row - this.rows]?.error ?? null);
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
      error: errors,
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
 * const cosines = l2Normalised(features);
 */
export function l2Normalised({ rows, columns, data }: FeatureMatrix): FeatureMatrix {
  const result = new Float32Array(data.length);
  for (let start = 0; start < rows * columns; start += columns) {
    let square = 0;
    for (let k = start; k < start + columns; k++) square += data[k] * data[k];
    const scale = square > 0 ? 1 / Math.sqrt(square) : 1;
    for (let k = start; k < start + columns; k++) result[k] = data[k] * scale;
  }
  return { rows, columns, data: result };
}
