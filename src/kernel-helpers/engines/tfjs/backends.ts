// Which backends of TF.js can be used here: the native ones where the user installed them, else what npm alone brings.
import { cpus } from "node:os";
import util from "node:util";
import { CamlabError, invalid, messageOf } from "../../support/errors.js";
import type { TfjsDevice } from "../engine.js";
import { importTfjs } from "./import-tfjs.js";
import type { Tf } from "./value.js";

/** The backends of TF.js, best first. */
export const TFJS_DEVICES: readonly TfjsDevice[] = ["tfjs-node-gpu", "tfjs-node", "wasm", "cpu"];

/** A backend that is loaded. */
export interface LoadedBackend {
  readonly tf: Tf;
  readonly backend: TfjsDevice;
  /** TF.js's own name of it: "tensorflow", "wasm" or "cpu". */
  readonly registered: string;
  /** What it runs on, and why no better one is used. */
  readonly reason: string;
}

/**
 * Loads TF.js with a backend.
 *
 * @param backend one by name, or `auto` for the first of `TFJS_DEVICES` that works here
 * @throws CamlabError when it cannot be used, with what to do
 */
export async function loadBackend(backend: TfjsDevice | "auto"): Promise<LoadedBackend> {
  if (backend !== "auto" && !TFJS_DEVICES.includes(backend)) {
    throw invalid(
      "device",
      backend,
      `"auto" or, for the engine "tfjs", ${TFJS_DEVICES.map((name) => `"${name}"`).join(", ")}`,
    );
  }
  const tf = await importTfjs("core");
  if (backend !== "auto") return { tf, backend, ...(await start(tf, backend)) };
  const better: string[] = [];
  for (const candidate of TFJS_DEVICES) {
    try {
      const { registered, reason } = await start(tf, candidate);
      return {
        tf,
        backend: candidate,
        registered,
        reason: better.length ? `${reason} (${better.join("; ")})` : reason,
      };
    } catch (error) {
      better.push(isMissing(error) ? `${candidate}: not installed` : `${candidate}: ${messageOf(error)}`);
    }
  }
  throw new CamlabError(`no backend of TF.js works here: ${better.join("; ")}`);
}

/**
 * Makes a loaded backend the one that TF.js computes on. There is one such choice a process, so whoever computes
 * makes it anew after each pause.
 */
export function activate({ tf, registered }: Pick<LoadedBackend, "tf" | "registered">): void {
  if (tf.getBackend() !== registered) void tf.setBackend(registered);
}

/** How to get a backend that is not installed. */
function howToInstall(backend: TfjsDevice): string {
  if (backend === "tfjs-node-gpu") {
    return 'not installed: "npm install @tensorflow/tfjs-node-gpu@4.22.0 --ignore-scripts=false" (CUDA 11 and cuDNN 8; downloads libtensorflow)';
  }
  return 'not installed: "npm install @tensorflow/tfjs-node@4.22.0 --ignore-scripts=false" (downloads libtensorflow)';
}

/** The error of a native package that is not there. */
export class NotInstalled extends CamlabError {}

function isMissing(error: unknown): boolean {
  return error instanceof NotInstalled;
}

async function start(tf: Tf, backend: TfjsDevice): Promise<{ registered: string; reason: string }> {
  const before = tf.getBackend();
  try {
    return await STARTERS[backend](tf);
  } finally {
    // Loading a package makes its backend the current one: whoever uses TF.js besides camlab keeps theirs.
    if (before && tf.getBackend() !== before) await tf.setBackend(before);
  }
}

const STARTERS: Readonly<Record<TfjsDevice, (tf: Tf) => Promise<{ registered: string; reason: string }>>> = {
  "tfjs-node-gpu": (tf) => startNative(tf, "tfjs-node-gpu"),
  "tfjs-node": (tf) => startNative(tf, "tfjs-node"),
  wasm: startWasm,
  cpu: startCpu,
};

/** What the native backend says of itself. */
interface NativeBackend {
  readonly isGPUPackage?: boolean;
  readonly isUsingGpuDevice?: boolean;
}

async function startNative(tf: Tf, backend: "tfjs-node-gpu" | "tfjs-node") {
  const name = `@tensorflow/${backend}`;
  restoreRemoved();
  try {
    await import(name);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const absent = /MODULE_NOT_FOUND/.test(code ?? "") && messageOf(error).includes(name);
    if (absent) throw new NotInstalled(`${name} is ${howToInstall(backend)}`);
    throw new CamlabError(`${name} is installed but does not load: ${firstLine(messageOf(error))}`);
  }
  if (!(await tf.setBackend("tensorflow")))
    throw new CamlabError(`${name} is installed but its backend does not start`);
  const { isGPUPackage = false, isUsingGpuDevice = false } = tf.backend() as NativeBackend;
  if (isGPUPackage !== (backend === "tfjs-node-gpu")) {
    throw new CamlabError(`the other native package of TF.js is loaded already: one a process`);
  }
  if (isGPUPackage && !isUsingGpuDevice) throw new CamlabError(`${name} is installed but finds no GPU that it can use`);
  return {
    registered: "tensorflow",
    reason: isUsingGpuDevice ? "TensorFlow on the GPU" : `TensorFlow on ${processor()}`,
  };
}

/** Version 4.22 of the native packages calls a function of Node that Node 23 took away. */
function restoreRemoved(): void {
  if ("isNullOrUndefined" in util) return;
  Object.defineProperty(util, "isNullOrUndefined", {
    value: (value: unknown) => value === null || value === undefined,
    configurable: true,
  });
}

async function startWasm(tf: Tf) {
  await startCpu(tf);
  const listeners = (["uncaughtException", "unhandledRejection"] as const).map((event) => {
    return { event, before: process.listeners(event as "uncaughtException") };
  });
  await importTfjs("backend-wasm");
  if (!(await tf.setBackend("wasm"))) throw new CamlabError("WebAssembly does not start");
  // Its loader makes every rejected promise of the process fatal; that is for the program to decide.
  for (const { event, before } of listeners) {
    for (const listener of process.listeners(event as "uncaughtException")) {
      if (!before.includes(listener)) process.removeListener(event, listener);
    }
  }
  const simd = await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT");
  return { registered: "wasm", reason: `WebAssembly${simd ? " with SIMD" : ""}, one thread of ${processor()}` };
}

async function startCpu(tf: Tf) {
  await importTfjs("backend-cpu");
  if (!(await tf.setBackend("cpu"))) throw new CamlabError("TF.js's plain JavaScript does not start");
  // It would print an advertisement for tfjs-node when first used; camlab's doctor explains what there is.
  (tf.backend() as { firstUse?: boolean }).firstUse = false;
  return { registered: "cpu", reason: "plain JavaScript, slow" };
}

function processor(): string {
  return `${cpus().length} × ${cpus()[0]?.model.trim() || "processor"}`;
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0];
}
