import { basename, extname } from "node:path";

/** Bytes of a name that every file system takes, with room for an ending and a number. */
const LONGEST = 200;

/**
 * What the picture of a photo's maps is called: the photo's own name without its ending, as every file system takes it.
 * Letters of any writing and spaces stay; what Windows, macOS or Linux refuses in names becomes a dash.
 *
 * @example
 * pictureStem("photos/鹦鹉 照片.jpg"); // "鹦鹉 照片"
 */
export function pictureStem(file: string): string {
  const plain = basename(file, extname(file))
    .normalize("NFC")
    .replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\ufeff<>:"/\\|?*]+/gu, "-")
    .replace(/^[-.\s]+|[.\s]+$/g, "");
  const stem = cut(plain).replace(/[.\s]+$/, "") || "photo";
  return /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(stem) ? `_${stem}` : stem;
}

/** No more bytes than a name may have, and no half letter. */
function cut(name: string): string {
  let kept = "";
  let bytes = 0;
  for (const { segment } of new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(name)) {
    bytes += Buffer.byteLength(segment);
    if (bytes > LONGEST) break;
    kept += segment;
  }
  return kept;
}

/**
 * Gives each file a name that no other has, for file systems that take upper and lower case for one too.
 *
 * @returns a function that gives the stem of the next file's picture
 */
export function uniqueStems(): (file: string) => string {
  const taken = new Set<string>();
  return (file) => {
    const stem = pictureStem(file);
    let name = stem;
    for (let i = 2; taken.has(name.toLowerCase()); i++) name = `${stem}-${i}`;
    taken.add(name.toLowerCase());
    return name;
  };
}
