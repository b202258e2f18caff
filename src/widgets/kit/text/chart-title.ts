import { COLOUR, FONT_SIZE } from "../theme.js";
import { wrapText } from "./fit-text.js";

/**
 * The title of a Vega-Lite chart, in as many lines as its width asks for.
 *
 * @param width of the chart with its labels, in pixels
 */
export function chartTitle(
  text: string,
  { subtitle, width, offset = 10 }: { readonly subtitle?: string; readonly width: number; readonly offset?: number },
): Record<string, unknown> {
  return {
    text: wrapText(text, { width, size: FONT_SIZE.title, bold: true }),
    ...(subtitle !== undefined && {
      subtitle: wrapText(subtitle, { width, size: FONT_SIZE.label }),
      subtitleColor: COLOUR.muted,
      subtitleFontSize: FONT_SIZE.label,
    }),
    offset,
  };
}
