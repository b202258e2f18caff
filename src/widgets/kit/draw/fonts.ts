import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Font, Glyph } from "opentype.js";
import { typefaceFolder } from "../text/text-width.js";
import { visualOrder } from "./visual-order.js";

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
  /** The characters of a text that these typefaces lack. */
  readonly missing: (text: string) => string[];
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
  const folder = typefaceFolder();
  const faces = await Promise.all(
    Object.entries(FACES).map(async ([name, file]) => {
      const bytes = await readFile(join(folder, file));
      return [name, parse(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))] as const;
    }),
  );
  return fontsOf(Object.fromEntries(faces) as Record<keyof typeof FACES, Font>);
}

/**
 * Glyph by glyph, without ligatures: class and file names need none, and no text can then trip the shaping code. What
 * the face lacks is taken from the regular one; what that lacks too is a box that shows its code point.
 */
function fontsOf(faces: Record<keyof typeof FACES, Font>): Fonts {
  const faceOf = ({ bold, italic, mono }: TextStyle) =>
    mono ? faces.mono : bold ? faces.bold : italic ? faces.italic : faces.regular;
  const lettersOf = (text: string, style: TextStyle): Letter[] =>
    Array.from(visible(text), (character) => {
      const font = [faceOf(style), faces.regular].find((face) => face.charToGlyphIndex(character) > 0);
      if (!font) return codeBox(character, faces.mono);
      const glyph = font.charToGlyph(character);
      return {
        advance: (glyph.advanceWidth ?? 0) / font.unitsPerEm,
        path: (x, size) => pathData(glyph.getPath(x, 0, size).commands),
      };
    });
  return {
    measure: (text, style) => lettersOf(text, style).reduce((sum, { advance }) => sum + advance, 0) * style.size,
    outline(text, style, x) {
      let path = "";
      for (const letter of lettersOf(text, style)) {
        path += letter.path(x, style.size);
        x += letter.advance * style.size;
      }
      return path;
    },
    missing: (text) => [...visible(text)].filter((character) => faces.regular.charToGlyphIndex(character) === 0),
  };
}

/** A letter to be drawn: how far it moves the pen, in ems, and its outline at a place of the baseline. */
interface Letter {
  readonly advance: number;
  readonly path: (x: number, size: number) => string;
}

/** A frame with the hexadecimal digits of a code point in two rows: no two characters look alike. */
function codeBox(character: string, font: Font): Letter {
  const code = character.codePointAt(0)!.toString(16).toUpperCase();
  const digits = code.padStart(code.length > 4 ? 6 : 4, "0");
  const across = digits.length / 2;
  const advance = across === 2 ? 0.92 : 1.2;
  return {
    advance,
    path(x, size) {
      const rectangle = (inset: number, back: boolean) => {
        const [left, right] = [x + (0.06 + inset) * size, x + (advance - 0.06 - inset) * size];
        const [top, bottom] = [(-0.82 + inset) * size, (0.12 - inset) * size];
        const corners = [[left, top], [right, top], [right, bottom], [left, bottom]]; // prettier-ignore
        const drawn = (back ? [...corners].reverse() : corners).map((corner) =>
          corner.map((at) => at.toFixed(2)).join(" "),
        );
        return `M${drawn.join("L")}Z`;
      };
      const wide = (advance - 0.24) / across;
      const written = [...digits].map((digit, i) => {
        const [column, row] = [i % across, Math.floor(i / across)];
        const glyph = font.charToGlyph(digit);
        const at = [x + (0.12 + column * wide) * size, (row === 0 ? -0.42 : 0.02) * size] as const;
        return pathData(glyph.getPath(...at, 0.5 * size).commands);
      });
      return rectangle(0, false) + rectangle(0.05, true) + written.join("");
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

/** The characters that are drawn, from left to right. */
function visible(text: string): string {
  return visualOrder(
    text
      .normalize("NFC")
      .replace(/\p{Cs}/gu, "\ufffd")
      .replace(/\s/g, " ")
      .replace(INVISIBLE, ""),
  );
}
