import type { Loader } from "vega";
import { CamlabError, messageOf } from "../../../kernel-helpers/support/errors.js";
import { escapeHtml, printable } from "../../../kernel-helpers/support/escape.js";
import { loadFonts, type Fonts } from "./fonts.js";
import { outlineText, textStyle } from "./outline-text.js";
import { missingEverywhere } from "./system-fonts.js";
import { isVegaLite, type VegaSpec } from "../vega-spec.js";

/** A spec that was drawn. */
export interface DrawnSpec {
  /**
   * As SVG. All letters are outlines, laid out by their true widths, but those of writings that camlab's typeface lacks:
   * a line with such letters is left as text, for whoever shows the picture.
   */
  readonly svg: string;
  /** The same for this machine to make pixels of: letters that no font here has are boxes with their code points. */
  readonly printed: string;
}

/**
 * Draws a spec as SVG without a browser, a canvas or a font. Nothing is fetched: a spec carries its data and pictures in
 * itself. What no font of this machine can show is said in a warning.
 *
 * @throws CamlabError when the spec refers to a file or an address, or Vega refuses it
 */
export async function drawSpec(spec: VegaSpec): Promise<DrawnSpec> {
  const [vega, fonts] = await Promise.all([import("vega"), loadFonts()]);
  // Vega keeps one way of measuring for the whole process; this one is nearer the truth for any chart than its guess.
  const metrics = (vega as unknown as { textMetrics: TextMetrics }).textMetrics;
  metrics.width = (item, text) => widthOf(item, text, fonts);
  const { loader, refused } = closedLoader(vega.loader());
  const text = await drawn(async () => {
    // Vega marks the data rows that it is given: they stay the caller's own.
    const runtime = vega.parse(await toVega(structuredClone(spec)));
    const view = new vega.View(runtime, { renderer: "none", loader, logLevel: vega.Error });
    return view.toSVG().finally(() => view.finalize());
  });
  if (refused.length > 0) throw refused[0];
  const finished = (svg: string) => withDescription(wellFormed(svg), spec.description);
  const svg = finished(outlineText(text, fonts, () => true));
  const unknown: string[] = [];
  const printed = outlineText(text, fonts, (missing) => {
    const nowhere = missingEverywhere(missing);
    unknown.push(...nowhere);
    return nowhere.length === 0;
  });
  if (unknown.length > 0) warnOf(unknown);
  return { svg, printed: finished(printed) };
}

const warned = new Set<string>();

/** Once for each character. */
function warnOf(characters: readonly string[]): void {
  const unsaid = [...new Set(characters)].filter((character) => !warned.has(character));
  if (unsaid.length === 0) return;
  unsaid.forEach((character) => warned.add(character));
  const shown = unsaid.slice(0, 8).map((character) => {
    const code = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0");
    return `${printable(character)} (U+${code})`;
  });
  const more = unsaid.length > 8 ? ` and ${unsaid.length - 8} more` : "";
  process.emitWarning(
    `no font on this machine has ${shown.join(", ")}${more}: pictures show boxes with the code points. ` +
      `Install a font for this writing, such as Noto (Debian: fonts-noto-cjk, fonts-noto-core)`,
  );
}

async function drawn(draw: () => Promise<string>): Promise<string> {
  try {
    return await draw();
  } catch (error) {
    const reason = messageOf(error);
    throw new CamlabError(`Vega cannot draw the spec: ${reason.length > 300 ? `${reason.slice(0, 299)}…` : reason}`, {
      cause: error,
    });
  }
}

/** The Vega spec that a Vega-Lite spec stands for; a Vega spec as it is. */
async function toVega(spec: VegaSpec): Promise<VegaSpec> {
  if (!isVegaLite(spec)) return spec;
  const { compile } = await import("vega-lite");
  return compile(spec as never, { logger: silent }).spec as unknown as VegaSpec;
}

interface TextItem {
  readonly fontSize?: number;
  readonly fontWeight?: unknown;
  readonly fontStyle?: unknown;
  readonly font?: unknown;
  readonly limit?: number;
}

interface TextMetrics {
  width: (item: TextItem, text: string | number | null | undefined) => number;
}

/** What Vega asks while it lays out: a text is never wider than its limit, because Vega then cuts it. */
function widthOf(item: TextItem, text: string | number | null | undefined, fonts: Fonts): number {
  const line = `${text ?? ""}`.trim();
  const width = fonts.measure(line, textStyle(item.fontSize ?? 11, item.fontWeight, item.fontStyle, item.font));
  return item.limit && item.limit > 0 ? Math.min(width, item.limit) : width;
}

/** Vega only warns about what it could not load and draws on; the refusals are kept to be thrown. */
function closedLoader(loader: Loader): { loader: Loader; refused: CamlabError[] } {
  const refused: CamlabError[] = [];
  const refuse = (uri: string) => {
    const shown = uri.length > 80 ? `${uri.slice(0, 77)}...` : uri;
    const error = new CamlabError(`cannot load ${JSON.stringify(shown)}: a widget carries its data in itself`);
    refused.push(error);
    return Promise.reject(error);
  };
  const sanitize: Loader["sanitize"] = (uri, options) =>
    (options as { context?: string }).context === "href" || uri.startsWith("data:")
      ? loader.sanitize(uri, options)
      : refuse(uri);
  return { loader: { ...loader, load: refuse, sanitize }, refused };
}

const silent = {
  level: () => silent,
  warn: () => silent,
  info: () => silent,
  debug: () => silent,
  error: () => silent,
} as never;

/** Characters that no XML may hold would make the whole picture unreadable. */
function wellFormed(svg: string): string {
  // eslint-disable-next-line no-control-regex
  return svg.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, "\ufffd");
}

function withDescription(svg: string, description: string | undefined): string {
  if (!description) return svg;
  const text = escapeHtml(wellFormed(description));
  return svg.replace(/<svg([^>]*)>/, (_, attributes: string) => `<svg${attributes} role="img"><title>${text}</title>`);
}
