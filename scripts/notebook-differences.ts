// What a notebook printed, compared with what it printed before.

/** The part of a notebook that is compared. */
export interface NotebookCells {
  readonly cells: readonly {
    readonly cell_type: string;
    readonly outputs?: readonly {
      readonly output_type: string;
      readonly text?: string | readonly string[];
      readonly data?: Readonly<Record<string, unknown>>;
    }[];
  }[];
}

const NUMBER = /[-−+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?(?: ?%)?/gi;
const TIMES = /\d[\d.]*\s*(?:ms|s|min|it|images|pictures)?\/s|\d[\d.]*\s*(?:ms|s|min)\b(?: in all)?/g;

/**
 * The lines of text in which two runs of a notebook differ, as "cell 5: was …, is …". Fractions and percentages are the
 * same when they differ by no more than `noise` of their size or by one in their last digit: other processors add in
 * another order.
 * How long something took is not compared.
 */
export function notebookDifferences(before: NotebookCells, after: NotebookCells, noise = 0.01): readonly string[] {
  const [was, is] = [printed(before), printed(after)];
  const cells = [...new Set([...was.keys(), ...is.keys()])].sort((a, b) => a - b);
  return cells.flatMap((cell) => {
    const [old, now] = [was.get(cell) ?? [], is.get(cell) ?? []];
    return Array.from({ length: Math.max(old.length, now.length) }, (_, i) => [old[i], now[i]] as const)
      .filter(([a, b]) => a === undefined || b === undefined || !sameLine(a, b, noise))
      .map(([a, b]) => `cell ${cell}: was ${JSON.stringify(a ?? "")}, is ${JSON.stringify(b ?? "")}`);
  });
}

function printed({ cells }: NotebookCells): ReadonlyMap<number, readonly string[]> {
  const found = new Map<number, readonly string[]>();
  for (const [number, { outputs }] of cells.entries()) {
    const lines = (outputs ?? []).flatMap(({ text, data }) =>
      joined(text ?? data?.["text/plain"])
        .trimEnd()
        .split("\n"),
    );
    if (outputs) found.set(number, lines);
  }
  return found;
}

function joined(text: unknown): string {
  return Array.isArray(text) ? text.join("") : typeof text === "string" ? text : "";
}

function sameLine(a: string, b: string, noise: number): boolean {
  const [left, right] = [a, b].map((line) => line.replace(TIMES, "TIME").replace(/\s+/g, " "));
  if (left.replace(NUMBER, "#") !== right.replace(NUMBER, "#")) return false;
  const [x, y] = [left, right].map((line) => line.match(NUMBER) ?? []);
  return x.every((text, i) => sameNumber(text, y[i], noise));
}

/** Whole numbers count things or name them; those before a percent sign were rounded. */
function sameNumber(a: string, b: string, noise: number): boolean {
  const [x, y] = [a, b].map((text) => Number(text.replace("−", "-").replace("%", "")));
  const places = Math.min(...[a, b].map((text) => /\.(\d+)/.exec(text)?.[1].length ?? 0));
  if (places === 0 && !a.endsWith("%")) return a === b;
  return Math.abs(x - y) <= Math.max(1.0001 * 10 ** -places, noise * Math.max(Math.abs(x), Math.abs(y)));
}
