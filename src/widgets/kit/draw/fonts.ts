import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Font, Glyph } from "opentype.js";

/** How a piece of text is set. */
export interface TextStyle {
  readonly size: number;
  readonly bold?: boolean;
  readonly italic?: boolean;
  readonly mono?: boolean;
}

/**
 * Typefaces that need nothing from the machine: text is measured and outlined with the DejaVu files that come as a
 * package, so that a picture looks the same on a server without a single font.
 */
export interface Fonts {
  /** The advance width of one line, in pixels. */
  readonly measure: (text: string, style: TextStyle) => number;
  /** The outline of one line that starts at (x, 0) on its baseline, as SVG path data. */
  readonly outline: (text: string, style: TextStyle, x: number) => string;
}

let loaded: Promise<Fonts> | undefined;

/** The fonts, read on first use. */
export function loadFonts(): Promise<Fonts> {
  return (loaded ??= readFonts());
}

const FACES = {
  regular: "DejaVuSans.ttf",
  bold: "DejaVuSans-Bold.ttf",
  italic: "DejaVuSans-Oblique.ttf",
  mono: "DejaVuSansMono.ttf",
} as const;

async function readFonts(): Promise<Fonts> {
  const module = await import("opentype.js");
  const { parse } = (module as unknown as { default?: typeof module }).default ?? module;
  const folder = join(dirname(createRequire(import.meta.url).resolve("dejavu-fonts-ttf/package.json")), "ttf");
  const faces = await Promise.all(
    Object.entries(FACES).map(async ([name, file]) => {
      const bytes = await readFile(join(folder, file));
      return [name, parse(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))] as const;
    }),
  );
  return fontsOf(Object.fromEntries(faces) as Record<keyof typeof FACES, Font>);
}

/**
 * Glyph by glyph, without ligatures or shaping: class and file names need neither, and no text can then trip the
 * shaping code. What the face lacks (CJK, emoji) shows as its empty-box glyph.
 */
function fontsOf(faces: Record<keyof typeof FACES, Font>): Fonts {
  const faceOf = ({ bold, italic, mono }: TextStyle) =>
    mono ? faces.mono : bold ? faces.bold : italic ? faces.italic : faces.regular;
  return {
    measure(text, style) {
      const font = faceOf(style);
      const units = glyphsOf(font, text).reduce((sum, glyph) => sum + (glyph.advanceWidth ?? 0), 0);
      return (units * style.size) / font.unitsPerEm;
    },
    outline(text, style, x) {
      const font = faceOf(style);
      let path = "";
      for (const glyph of glyphsOf(font, text)) {
        path += pathData(glyph.getPath(x, 0, style.size).commands);
        x += ((glyph.advanceWidth ?? 0) * style.size) / font.unitsPerEm;
      }
      return path;
    },
  };
}

/** opentype.js's own path data lacks the space before a tiny negative number that it rounds to 0: "-0.700" for −0.70 0. */
function pathData(commands: ReturnType<Glyph["getPath"]>["commands"]): string {
  const point = (x: number, y: number) => `${Number(x.toFixed(2)) + 0} ${Number(y.toFixed(2)) + 0}`; // + 0: no −0
  let path = "";
  let at = "";
  for (const command of commands) {
    if (command.type === "Z") path += "Z";
    else {
      const end = point(command.x, command.y);
      if (command.type === "Q") path += `Q${point(command.x1, command.y1)} ${end}`;
      else if (command.type === "C")
        path += `C${point(command.x1, command.y1)} ${point(command.x2, command.y2)} ${end}`;
      else if (command.type === "M" || end !== at) path += command.type + end;
      at = end;
    }
  }
  return path;
}

/** Control characters, joiners and variation selectors are not drawn; any white space is a space. */
const INVISIBLE = /[\p{Cc}\p{Cf}\ufe00-\ufe0f]/gu;

function glyphsOf(font: Font, text: string): Glyph[] {
  const visible = text.normalize("NFC").replace(/\s/g, " ").replace(INVISIBLE, "");
  return Array.from(visible, (character) => font.charToGlyph(character));
}
