import type { Picture } from "../../../kernel-helpers/images/picture.js";
import type { Network } from "../../../kernel-helpers/networks/network.js";
import type { PageSection } from "../../../widgets/kit/html-page.js";

/** What the figures are made of. */
export interface FigureSource {
  readonly network: Network;
  readonly photos: readonly FigurePhoto[];
  readonly seed: number;
  /** Objects that make photographs one of a kind, by the kind's name. */
  readonly probes: Readonly<Record<string, readonly string[]>>;
  readonly signal: AbortSignal;
}

/** Pixels that figures are laid out for: the page stretches each to its own width, so that their letters are alike. */
export const FIGURE_WIDTH = 920;

/** Above photographs of a figure stands nothing: their names say nothing in a lecture. */
export const UNNAMED = { caption: () => "" } as const;

/** A photograph with all that is known of it. */
export interface FigurePhoto extends Picture {
  readonly file: string;
  readonly id: string;
}

/** A figure that was made. */
export interface Made {
  readonly sections: readonly PageSection[];
  /** What it shows, in numbers: shares are fractions. */
  readonly numbers: Readonly<Record<string, unknown>>;
  /** What is to be seen, in a sentence or two. */
  readonly says: string;
  /** How it was made, and how far to trust it: folded on the page. */
  readonly details?: string;
}

/** One figure of the slides. */
export interface Figure {
  readonly name: string;
  readonly title: string;
  /** What it needs beside photographs, where that is not there; nothing where it can be made. */
  readonly lacks: (source: FigureSource) => string | undefined;
  readonly make: (source: FigureSource) => Promise<Made>;
}
