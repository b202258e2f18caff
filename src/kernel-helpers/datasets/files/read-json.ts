import { readableName } from "../../images/files/readable-name.js";
import { CamlabError, messageOf } from "../../support/errors.js";
import { printable } from "../../support/escape.js";
import { notOfLayout } from "./layouts.js";
import { readText } from "./read-text.js";
import type { Reading } from "./reading.js";

/**
 * A JSON file as it is; what it holds must still be looked at. Python also writes NaN and Infinity, which JSON does not
 * have: they are read as `null`, and said.
 *
 * @param reading where to say so
 * @throws CamlabError when the file cannot be read or is no JSON
 */
export async function readJson(file: string, reading?: Reading): Promise<unknown> {
  const text = await readText(file, reading);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const mended = withoutNaN(text);
    const data = mended === text ? undefined : parsed(mended);
    if (data) {
      reading?.sayOf("NaN or Infinity, which JSON does not have, is read as nothing", file);
      return data.value;
    }
    const lacks = `is no JSON: ${reasonOf(text, error)}`;
    // Damaged JSON is still what it was; anything else may be of another layout.
    if (/^\s*[[{]/.test(text)) throw new CamlabError(`${readableName(file)} ${lacks}`);
    throw await notOfLayout(file, "", lacks);
  }
}

function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

/** Texts are matched first so that what stands in them is left alone. */
const TEXT_OR_NAN = /"[^"\\]*(?:\\[^][^"\\]*)*"|-?\b(?:NaN|Infinity)\b/g;

function withoutNaN(text: string): string {
  return text.replace(TEXT_OR_NAN, (found) => (found.startsWith('"') ? found : "null"));
}

function reasonOf(text: string, error: unknown): string {
  if (text.trim() === "") return "it is empty";
  const said = messageOf(error);
  const at = Number(/position (\d+)/.exec(said)?.[1] ?? 0);
  return at >= text.trimEnd().length || /unexpected end|unterminated/i.test(said)
    ? `it is cut short (${printable(said)})`
    : printable(said);
}
