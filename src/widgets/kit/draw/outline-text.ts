import type { Fonts, TextStyle } from "./fonts.js";

/**
 * Replaces every `<text>` of an SVG that Vega wrote by the outlines of its letters, so that the picture needs no font.
 * The words stay, as the label that a screen reader says.
 *
 * @param svg as Vega's string renderer writes it: attributes in double quotes, `<` and `>` escaped everywhere
 * @param leaves whether a text with characters that the typefaces lack stays text, for whoever shows the picture to
 *   draw; else these are boxes with their code points
 */
export function outlineText(svg: string, fonts: Fonts, leaves: (missing: readonly string[]) => boolean): string {
  return svg.replace(TEXT, (whole: string, attributes: string, content: string) => {
    const { anchor, style, kept } = readAttributes(attributes);
    const lines = readLines(content);
    const missing = lines.flatMap(({ text }) => fonts.missing(text));
    if (missing.length > 0 && leaves(missing)) return whole;
    const start = (line: string) => -ANCHOR[anchor] * fonts.measure(line, style);
    const paths = lines.map(({ text, dy }) => {
      const shift = dy ? ` transform="translate(0,${dy})"` : "";
      return `<path d="${fonts.outline(text, style, start(text))}"${shift}/>`;
    });
    const label = escapeXml(lines.map(({ text }) => text).join(" "));
    const named = kept.includes("aria-label=") ? kept : `${kept} role="img" aria-label="${label}"`;
    return `<g${named}>${paths.join("")}</g>`;
  });
}

const TEXT = /<text((?:\s[\w:-]+="[^"]*")*)(?:\/>|>((?:[^<]|<\/?tspan[^<>]*>)*)<\/text>)/g;
const ANCHOR: Readonly<Record<string, number>> = { start: 0, middle: 0.5, end: 1 };

function readAttributes(attributes: string) {
  const value: Record<string, string> = {};
  let kept = "";
  for (const [whole, name, text] of attributes.matchAll(/\s([\w:-]+)="([^"]*)"/g)) {
    value[name] = text;
    if (name !== "text-anchor" && !name.startsWith("font-")) kept += whole;
  }
  return {
    kept,
    anchor: value["text-anchor"] in ANCHOR ? value["text-anchor"] : "start",
    style: textStyle(value["font-size"], value["font-weight"], value["font-style"], value["font-family"]),
  };
}

/** The style that CSS-like properties ask for. */
export function textStyle(size: unknown, weight?: unknown, slant?: unknown, family?: unknown): TextStyle {
  return {
    size: parseFloat(String(size)) || 0,
    bold: weight === "bold" || weight === "bolder" || Number(weight) >= 600,
    italic: slant === "italic" || slant === "oblique",
    mono: typeof family === "string" && /mono/i.test(family),
  };
}

function readLines(content = ""): { text: string; dy: number }[] {
  if (!content.includes("<tspan")) return [{ text: unescapeXml(content), dy: 0 }];
  let down = 0;
  return [...content.matchAll(/<tspan([^<>]*?)(?:\/>|>([^<]*)<\/tspan>)/g)].map(([, attributes, text = ""]) => {
    down += Number(/\sdy="([^"]*)"/.exec(attributes)?.[1] ?? 0);
    return { text: unescapeXml(text), dy: down };
  });
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function unescapeXml(text: string): string {
  return text.replace(/&(?:lt|gt|quot|amp|#x([0-9a-f]+));/gi, (entity, hex?: string) =>
    hex ? String.fromCodePoint(parseInt(hex, 16)) : ENTITIES[entity],
  );
}

const ENTITIES: Readonly<Record<string, string>> = { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&amp;": "&" };
