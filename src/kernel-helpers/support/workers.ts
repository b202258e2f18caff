import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { Worker, parentPort, workerData } from "node:worker_threads";
import { CamlabError } from "./errors.js";

/** Threads that do tasks of one kind. */
export interface WorkerPool<Task, Result> {
  /**
   * Does all tasks and gives their results in the order of the tasks, whichever thread did which.
   *
   * @param onResult called as each result arrives
   */
  run(tasks: readonly Task[], options?: RunOptions<Result>): Promise<Result[]>;
  /** Ends the threads. */
  close(): Promise<void>;
}

/** How tasks are run. */
export interface RunOptions<Result> {
  readonly signal?: AbortSignal;
  readonly onResult?: (result: Result, index: number) => void;
}

/**
 * As many threads as are useful for `tasks` tasks: one a core, at most one a task.
 *
 * @example
 * usefulThreads(16);
 */
export function usefulThreads(tasks: number): number {
  return Math.max(1, Math.min(availableParallelism(), tasks));
}

/**
 * Starts threads on a module that calls `serveTasks`.
 *
 * @param module the module's URL without an ending, such as `new URL("./solve-worker", import.meta.url)`: the ending
 *   is the caller's own (`.js` when built, `.ts` in tests)
 * @param shared given to every thread once; only SharedArrayBuffers in it are shared, the rest is copied
 * @example
 * const pool = openWorkers<Block, BlockSolution>(new URL("./solve-worker", import.meta.url), rows, 2);
 */
export function openWorkers<Task, Result>(module: URL, shared: unknown, threads: number): WorkerPool<Task, Result> {
  const workers = Array.from({ length: threads }, (_, thread) => {
    const worker = startWorker(module, { shared, thread });
    worker.unref();
    // Without a listener an error between two runs would end the process; during a run `doTask` listens too.
    worker.on("error", () => {});
    return worker;
  });
  return {
    async run(tasks, { signal, onResult } = {}) {
      const results: Result[] = [];
      let next = 0;
      await Promise.all(
        workers.map(async (worker) => {
          while (next < tasks.length) {
            signal?.throwIfAborted();
            const index = next++;
            results[index] = await doTask<Result>(worker, tasks[index]);
            onResult?.(results[index], index);
          }
        }),
      );
      return results;
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

/**
 * In a worker's module: does each task that arrives.
 *
 * @param open called once with what was shared and this thread's number; gives the function that does a task
 * @example
 * serveTasks((rows: SharedRows, thread) => openSolver(rows, thread));
 */
export function serveTasks<Shared, Task, Result>(open: (shared: Shared, thread: number) => (task: Task) => Result) {
  if (!parentPort) throw new CamlabError("serveTasks runs only in a worker thread");
  const port = parentPort;
  const { shared, thread } = workerData as { shared: Shared; thread: number };
  const work = open(shared, thread);
  port.on("message", (task: Task) => port.postMessage(work(task)));
}

/**
 * Starts one thread. When camlab runs from its TypeScript source, as in its tests, the thread first learns to read that.
 *
 * @param module as for `openWorkers`
 * @param workerData what the thread finds as `workerData`
 * @example
 * const worker = startWorker(new URL("./decode-worker", import.meta.url), setting);
 */
export function startWorker(module: URL, workerData: unknown): Worker {
  // What the process was told to load first (`--import tsx`, say) would only make the thread slower to start.
  if (!import.meta.url.endsWith(".ts")) return new Worker(new URL(`${module.href}.js`), { workerData, execArgv: [] });
  const tsx = createRequire(import.meta.url).resolve("tsx/cjs/api");
  const file = fileURLToPath(`${module.href}.ts`);
  const script = `require(${JSON.stringify(tsx)}).require(${JSON.stringify(file)}, ${JSON.stringify(file)})`;
  return new Worker(script, { eval: true, workerData });
}

function doTask<Result>(worker: Worker, task: unknown): Promise<Result> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      worker.off("message", onMessage).off("error", onError).off("exit", onExit);
      worker.unref();
      finish();
    };
    const onMessage = (result: Result) => settle(() => resolve(result));
    const onError = (error: Error) => settle(() => reject(error));
    const onExit = (code: number) => settle(() => reject(new CamlabError(`a worker thread ended with code ${code}`)));
    worker.on("message", onMessage).on("error", onError).on("exit", onExit);
    worker.ref();
    worker.postMessage(task);
  });
}
