/** The method by which a value says how it is shown: the convention of Deno's Jupyter kernel. */
export const DISPLAY = Symbol.for("Jupyter.display");

/** The display method of a value, when it has one. */
export function displayMethod(value: unknown): (() => unknown) | undefined {
  if (value === null || (typeof value !== "object" && typeof value !== "function")) return undefined;
  const method = (value as Record<symbol, unknown>)[DISPLAY];
  return typeof method === "function" ? () => (method as () => unknown).call(value) : undefined;
}
