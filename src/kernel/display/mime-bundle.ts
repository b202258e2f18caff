import { inspect } from "node:util";
import { promiseHint } from "./plain-inspection.js";
import { isTable, tableBundle } from "./table-html.js";

/** One value in several forms, by MIME type. Binary types hold base64 text, JSON types hold objects. */
export type MimeBundle = Record<string, unknown>;

/** The method by which a value says how it is shown: the convention of Deno's Jupyter kernel. */
export const DISPLAY = Symbol.for("Jupyter.display");

/** Characters of inspected text at most. */
const TEXT_LIMIT = 50_000;

/**
 * How a value is shown in a notebook: what its `[Symbol.for("Jupyter.display")]()` returns (a MIME bundle or a promise
 * of one), an Arquero table as an HTML table, a PNG, JPEG, GIF or WebP file in a Buffer as that image, anything else
 * as inspected text.
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
  const image = value instanceof Uint8Array ? imageType(value) : undefined;
  if (image) {
    const text = `${image.slice("image/".length).toUpperCase()} image, ${(value as Uint8Array).length} bytes`;
    return plainBundle({ [image]: value, "text/plain": text });
  }
  const hint = promiseHint(value);
  return { "text/plain": hint === undefined ? inspected(value) : `${inspected(value)}\n(${hint})` };
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
  if ("image/png" in plain && Object.keys(plain).some((type) => type.startsWith("application/vnd.vega"))) {
    delete plain["text/html"];
  }
  if (!("text/plain" in plain) && Object.keys(plain).length) plain["text/plain"] = `[${Object.keys(plain).join(", ")}]`;
  return plain;
}

/**
 * A value as text, of bounded depth, breadth and length.
 *
 * @example
 * inspected({ a: [1, 2] }); // { a: [ 1, 2 ] }
 */
export function inspected(value: unknown): string {
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

function displayMethod(value: unknown): (() => unknown) | undefined {
  if (value === null || (typeof value !== "object" && typeof value !== "function")) return undefined;
  const method = (value as Record<symbol, unknown>)[DISPLAY];
  return typeof method === "function" ? () => (method as () => unknown).call(value) : undefined;
}

/** The MIME type of an image file, by its first bytes. */
function imageType(bytes: Uint8Array): string | undefined {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(12, bytes.length)).toString("latin1");
  if (start.startsWith("\x89PNG\r\n\x1a\n")) return "image/png";
  if (start.startsWith("\xff\xd8\xff")) return "image/jpeg";
  if (start.startsWith("GIF87a") || start.startsWith("GIF89a")) return "image/gif";
  if (start.startsWith("RIFF") && start.slice(8) === "WEBP") return "image/webp";
  return undefined;
}
