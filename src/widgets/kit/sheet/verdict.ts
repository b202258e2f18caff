import type { LegendItem } from "./legend.js";

/** How right and wrong are told apart: by a sign and by a colour, so that either is enough. */
export interface Verdict {
  readonly sign: "✓" | "✗";
  readonly frame: string;
  /** Of the sign, dark enough for small text. */
  readonly ink: string;
}

/** Green and vermilion of Okabe and Ito: they differ for colour-blind readers. */
const RIGHT: Verdict = { sign: "✓", frame: "#009e73", ink: "#00704f" };
const WRONG: Verdict = { sign: "✗", frame: "#d55e00", ink: "#a84300" };

export function verdictOf(right: boolean): Verdict {
  return right ? RIGHT : WRONG;
}

function verdictItem(right: boolean, meaning: string): LegendItem {
  const { sign, frame } = verdictOf(right);
  return { label: `${sign} ${meaning}`, sign: "frame", colour: frame };
}

/** What the frames mean of the verdicts that are there, for a legend. */
export function verdictItems(
  verdicts: readonly (boolean | undefined)[],
  { right, wrong }: { readonly right: string; readonly wrong: string },
): LegendItem[] {
  return [
    ...(verdicts.includes(true) ? [verdictItem(true, right)] : []),
    ...(verdicts.includes(false) ? [verdictItem(false, wrong)] : []),
  ];
}
