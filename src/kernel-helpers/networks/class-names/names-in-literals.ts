import { byIndex, type FoundNames } from "./names-in-json.js";
import { undressed } from "./names-in-lines.js";

const QUOTED = String.raw`"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'`;

/** Class names in a dictionary or list as Python prints it, or YAML's flow form; undefined when there are none. */
export function namesInLiteral(text: string): FoundNames | undefined {
  if (!/[\]}]\s*;?$/.test(text)) return undefined;
  const inner = text.replace(/^[[{]/, "").replace(/[\]}][^\]}]*$/, "");
  if (text.startsWith("{")) {
    const pairs = [...inner.matchAll(new RegExp(String.raw`(\d+)\s*:\s*(${QUOTED}|[^,\n]+)`, "g"))];
    if (pairs.length > 0) return byIndex(pairs.map(([, index, name]) => [Number(index), unquoted(name)]));
    const named = [...inner.matchAll(new RegExp(String.raw`(${QUOTED})\s*:\s*(\d+)`, "g"))];
    return named.length > 0 ? byIndex(named.map(([, name, index]) => [Number(index), unquoted(name)])) : undefined;
  }
  const items = [...inner.matchAll(new RegExp(String.raw`(${QUOTED}|[^,\n'"]+)`, "g"))].map(([item]) => item.trim());
  const names = items.filter((item) => item !== "").map(unquoted);
  return names.length > 0 ? { names } : undefined;
}

/** Class names below `names:` and its like in YAML, or in a file that is one YAML list; undefined for other files. */
export function namesInYaml(text: string): FoundNames | undefined {
  const lines = text.split(/\r\n|\n|\r/);
  const at = lines.findIndex((line) => /^(names|classes|labels|class_names|label_names|id2label)\s*:/.test(line));
  if (at < 0) return lines.every((line) => /^\s*-\s+\S/.test(line)) ? inBlock(lines) : undefined;
  const rest = withoutComment(lines[at].replace(/^[^:]*:/, "")).trim();
  if (/^[[{]/.test(rest)) return namesInLiteral(flowFrom([rest, ...lines.slice(at + 1)].join("\n")));
  if (rest !== "") return undefined;
  const below = lines.slice(at + 1).map(withoutComment);
  const end = below.findIndex((line) => line.trim() !== "" && !/^(\s+|-\s)/.test(line));
  return inBlock(end < 0 ? below : below.slice(0, end));
}

/** Class names in a TensorFlow label map; undefined for other files. */
export function namesInPbtxt(text: string): FoundNames | undefined {
  if (!/^\s*item\s*:?\s*\{/m.test(text)) return undefined;
  const entries = [...text.matchAll(/\bitem\s*:?\s*\{([^}]*)\}/g)].map(([, body]) => {
    const field = (key: string) => new RegExp(String.raw`\b${key}\s*:\s*(${QUOTED}|\S+)`).exec(body)?.[1];
    return [Number(field("id")), unquoted(field("display_name") ?? field("name") ?? "")] as const;
  });
  if (entries.some(([id]) => !Number.isInteger(id))) return { wrong: "an item of its label map has no id" };
  return byIndex(entries);
}

function inBlock(lines: readonly string[]): FoundNames | undefined {
  const filled = lines.map((line) => line.trim()).filter((line) => line !== "");
  if (filled.length === 0) return undefined;
  if (filled.every((line) => line.startsWith("-"))) return { names: filled.map((line) => unquoted(line.slice(1))) };
  const pairs = filled.map((line) => /^(?:"(\d+)"|'(\d+)'|(\d+))\s*:\s*(.*)$/.exec(line));
  if (pairs.some((pair) => pair === null)) return undressed(filled);
  return byIndex(pairs.map((pair) => [Number(pair?.[1] ?? pair?.[2] ?? pair?.[3]), unquoted(pair?.[4] ?? "")]));
}

/** From an opening bracket to the one that closes it. */
function flowFrom(text: string): string {
  let depth = 0;
  let quote = "";
  for (const [i, character] of [...text].entries()) {
    if (quote) quote = character === quote ? "" : quote;
    else if (character === '"' || character === "'") quote = character;
    else if ("[{".includes(character)) depth++;
    else if ("]}".includes(character) && --depth === 0) return [...text].slice(0, i + 1).join("");
  }
  return text;
}

function withoutComment(line: string): string {
  return line.replace(/(^|\s)#[^'"]*$/, "");
}

function unquoted(text: string): string {
  const trimmed = text.trim();
  const inner = /^(["'])([\s\S]*)\1$/.exec(trimmed)?.[2];
  return inner === undefined ? trimmed : inner.replace(/\\(.)/g, "$1");
}
