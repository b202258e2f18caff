import type { WorldPart, WorldSplit } from "./drawing.js";

/** How many pictures of each split. */
export type SplitCounts = Readonly<Record<WorldSplit, number>>;

/** Enough pictures for what a part is drawn for, and few enough to wait for. */
const USUAL: Readonly<Record<WorldPart, Omit<SplitCounts, "val">>> = {
  objects: { train: 1000, test: 300 },
  scenes: { train: 1000, test: 250 },
  activities: { train: 600, test: 300 },
  birds: { train: 600, test: 300 },
  text: { train: 600, test: 200 },
  "text-trap": { train: 600, test: 200 },
  questions: { train: 1500, test: 500 },
  phrases: { train: 1000, test: 500 },
};

/** How many pictures are drawn of a part: those that are asked for, else its usual ones, and none for validation. */
export function countsOf(part: WorldPart, asked: Partial<SplitCounts>): SplitCounts {
  const { train, test } = USUAL[part];
  return { train: asked.train ?? train, val: asked.val ?? 0, test: asked.test ?? test };
}
