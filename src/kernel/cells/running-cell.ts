import { AsyncLocalStorage } from "node:async_hooks";

/** What a cell is stopped with when it is interrupted. Named as front ends show it. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
  constructor() {
    super("the cell was stopped; the variables of the cells before it are kept");
  }
}

/** One execution of a cell: what ends it early, and how much it printed. */
export class RunningCell {
  readonly id: string;
  readonly count: number;
  /** Rejects when the cell must end: an interrupt, or an error that nothing in the cell caught. */
  readonly ended: Promise<never>;
  readonly printed = { shown: 0, left: 0, tail: "" };
  readonly #abort = new AbortController();
  readonly #waiting = new Set<(reason: unknown) => void>();
  #reason: { readonly value: unknown } | undefined;
  #end: (reason: unknown) => void = () => undefined;
  /** False once the reply is sent: what comes later is reported on its own. */
  running = true;

  constructor(id: string, count: number) {
    this.id = id;
    this.count = count;
    this.ended = new Promise((_, reject) => (this.#end = reject));
    this.ended.catch(() => undefined);
  }

  /** Aborted when the cell is interrupted. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Why the cell was ended early, if it was. */
  get reason(): { readonly value: unknown } | undefined {
    return this.#reason;
  }

  /** Ends the cell: every await of its code that is pending, or still to come, throws. */
  end(reason: unknown): void {
    if (this.#reason) return;
    this.#reason = { value: reason };
    this.#abort.abort(reason);
    for (const reject of this.#waiting) reject(reason);
    this.#waiting.clear();
    this.#end(reason);
  }

  /** The value or promise, unless the cell is ended before it settles. */
  wait(value: unknown): unknown {
    if (this.#reason) throw this.#reason.value;
    if (!isThenable(value)) return value;
    return new Promise((resolve, reject) => {
      this.#waiting.add(reject);
      const settled = () => this.#waiting.delete(reject);
      value.then(
        (result) => (settled(), resolve(result)),
        (error: unknown) => (settled(), reject(error as Error)),
      );
    });
  }
}

/** The cell whose code is running, also in what it started: timers, promises, callbacks. */
export const currentCell = new AsyncLocalStorage<RunningCell>();

function isThenable(value: unknown): value is PromiseLike<unknown> {
  if (value === null || (typeof value !== "object" && typeof value !== "function")) return false;
  return typeof (value as { then?: unknown }).then === "function";
}
