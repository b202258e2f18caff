import type { MimeBundle } from "./mime-bundle.js";

/** Characters of a description at most. */
const LONGEST = 1000;

/**
 * The metadata of an output: its pictures described by its plain text, where that is a sentence on a chart. nbconvert's
 * `classic` template makes alternative texts of it.
 *
 * @example
 * described({ "application/vnd.vegalite.v5+json": spec, "image/png": "…", "text/plain": "A chart." }); // { "image/png": { alt: "A chart." } }
 */
export function described(data: MimeBundle): Record<string, unknown> {
  const text = data["text/plain"];
  if (typeof text !== "string" || !Object.keys(data).some((type) => /^application\/vnd\.vega/.test(type))) return {};
  const alt = text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
  const pictures = ["image/png", "image/jpeg"].filter((type) => type in data);
  return Object.fromEntries(pictures.map((type) => [type, { alt }]));
}
