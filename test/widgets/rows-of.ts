/** Every row of data of a spec, in the order in which they stand, whatever layer or view they are in. */
export function rowsOf(spec: unknown): Record<string, unknown>[] {
  if (typeof spec !== "object" || spec === null) return [];
  return Object.entries(spec).flatMap(([key, value]) =>
    key === "values" && Array.isArray(value) && typeof value[0] === "object"
      ? (value as Record<string, unknown>[])
      : rowsOf(value),
  );
}

/** Every text of a spec that is data. */
export function textsOf(spec: unknown): string[] {
  return rowsOf(spec).flatMap(({ text }) => (typeof text === "string" ? [text] : []));
}
