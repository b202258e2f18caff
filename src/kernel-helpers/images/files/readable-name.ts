import { printable } from "../../support/escape.js";
import type { ImageSource } from "../image.js";
import { isPacked, packedName } from "../packed/packed-image.js";

/**
 * How a file is called in messages and tables: on one line, control characters made visible, the middle of a very
 * long path left out. It is text for people, not a path to open, and it is not escaped for HTML.
 *
 * @example
 * readableName("a\nb.jpg"); // a\nb.jpg, with a backslash and an n
 */
export function readableName(path: string): string {
  const visible = printable(path);
  const characters = [...visible];
  if (characters.length <= LONGEST) return visible;
  return `${characters.slice(0, LONGEST / 4).join("")}…${characters.slice(1 - (LONGEST * 3) / 4).join("")}`;
}

/** `readableName` of a path; of other sources, what they are. */
export function nameOfSource(source: ImageSource): string {
  if (typeof source === "string") return readableName(source);
  if (source instanceof Uint8Array) return `the image (${source.length} bytes)`;
  if (isPacked(source)) return readableName(packedName(source));
  if (typeof source !== "object" || source === null) return "the image";
  return `the image (raw pixels, ${source.width}×${source.height})`;
}

const LONGEST = 120;
