import { nameOf, type SkippedPicture } from "../kernel-helpers/images/picture.js";
import { printable } from "../kernel-helpers/support/escape.js";
import { tell } from "./terminal.js";

/** A line on stderr for each picture that was left out, and why. */
export function tellSkipped(skipped: readonly SkippedPicture[]): void {
  for (const { picture, error } of skipped) tell(`skipped ${skippedText({ picture, error })}\n`);
}

/** A picture that was left out, and why, on one line that names it once. */
export function skippedText({ picture, error }: SkippedPicture): string {
  const name = nameOf(picture);
  return printable(error.includes(name) ? error : `${name}: ${error}`);
}

/** What documents for programs say of pictures that were left out. */
export function skippedJson(skipped: readonly SkippedPicture[]): { readonly file: string; readonly error: string }[] {
  return skipped.map(({ picture, error }) => ({ file: nameOf(picture), error }));
}
