// A process that ends in the middle of ONNX Runtime's work in a thread is aborted with a message about `Napi::Error`. So
// whoever ends it first waits until no thread works, and forbids them to begin again: a word of shared memory each.

const IDLE = 0;
const WORKING = 1;
const FORBIDDEN = 2;

/** How long the end of the process waits for a thread, in milliseconds. */
const PATIENCE = 10_000;

/** Of a thread that is being started, which is work, too. */
export function startingState(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(4)).fill(WORKING);
}

/** In the thread, before it works. Never comes back once that is forbidden: the process ends. */
export async function beginWork(state: Int32Array): Promise<void> {
  if (Atomics.compareExchange(state, 0, IDLE, WORKING) === FORBIDDEN) await new Promise(() => {});
}

/** In the thread, when it has worked. */
export function endWork(state: Int32Array): void {
  Atomics.store(state, 0, IDLE);
  Atomics.notify(state, 0);
}

/** Returns when the thread does not work; it will not again. */
export function forbidWork(state: Int32Array): void {
  while (Atomics.compareExchange(state, 0, IDLE, FORBIDDEN) === WORKING) {
    if (Atomics.wait(state, 0, WORKING, PATIENCE) === "timed-out") return;
  }
}
