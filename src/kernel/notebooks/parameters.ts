import { CamlabError } from "../../kernel-helpers/support/errors.js";
import { printable } from "../../kernel-helpers/support/escape.js";
import { nearestNames } from "../../kernel-helpers/support/nearest-names.js";
import { type CodeCell, hasTag, type Notebook } from "./notebook.js";

/** Values of a notebook's parameters by name; a text is brought to the type that the notebook gave. */
export type NotebookParameters = Readonly<Record<string, unknown>>;

/**
 * A notebook with other values of its parameters. They are what its cell tagged `parameters` declares, a line each
 * (`const seed = 7;`); the new values stand in a cell of their own right after it, tagged `injected-parameters`, as
 * papermill does it. A text becomes a number, a truth value or a list where the notebook's own value is one.
 *
 * @throws CamlabError when no cell is tagged so, when a name is not declared there, or when a text is no value of the
 *   type
 * @example
 * const changed = notebook.withParameters(await notebook.readNotebook("01.ipynb"), { seed: 11, photo: "mine.jpg" });
 */
export function withParameters(notebook: Notebook, parameters: NotebookParameters): Notebook {
  const given = Object.entries(parameters);
  if (given.length === 0) return notebook;
  const cells = notebook.cells.filter((cell) => !hasTag(cell, "injected-parameters"));
  const at = cells.findIndex((cell) => cell.cell_type === "code" && hasTag(cell, "parameters"));
  if (at < 0) {
    throw new CamlabError(
      "the notebook has no parameters: give the code cell that sets them the tag `parameters` " +
        "(in JupyterLab: the gears at the right, Cell Tags)",
    );
  }
  const declared = declarationsIn(cells[at].source);
  const lines = given.map(([name, value]) => {
    const kind = declared.get(name);
    if (kind === undefined) throw unknown(name, [...declared.keys()]);
    return `const ${name} = ${literalOf(name, value, kind)};`;
  });
  const injected: CodeCell = {
    cell_type: "code",
    id: "injected-parameters",
    metadata: { tags: ["injected-parameters"] },
    source: ["// Parameters", ...lines].join("\n"),
    outputs: [],
    execution_count: null,
  };
  return { ...notebook, cells: [...cells.slice(0, at + 1), injected, ...cells.slice(at + 1)] };
}

type Kind = "number" | "text" | "truth" | "any";

const DECLARATION =
  /^[ \t]*(?:export\s+)?(?:const|let|var)\s+([\p{ID_Start}$_][\p{ID_Continue}$]*)\s*(?::\s*([^=\n]+?))?\s*=(?![=>])\s*(.*)$/gmu;

function declarationsIn(source: string): ReadonlyMap<string, Kind> {
  return new Map([...source.matchAll(DECLARATION)].map(([, name, type, value]) => [name, kindOf(type, value)]));
}

function kindOf(type: string | undefined, value: string): Kind {
  if (type === "number" || /^[-+]?\.?\d/.test(value)) return "number";
  if (type === "string" || /^["'`]/.test(value)) return "text";
  return type === "boolean" || /^(true|false)\b/.test(value) ? "truth" : "any";
}

function literalOf(name: string, value: unknown, kind: Kind): string {
  if (typeof value !== "string") return checked(name, value, kind);
  if (kind === "text") return JSON.stringify(value);
  const parsed = parsedJson(value.trim());
  if (kind === "any") return JSON.stringify(parsed === undefined ? value : parsed);
  return checked(name, parsed === undefined ? numberIn(value) ?? value : parsed, kind);
}

function checked(name: string, value: unknown, kind: Kind): string {
  const wanted = { number: "number", text: "string", truth: "boolean", any: typeof value }[kind];
  const json = typeof value === wanted && (typeof value !== "number" || Number.isFinite(value)) && JSON.stringify(value);
  if (json) return json;
  const expected = { number: "a number", text: "a text", truth: "true or false", any: "a value that JSON can hold" }[kind];
  throw new CamlabError(`parameter ${name} is ${printable(String(value))} (expected ${expected}, as in the notebook)`);
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Also the forms that JSON does not know: +1, .5, 1_000, 0x10. */
function numberIn(text: string): number | undefined {
  const value = text.trim() === "" ? NaN : Number(text.replace(/(?<=\d)_(?=\d)/g, ""));
  return Number.isFinite(value) ? value : undefined;
}

function unknown(name: string, names: readonly string[]): CamlabError {
  const [near] = nearestNames(name, names);
  const known = names.length ? `its parameters are ${names.join(", ")}` : "the cell tagged `parameters` declares nothing";
  return new CamlabError(
    `the notebook has no parameter ${printable(name)}${near ? `; did you mean ${near}?` : ""} (${known})`,
  );
}
