import { fitText, isWhole } from "../text/fit-text.js";
import { FONT_SIZE } from "../theme.js";
import { lineHeight, type Sheet } from "./sheet.js";

/** Where the names of a chart's rows stand. */
export interface RowNames {
  /** Their right ends. */
  readonly x: number;
  /** Pixels that a name may have; 220 unless given. */
  readonly width?: number;
  /** Lines that a row has room for; 2 unless given. */
  readonly lines?: number;
}

const SIZE = FONT_SIZE.label + 1;

/** Writes the name of a chart's row before it, about its middle, in two lines where it is long. */
export function drawRowName(sheet: Sheet, name: string, middle: number, { x, width = 220, lines = 2 }: RowNames): void {
  const shown = fitText(name, { size: SIZE, width, lines });
  const top = middle - ((shown.length - 1) * lineHeight(SIZE)) / 2;
  sheet.text(shown, x, top, { size: SIZE, align: "right", ...(!isWhole(name, shown) && { tip: name }) });
}
