// A kernel whose front end died must not stay behind.
import { readFileSync } from "node:fs";

/** The environment variable in which camlab's own front end names itself: the parent of the kernel, without doubt. */
export const PARENT_VARIABLE = "CAMLAB_KERNEL_PARENT";

/** Milliseconds between two looks, and those in which a front end that cannot be seen may still speak. */
const PAUSE = 1000;
const GRACE = 10_000;

/** The processes that a kernel lives for. */
export class Parent {
  readonly #first: number;
  readonly #own: number | undefined;
  readonly #jupyter: number | undefined;
  readonly #began = Date.now();
  #spokenTo = false;
  #seenJupyter = false;

  /**
   * @param environment its `CAMLAB_KERNEL_PARENT` is the parent; its `JPY_PARENT_PID` is the Jupyter that started the
   *   kernel, perhaps through another program
   */
  constructor(environment: Readonly<Record<string, string | undefined>> = process.env) {
    this.#first = process.ppid;
    this.#own = processId(environment[PARENT_VARIABLE]);
    // On Windows the variable holds a handle.
    this.#jupyter = process.platform === "win32" ? undefined : processId(environment.JPY_PARENT_PID);
  }

  /** To be called when a front end has said something: then there is one, wherever it may be. */
  hasSpoken(): void {
    this.#spokenTo = true;
  }

  /** Whether nobody is left who could want this kernel. */
  get isGone(): boolean {
    const now = process.ppid;
    if (now !== (this.#own ?? this.#first)) return true;
    // There a process keeps its parent's number for ever.
    if (process.platform === "win32") return !exists(now);
    if (this.#own !== undefined || this.#jupyter === undefined || this.#jupyter === now) return false;
    if (exists(this.#jupyter)) {
      this.#seenJupyter = true;
      return false;
    }
    if (this.#seenJupyter) return true;
    // It died before this process could look, or it lies in another container and cannot be seen from here.
    return !this.#spokenTo && Date.now() - this.#began > GRACE;
  }

  /** Calls back, once, when nobody is left. */
  watch(onGone: () => void): void {
    const timer = setInterval(() => {
      if (!this.isGone) return;
      clearInterval(timer);
      onGone();
    }, PAUSE);
    timer.unref();
  }
}

function processId(text: string | undefined): number | undefined {
  const id = Number(text);
  return Number.isInteger(id) && id > 1 ? id : undefined;
}

function exists(id: number): boolean {
  try {
    process.kill(id, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  return !isZombie(id);
}

/** A process that has ended and whose own parent has not yet asked for its exit code. */
function isZombie(id: number): boolean {
  try {
    const stat = readFileSync(`/proc/${id}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).startsWith("Z");
  } catch {
    return false;
  }
}
