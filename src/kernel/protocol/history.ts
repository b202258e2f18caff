import type { Content } from "./wire.js";

/** The inputs of this session, for `history_request`. Outputs are not kept. */
export class History {
  readonly #inputs: { line: number; source: string }[] = [];

  add(line: number, source: string): void {
    this.#inputs.push({ line, source });
  }

  /** The `history` field of the reply: `[session, line, input]`, or `[session, line, [input, null]]` with outputs. */
  answer(request: Content): unknown[] {
    const wanted = this.#select(request);
    return wanted.map(({ line, source }) => [1, line, request.output ? [source, null] : source]);
  }

  #select(request: Content): { line: number; source: string }[] {
    const last = typeof request.n === "number" ? request.n : this.#inputs.length;
    if (request.hist_access_type === "range") {
      const session = typeof request.session === "number" ? request.session : 0;
      const start = typeof request.start === "number" ? request.start : 0;
      const stop = typeof request.stop === "number" ? request.stop : Infinity;
      return session > 1 ? [] : this.#inputs.filter(({ line }) => line >= start && line < stop);
    }
    if (last <= 0) return [];
    if (request.hist_access_type !== "search") return this.#inputs.slice(-last);
    const pattern = globPattern(typeof request.pattern === "string" ? request.pattern : "*");
    const found = this.#inputs.filter(({ source }) => pattern.test(source));
    const latestOf = new Map(found.map((input) => [input.source, input]));
    return (request.unique ? found.filter((input) => latestOf.get(input.source) === input) : found).slice(-last);
  }
}

function globPattern(glob: string): RegExp {
  const source = glob
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*/g, "[^]*")
    .replace(/\?/g, "[^]");
  return new RegExp(`^${source}$`);
}
