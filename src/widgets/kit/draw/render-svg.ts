import type { Loader } from "vega";
import { CamlabError, messageOf } from "../../../kernel-helpers/support/errors.js";
import { escapeHtml } from "../../../kernel-helpers/support/escape.js";
import { loadFonts, type Fonts } from "./fonts.js";
import { outlineText, textStyle } from "./outline-text.js";
import { isVegaLite, type VegaSpec } from "../vega-spec.js";

/**
 * Draws a spec as SVG without a browser, a canvas or a font: all letters are outlines, laid out by their true widths.
 * Nothing is fetched: a spec carries its data and pictures in itself.
 *
 * @throws CamlabError when the spec refers to a file or an address, or Vega refuses it
 */
export async function renderSvg(spec: VegaSpec): Promise<string> {
  const [vega, fonts] = await Promise.all([import("vega"), loadFonts()]);
  // Vega keeps one way of measuring for the whole process; this one is nearer the truth for any chart than its guess.
  const metrics = (vega as unknown as { textMetrics: TextMetrics }).textMetrics;
  metrics.width = (item, text) => widthOf(item, text, fonts);
  const { loader, refused } = closedLoader(vega.loader());
  const svg = await drawn(async () => {
    // Vega marks the data rows that it is given: they stay the caller's own.
    const runtime = vega.parse(await toVega(structuredClone(spec)));
    const view = new vega.View(runtime, { renderer: "none", loader, logLevel: vega.Error });
    return view.toSVG().finally(() => view.finalize());
  });
  if (refused.length > 0) throw refused[0];
  return withDescription(wellFormed(outlineText(svg, fonts)), spec.description);
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
export async function toVega(spec: VegaSpec): Promise<VegaSpec> {
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
