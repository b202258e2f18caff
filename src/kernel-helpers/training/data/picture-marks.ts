import { stat } from "node:fs/promises";
import { isLocated } from "../../images/packed/packed-image.js";
import { readPacked } from "../../images/packed/read-packed.js";
import { hashOfImage } from "../../images/image-hash.js";
import { ahead } from "../../support/ahead.js";
import { contentName, sha256OfFile } from "../../support/hash.js";
import type { Picture } from "../../images/picture.js";

/**
 * What each picture is to a training: its content, wherever it lies and however it is called, its classes, and which
 * part of it is looked at, in the mirror or not. A picture that cannot be read has no content.
 */
export async function pictureMarks(
  pictures: readonly Picture[],
  truth: readonly (readonly number[])[],
  signal?: AbortSignal,
): Promise<string[]> {
  const marks: string[] = [];
  const mark = async (picture: Picture, index: number) =>
    `${await contentOf(picture.file)}:${truth[index].join("+")}${cutOf(picture)}`;
  for await (const each of ahead(pictures, mark, { limit: 8, signal })) marks.push(each);
  return marks;
}

/**
 * In which way pictures differ from those that a training began with; nothing when they are the same.
 *
 * @param nameOf what the picture at a place is called now
 */
export function differenceOf(
  before: readonly string[],
  now: readonly string[],
  nameOf: (index: number) => string,
): string | undefined {
  if (before.length !== now.length) return `it began with ${before.length} pictures, and these are ${now.length}`;
  const changed = now.flatMap((mark, i) => (mark === before[i] ? [] : [i]));
  if (changed.length === 0) return undefined;
  const first = nameOf(changed[0]);
  const others = changed.length > 1 ? `, and ${changed.length - 1} more of ${now.length} differ` : "";
  if (isSame([...before].sort(), [...now].sort())) return `its pictures come in another order from ${first} on`;
  const [was, is] = [before[changed[0]], now[changed[0]]].map((mark) => mark.split(":"));
  if (was[0] === is[0] && was[1] === is[1]) return `${first} has another region or flip${others}`;
  if (was[0] === is[0]) return `${first} has another label${others}`;
  return is[0] === NONE ? `${first} can no longer be read${others}` : `${first} has another content${others}`;
}

const NONE = "none";

/** Nothing for a whole picture. */
function cutOf({ region, flip }: Picture): string {
  if (!region && !flip) return "";
  const sides = region ? [region.x, region.y, region.width, region.height] : [];
  return `:${sides.join("+")}${flip ? "-" : ""}`;
}

async function contentOf(file: Picture["file"]): Promise<string> {
  if (!isLocated(file)) return contentName(hashOfImage(file));
  try {
    if (typeof file !== "string") return contentName(await readPacked(file));
    // A pipe might never end.
    return (await stat(file)).isFile() ? (await sha256OfFile(file)).slice(0, 32) : NONE;
  } catch {
    return NONE;
  }
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.every((mark, i) => mark === other[i]);
}
