import { type TextSize, textWidth } from "./text-width.js";

/** The room that a text has. */
export interface TextRoom extends TextSize {
  /** In pixels. */
  readonly width: number;
  /** Lines at most; 1 unless given. */
  readonly lines?: number;
}

/**
 * The lines in which a text fits into its room, the part that tells it from others kept. A text that is too long for a
 * line loses the number of its WordNet synset in front; one that is too long for all lines loses, until it fits, synonyms
 * after the first ("tench, Tinca tinca"), then its middle, for names of one list often begin alike.
 *
 * @returns one line or more, each no wider than the room as far as a single letter fits it
 * @example
 * fitText("Cardinalis cardinalis (Northern Cardinal)", { width: 150, size: 13, bold: true, lines: 2 });
 */
export function fitText(text: string, room: TextRoom): string[] {
  const most = Math.max(1, room.lines ?? 1);
  const fits = (candidate: string) => {
    const lines = wrapText(candidate, room);
    return lines.length <= most ? lines : undefined;
  };
  if (textWidth(text, room) <= room.width) return [text];
  const forms = shorterForms(text);
  for (const form of forms) {
    const lines = fits(form);
    if (lines) return lines;
  }
  return withoutMiddle(forms.at(-1)!, fits) ?? ["…"];
}

/** Whether all of a text is to be seen in the lines that it was given. */
export function isWhole(text: string, lines: readonly string[]): boolean {
  const letters = (words: string) => words.replace(/\s+/g, "");
  return letters(lines.join("")) === letters(text);
}

/** From the whole text to the shortest form that still names the thing. */
function shorterForms(text: string): string[] {
  const named = text.replace(/^n\d{8}[\s_-]+(?=\S)/, "");
  const synonyms = named.split(/,\s+(?![^(]*\))/);
  const fewer = synonyms.map((_, i) => `${synonyms.slice(0, synonyms.length - i).join(", ")}${i > 0 ? ", …" : ""}`);
  return [...new Set([...fewer, synonyms[0]])];
}

/** The longest form of a text with something left out in its middle that fits. */
function withoutMiddle(text: string, fits: (text: string) => string[] | undefined): string[] | undefined {
  const letters = graphemes(text);
  let [low, high, best] = [1, letters.length - 1, undefined as string[] | undefined];
  while (low <= high) {
    const kept = (low + high) >> 1;
    const head = Math.ceil(kept * 0.45);
    const lines = fits(
      `${letters.slice(0, head).join("").trimEnd()}…${letters
        .slice(letters.length - kept + head)
        .join("")
        .trimStart()}`,
    );
    if (lines) [best, low] = [lines, kept + 1];
    else high = kept - 1;
  }
  return best;
}

/**
 * A text in lines no wider than a width, broken after spaces, hyphens, underscores, slashes and commas, before opening
 * brackets, and where nothing of these is, between letters; the ending of a file's name stays in one piece.
 */
export function wrapText(text: string, { width, size, bold }: TextSize & { readonly width: number }): string[] {
  const style = { size, ...(bold !== undefined && { bold }) };
  const lines: string[] = [];
  let line = "";
  const put = (piece: string) => {
    if (textWidth((line + piece).trimEnd(), style) <= width || line === "") line += piece;
    else {
      lines.push(line.trimEnd());
      line = piece.trimStart();
    }
  };
  const fits = (piece: string) => textWidth(piece.trimEnd(), style) <= width;
  for (const piece of pieces(text)) {
    if (fits(piece)) put(piece);
    else parts(piece).forEach((part) => (fits(part) ? put(part) : graphemes(part).forEach(put)));
  }
  if (line.trimEnd() !== "" || lines.length === 0) lines.push(line.trimEnd());
  return lines;
}

/** A text in pieces that stay together. */
function pieces(text: string): string[] {
  return text.match(/(?:[([{]?[^\s\-_/,([{]*(?:[-_/,]+|\s+|(?=[([{])|$))/gu)?.filter((piece) => piece !== "") ?? [];
}

/** The letters of a piece that is too long for a line, a file's ending as one of them. */
function parts(piece: string): string[] {
  const ending = /\.[a-z]\w{1,4}\s*$/i.exec(piece)?.[0] ?? "";
  return [...graphemes(piece.slice(0, piece.length - ending.length)), ...(ending && [ending])];
}

/** What a person takes for one letter, accents and all. */
function graphemes(text: string): string[] {
  return Array.from(new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(text), ({ segment }) => segment);
}
