import { inspect } from "node:util";
import { displayMethod } from "./display-method.js";
import { promiseHint } from "./plain-inspection.js";
import { recordsTable } from "./records.js";
import { isTable, tableBundle } from "./table-html.js";

/** One value in several forms, by MIME type. Binary types hold base64 text, JSON types hold objects. */
export type MimeBundle = Record<string, unknown>;

/** Characters of inspected text at most. */
const TEXT_LIMIT = 50_000;

/**
 * How a value is shown in a notebook: what its `[Symbol.for("Jupyter.display")]()` returns (a MIME bundle or a promise
 * of one; an empty one where it has shown itself), an Arquero table or a list of like objects as an HTML table, an image file in bytes (PNG, JPEG, GIF, WebP,
 * AVIF, TIFF, HEIC, BMP, SVG) and the text of an SVG drawing as a picture, anything else as inspected text.
 *
 * @throws what the value's display method throws
 * @example
 * await mimeBundle({ [Symbol.for("Jupyter.display")]: () => ({ "text/html": "<b>hi</b>" }) });
 */
export async function mimeBundle(value: unknown): Promise<MimeBundle> {
  const display = displayMethod(value);
  if (display) {
    const bundle = await display();
    if (bundle !== null && typeof bundle === "object") return plainBundle(bundle as MimeBundle);
  }
  if (isTable(value)) return tableBundle(value);
  const records = recordsTable(value);
  if (records) return { ...tableBundle(records), "text/plain": inspected(value) };
  const picture = await pictureOf(value);
  if (picture) return picture;
  const hint = promiseHint(value);
  return { "text/plain": hint === undefined ? inspected(value) : `${inspected(value)}\n(${hint})` };
}

/** Bytes below which, and above which, nothing is taken for an image file. */
const [SMALLEST, LARGEST] = [4, 256 * 2 ** 20];

async function pictureOf(value: unknown): Promise<MimeBundle | undefined> {
  if (typeof value === "string") {
    if (value.length > LARGEST || !/^\s*<[?!s]/i.test(value)) return undefined;
    const { isDrawing, pictureBundle } = await import("./picture.js");
    if (!isDrawing(value)) return undefined;
    const picture = await pictureBundle(Buffer.from(value));
    return picture && { ...picture, "text/plain": inspected(value) };
  }
  const bytes = value instanceof ArrayBuffer ? new Uint8Array(value) : value;
  if (!(bytes instanceof Uint8Array) || bytes.length < SMALLEST || bytes.length > LARGEST) return undefined;
  const { pictureBundle } = await import("./picture.js");
  return pictureBundle(bytes);
}

/**
 * A bundle as it travels: bytes become base64, a bundle without plain text gets one, and a chart with its spec and its
 * picture goes without HTML.
 *
 * @example
 * plainBundle({ "image/png": readFileSync("photo.png") });
 */
export function plainBundle(bundle: MimeBundle): MimeBundle {
  const plain: MimeBundle = {};
  for (const [type, data] of Object.entries(bundle)) {
    if (data === undefined) continue;
    plain[type] = data instanceof Uint8Array ? Buffer.from(data).toString("base64") : data;
  }
  // JupyterLab prefers HTML to a chart's spec, so a page fragment made for elsewhere would hide the live chart there;
  // front ends that cannot draw the spec have the picture.
  if (hasPicture(plain) && Object.keys(plain).some((type) => type.startsWith("application/vnd.vega"))) {
    delete plain["text/html"];
  }
  if (!("text/plain" in plain) && Object.keys(plain).length) plain["text/plain"] = `[${Object.keys(plain).join(", ")}]`;
  return plain;
}

/** Whether a bundle has a picture that every front end shows. */
export function hasPicture(bundle: MimeBundle): boolean {
  return "image/png" in bundle || "image/jpeg" in bundle;
}

/**
 * A value as text, of bounded depth, breadth and length.
 *
 * @example
 * inspected({ a: [1, 2] }); // { a: [ 1, 2 ] }
 */
function inspected(value: unknown): string {
  let text: string;
  try {
    text = inspect(value, { depth: 4, maxArrayLength: 100, maxStringLength: 10_000, breakLength: 100 });
  } catch (error) {
    return `[a value that cannot be inspected: ${error instanceof Error ? error.message : "its inspection threw"}]`;
  }
  return text.length > TEXT_LIMIT
    ? `${text.slice(0, TEXT_LIMIT)}\n… ${text.length - TEXT_LIMIT} more characters`
    : text;
}
