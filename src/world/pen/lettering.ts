import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Font, PathCommand } from "opentype.js";
import { packageRoot } from "../../kernel-helpers/support/package-root.js";
import { n } from "./path.js";

/** The faces that letters are set in: openly licensed packages, never the system's fonts. */
const FACE_FILES = {
  sans: "dejavu-fonts-ttf/ttf/DejaVuSans.ttf",
  sansBold: "dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf",
  condensedBold: "dejavu-fonts-ttf/ttf/DejaVuSansCondensed-Bold.ttf",
  mono: "dejavu-fonts-ttf/ttf/DejaVuSansMono-Bold.ttf",
  serif: "dejavu-fonts-ttf/ttf/DejaVuSerif.ttf",
  serifItalic: "dejavu-fonts-ttf/ttf/DejaVuSerif-BoldItalic.ttf",
  anton: "@fontsource/anton/files/anton-latin-400-normal.woff",
  lobster: "@fontsource/lobster/files/lobster-latin-400-normal.woff",
  marker: "@fontsource/permanent-marker/files/permanent-marker-latin-400-normal.woff",
  abril: "@fontsource/abril-fatface/files/abril-fatface-latin-400-normal.woff",
  righteous: "@fontsource/righteous/files/righteous-latin-400-normal.woff",
  rye: "@fontsource/rye/files/rye-latin-400-normal.woff",
} as const;

export type FaceName = keyof typeof FACE_FILES;

export const FACE_NAMES = Object.keys(FACE_FILES) as FaceName[];

type OpenType = Pick<typeof import("opentype.js"), "parse">;

/** Outlines of text in each face. */
export type Faces = Readonly<Record<FaceName, Font>>;

let loaded: Promise<Faces> | undefined;

/** Reads the faces, once. */
export function loadFaces(): Promise<Faces> {
  loaded ??= readFaces();
  return loaded;
}

async function readFaces(): Promise<Faces> {
  const module: OpenType & { readonly default?: OpenType } = await import("opentype.js");
  // The package is CommonJS: what it exports may sit under `default`.
  const { parse } = module.default ?? module;
  const require = createRequire(join(packageRoot(), "package.json"));
  const entries = await Promise.all(
    FACE_NAMES.map(async (name) => {
      const bytes = await readFile(require.resolve(FACE_FILES[name]));
      const font = parse(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
      return [name, font] as const;
    }),
  );
  return Object.fromEntries(entries) as Record<FaceName, Font>;
}

/** Takes a point of a panel, measured from its middle, to the picture. */
export type Placement = (u: number, v: number) => readonly [number, number];

/** Text set within a rectangle of a panel. */
export interface SetText {
  /** Outlines in pixels of the picture. */
  readonly path: string;
  /** The corners of the text, clockwise from its top left. */
  readonly polygon: readonly number[];
  /** The height of the letters, pixels. */
  readonly height: number;
}

/**
 * Sets text as large as fits into `width × height` around the point (`u`, `v`) of a panel.
 */
export function setText(
  font: Font,
  text: string,
  { u, v, width, height }: { u: number; v: number; width: number; height: number },
  place: Placement,
): SetText {
  const commands = outlineOf(font, text);
  const { x1, y1, x2, y2 } = boundsOf(commands);
  const scale = Math.min(width / (x2 - x1), height / (y2 - y1));
  const [middleX, middleY] = [(x1 + x2) / 2, (y1 + y2) / 2];
  const at = (x: number, y: number) => place(u + (x - middleX) * scale, v + (y - middleY) * scale);
  const corners = [at(x1, y1), at(x2, y1), at(x2, y2), at(x1, y2)];
  return {
    path: commands.map((command) => pathData(command, at)).join(""),
    polygon: corners.flat().map((value) => Math.round(value * 100) / 100),
    height: (y2 - y1) * scale,
  };
}

/** Glyph after glyph at their own widths: the package's text shaping knows only some of these faces. */
function outlineOf(font: Font, text: string): PathCommand[] {
  let x = 0;
  return [...text].flatMap((character) => {
    const glyph = font.charToGlyph(character);
    const { commands } = glyph.getPath(x, 0, 100);
    x += ((glyph.advanceWidth ?? font.unitsPerEm / 2) / font.unitsPerEm) * 100;
    return commands;
  });
}

function boundsOf(commands: readonly PathCommand[]): { x1: number; y1: number; x2: number; y2: number } {
  const xs = commands.flatMap((command) => ("x" in command ? [command.x] : []));
  const ys = commands.flatMap((command) => ("y" in command ? [command.y] : []));
  return { x1: Math.min(...xs), y1: Math.min(...ys), x2: Math.max(...xs), y2: Math.max(...ys) };
}

function pathData(command: PathCommand, at: Placement): string {
  const point = (x: number, y: number) => at(x, y).map(n).join(" ");
  switch (command.type) {
    case "M":
    case "L":
      return command.type + point(command.x, command.y);
    case "Q":
      return `Q${point(command.x1, command.y1)} ${point(command.x, command.y)}`;
    case "C":
      return `C${point(command.x1, command.y1)} ${point(command.x2, command.y2)} ${point(command.x, command.y)}`;
    case "Z":
      return "z";
  }
}
