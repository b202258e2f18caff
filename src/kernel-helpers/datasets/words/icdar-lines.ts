import type { PictureWord } from "../../images/picture.js";
import { CamlabError } from "../../support/errors.js";
import { numberOf, shown } from "../files/values.js";

/** A way in which ICDAR's tasks, and those that followed them, write a word on a line. */
export interface IcdarLayout {
  /** What it is, for people. */
  readonly name: string;
  /** The word of a line; undefined when the line is not of this layout. */
  readonly wordOf: (line: string) => PictureWord | undefined;
}

const UNREADABLE = "###";

/** Scripts as the tasks for many languages name them, in small letters. */
const SCRIPTS: ReadonlySet<string> = new Set([
  "arabic",
  "latin",
  "chinese",
  "japanese",
  "korean",
  "bangla",
  "bengali",
  "hindi",
  "devanagari",
  "symbols",
  "mixed",
  "none",
]);

/** From the most particular to the most general: a line of an earlier one could be taken for one of a later one. */
const ICDAR_LAYOUTS: readonly IcdarLayout[] = [
  {
    name: "four corners, a mark for hard ones and a quoted text (RCTW 2017)",
    wordOf: (line) => {
      const { numbers, rest } = leading(line, 8);
      const [, mark, text] = /^\s*([01])\s*,\s*"(.*)"\s*$/.exec(rest) ?? [];
      return numbers && mark !== undefined ? word(numbers, text, mark === "1") : undefined;
    },
  },
  {
    name: "four corners, script and text (MLT 2017 and 2019)",
    wordOf: (line) => {
      const { numbers, rest } = leading(line, 8);
      const comma = rest.indexOf(",");
      const script = comma < 0 ? "" : rest.slice(0, comma).trim().toLowerCase();
      return numbers && SCRIPTS.has(script) ? word(numbers, rest.slice(comma + 1)) : undefined;
    },
  },
  {
    name: "outlines of many corners, and ####text (SCUT-CTW1500)",
    wordOf: (line) => {
      const [, corners, text] = /^([^#]*?),?####(.*)$/.exec(line) ?? [];
      const numbers = corners === undefined ? undefined : allNumbers(corners.split(","));
      return numbers && isOutline(numbers) ? word(numbers, text) : undefined;
    },
  },
  {
    name: "outlines of many corners and text (Total-Text)",
    wordOf: totalTextWord,
  },
  {
    name: "left, top, right, bottom and a quoted text (2011 and 2013)",
    wordOf: (line) => {
      const [, left, top, right, bottom, text] = RECTANGLE.exec(line) ?? [];
      const sides = [left, top, right, bottom].map(numberOf);
      return sides.every((side) => side !== undefined) ? rectangle(sides, text.replaceAll('\\"', '"')) : undefined;
    },
  },
  {
    name: "outlines of five or more corners and text",
    wordOf: (line) => {
      const fields = line.split(",");
      const text = fields.at(-1) ?? "";
      const numbers = allNumbers(fields.slice(0, -1));
      return numbers && numbers.length >= 10 && isOutline(numbers) ? word(numbers, text) : undefined;
    },
  },
  {
    name: "four corners and text (2015)",
    wordOf: (line) => {
      const { numbers, rest } = leading(line, 8);
      return numbers && line.split(",").length > 8 ? word(numbers, rest) : undefined;
    },
  },
  {
    name: "left, top, right, bottom and text",
    wordOf: (line) => {
      const { numbers, rest } = leading(line, 4);
      const isText = line.split(",").length > 4 && numberOf(rest.split(",")[0]) === undefined;
      return numbers && isText ? rectangle(numbers, rest) : undefined;
    },
  },
];

/**
 * The layout of most of the lines; of equally many the most particular one.
 *
 * @returns undefined when no line is of any
 */
export function icdarLayoutOf(lines: readonly string[]): IcdarLayout | undefined {
  let best: { readonly layout: IcdarLayout; readonly count: number } | undefined;
  for (const layout of ICDAR_LAYOUTS) {
    const count = lines.filter((line) => layout.wordOf(line) !== undefined).length;
    if (count > (best?.count ?? 0)) best = { layout, count };
    if (count > lines.length / 2) return layout;
  }
  return best?.layout;
}

/**
 * The word of a line.
 *
 * @throws CamlabError when the line is not of the layout
 */
export function icdarWord(layout: IcdarLayout | undefined, line: string): PictureWord {
  const found = layout?.wordOf(line);
  if (found) return found;
  throw new CamlabError(
    layout === undefined || layout === FOUR_CORNERS
      ? `${shown(line)} does not begin with eight coordinates`
      : `${shown(line)} is not, as the others are, ${layout.name}`,
  );
}

const FOUR_CORNERS = ICDAR_LAYOUTS.find(({ name }) => name.includes("2015"));

/** The numbers that a line begins with, and what is behind them. */
function leading(line: string, count: number): { readonly numbers?: number[]; readonly rest: string } {
  const fields = line.split(",");
  const rest = fields.slice(count).join(",");
  const numbers = fields.length >= count ? allNumbers(fields.slice(0, count)) : undefined;
  return numbers ? { numbers, rest } : { rest };
}

function allNumbers(fields: readonly string[]): number[] | undefined {
  const numbers = fields.map(numberOf);
  return numbers.every((number) => number !== undefined) ? numbers : undefined;
}

function isOutline(numbers: readonly number[]): boolean {
  return numbers.length >= 6 && numbers.length % 2 === 0;
}

const RECTANGLE =
  /^\s*([^\s,]+)(?:\s*,\s*|\s+)([^\s,]+)(?:\s*,\s*|\s+)([^\s,]+)(?:\s*,\s*|\s+)([^\s,]+)(?:\s*,\s*|\s+)"(.*)"\s*$/;

function rectangle([left, top, right, bottom]: readonly number[], text: string): PictureWord | undefined {
  if (right < left || bottom < top) return undefined;
  return word([left, top, right, top, right, bottom, left, bottom], text);
}

function word(polygon: readonly number[], text: string, isHard = false): PictureWord {
  const said = text.trim();
  return { polygon, text: said, readable: !isHard && said !== UNREADABLE };
}

/** `x: [[206 251 …]], y: [[633 811 …]], ornt: [u'c'], transcriptions: [u'PETROSAINS']`; "#" is unreadable there. */
function totalTextWord(line: string): PictureWord | undefined {
  if (!line.includes("[[")) return undefined;
  const list = (name: string) =>
    new RegExp(`\\b${name}:\\s*\\[\\[([^\\]]*)\\]\\]`)
      .exec(line)?.[1]
      .trim()
      .split(/[\s,]+/);
  const [xs, ys] = [allNumbers(list("x") ?? []), allNumbers(list("y") ?? [])];
  const text = /\btranscriptions?:\s*\[\s*u?(["'])(.*)\1\s*\]\s*$/.exec(line)?.[2];
  if (!xs || !ys || xs.length < 3 || xs.length !== ys.length || text === undefined) return undefined;
  const polygon = xs.flatMap((x, i) => [x, ys[i]]);
  return text === "#" ? { polygon, text: UNREADABLE, readable: false } : word(polygon, text);
}
