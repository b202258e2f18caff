import { CamlabError } from "../../kernel-helpers/support/errors.js";
import { printable } from "../../kernel-helpers/support/escape.js";
import type { Notebook } from "./notebook.js";

/** Kernels of TypeScript and JavaScript, which may be named without their language. */
const KERNELS = ["camlab", "tslab", "jslab", "deno", "bun", "typescript", "javascript", "nodejs", "node", "ijavascript"];
const LANGUAGES = ["typescript", "javascript", "ts", "js", "node.js", "nodejs"];

/**
 * Refuses a notebook that was written for a kernel of another language. Its kernelspec decides; where that says
 * nothing, the language that its last run noted. A notebook that names neither may be run.
 *
 * @throws CamlabError with the kernel and the language that the notebook names
 * @example
 * checkLanguage(await notebook.readNotebook("analysis.ipynb")); // a Python notebook: refused
 */
export function checkLanguage(notebook: Notebook): void {
  const spec = texts(notebook.metadata.kernelspec);
  const ran = texts(notebook.metadata.language_info);
  const kernel = spec.name || spec.display_name;
  const language = spec.language || (kernel && isOf(KERNELS, kernel) ? "typescript" : ran.name);
  if (language ? isOf(LANGUAGES, language) : !kernel) return;
  const named = kernel ? `for the kernel ${printable(kernel)}` : "not for this kernel";
  const inLanguage = language ? ` (${printable(language)})` : "";
  throw new CamlabError(
    `the notebook is ${named}${inLanguage}, and camlab runs TypeScript. It is left as it was. ` +
      "If its cells are TypeScript, choose the kernel “TypeScript (camlab)” for it in Jupyter, " +
      'or set metadata.kernelspec.name to "camlab" in the file',
  );
}

function isOf(names: readonly string[], name: string): boolean {
  return names.includes(name.trim().toLowerCase());
}

function texts(value: unknown): Partial<Record<string, string>> {
  if (value === null || typeof value !== "object") return {};
  return Object.fromEntries(Object.entries(value).filter(([, each]) => typeof each === "string"));
}
