import type { Interval } from "../../support/statistics.js";

/** A row of the table: a way to look at the birds, and how many are named right. */
export interface FineGrainedLine {
  readonly method: string;
  /** What it is told about the test images beside their pixels. */
  readonly annotations: "none" | "boxes" | "boxes and parts";
  /** Share of the test pictures whose class is right; with its 95 % interval where it is ours. */
  readonly accuracy: { readonly value: number } & Partial<Interval>;
  /** True for numbers from papers: another network, and all 200 species. */
  readonly published: boolean;
}

/**
 * Table 4 of the paper: CUB-200-2011, all 200 species, accuracy, with what is used at test time.
 */
export const PUBLISHED_BIRDS: readonly FineGrainedLine[] = [
  publishedLine("GoogLeNet-GAP on full image", "none", 0.63),
  publishedLine("GoogLeNet-GAP on crop", "none", 0.678),
  publishedLine("GoogLeNet-GAP on ground-truth box", "boxes", 0.705),
  publishedLine("Alignments", "none", 0.536),
  publishedLine("Alignments", "boxes", 0.67),
  publishedLine("DPD", "boxes and parts", 0.51),
  publishedLine("DeCAF+DPD", "boxes and parts", 0.65),
  publishedLine("PANDA R-CNN", "boxes and parts", 0.764),
];

function publishedLine(method: string, annotations: FineGrainedLine["annotations"], accuracy: number): FineGrainedLine {
  return { method, annotations, accuracy: { value: accuracy }, published: true };
}
