/** Properties of a Vega mark that never change. */
export function fixed(values: Readonly<Record<string, unknown>>): Record<string, { readonly value: unknown }> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]));
}

/** A text that is not read as anything else, whatever stands in it. */
export function text(words: string, x: number, y: number, style: Readonly<Record<string, unknown>> = {}): object {
  return written({ value: words }, x, y, style);
}

/** A text that follows signals: a Vega expression. */
export function spoken(
  expression: string,
  x: number,
  y: number,
  style: Readonly<Record<string, unknown>> = {},
): object {
  return written({ signal: expression }, x, y, style);
}

function written(words: object, x: number, y: number, style: Readonly<Record<string, unknown>>): object {
  return {
    ...{ type: "text", interactive: false },
    encode: { update: { text: words, ...fixed({ x, y, baseline: "middle", ...style }) } },
  };
}
