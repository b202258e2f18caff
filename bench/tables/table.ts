// What a table of results is. One file a table in this folder; registry.ts lists them; `npm run tables` writes them.
import type { Network } from "../../src/index.js";

/** A figure with its 95 % bootstrap interval, as shares (0–1) unless the column says otherwise. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** A cell: text, a number printed as it is, a share printed in percent, or an estimate printed with its interval. */
export type Cell = string | number | Estimate | { readonly share: number };

/** A promise that a table keeps watch over. */
export interface Target {
  readonly what: string;
  readonly wanted: string;
  readonly measured: string;
  readonly met: boolean;
}

/** What a table found. */
export interface TableResult {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** Pictures that the figures rest on, in words: "500 pictures, seed 1". */
  readonly images: string;
  /** How to read it, what is a control, what is published. */
  readonly notes?: readonly string[];
  readonly targets?: readonly Target[];
}

/** What a table may use. */
export interface TableContext {
  /** The embedded network. */
  readonly network: Network;
  /** Its twin with maximum pooling. */
  readonly gmp?: Network;
  /** $CAMLAB_REAL, when it is set. */
  readonly real?: string;
  readonly say: (line: string) => void;
}

/** A table of results. */
export interface ResultTable {
  /** `npm run tables -- ID …` runs only those. */
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly run: (context: TableContext) => Promise<TableResult>;
}

/** A target that asks for at least so much, in percent. */
export function target(what: string, measured: number, wanted: number): Target {
  return {
    what,
    wanted: `≥ ${(100 * wanted).toFixed(1)}`,
    measured: (100 * measured).toFixed(1),
    met: measured >= wanted,
  };
}
