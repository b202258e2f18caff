// How library code in a cell reaches the kernel that runs it: one object under a global symbol, so that every copy of
// camlab (ES module, CommonJS, another version) finds the same one, and finds nothing outside a notebook.
import type { CommAccess } from "../comms/comm.js";
import type { MimeBundle } from "./mime-bundle.js";

/** What a running kernel offers to the code of its cells. */
export interface KernelHook {
  /** Shows a bundle; with the id of one shown before and `update`, replaces that one wherever it stands. */
  display(bundle: MimeBundle, options?: { readonly id?: string; readonly update?: boolean }): void;
  /** Clears the cell's outputs; with `wait`, when the next output comes. */
  clearOutput(wait: boolean): void;
  /** Aborted when the running cell is interrupted. */
  readonly signal: AbortSignal | undefined;
  /** Channels to code in the front end; absent in kernels of before camlab 0.2. */
  readonly comms?: CommAccess;
}

const HOOK = Symbol.for("camlab.kernel");

/** The kernel that this code runs in, or undefined outside a notebook. */
export function kernelHook(): KernelHook | undefined {
  return (globalThis as { [HOOK]?: KernelHook })[HOOK];
}

/** Makes a kernel known to the code of its cells. */
export function installKernelHook(hook: KernelHook): void {
  Object.defineProperty(globalThis, HOOK, { value: hook, configurable: true });
}
