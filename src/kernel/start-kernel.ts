import { readFileSync, writeSync } from "node:fs";
import { MessageChannel, Worker } from "node:worker_threads";
import { CamlabError, messageOf } from "../kernel-helpers/support/errors.js";
import { packageVersion } from "../kernel-helpers/support/package-root.js";
import { CellInput, installCellInput } from "./cells/cell-input.js";
import { CellRunner } from "./cells/cell-runner.js";
import { CommRegistry } from "./comms/comm-registry.js";
import { typescriptVersion } from "./compiler/typescript.js";
import { installKernelHook } from "./display/kernel-hook.js";
import { beforeEachChild, endChildProcesses } from "./process/child-processes.js";
import { Parent, PARENT_VARIABLE } from "./process/parent.js";
import { redirectStdio } from "./process/redirect-stdio.js";
import { removeConnection } from "./process/remove-connection.js";
import { Slot } from "./protocol/thread-messages.js";
import type { FromMain, ProtocolThreadData, ToMain } from "./protocol/thread-messages.js";
import { hideAsyncNotes } from "./display/plain-inspection.js";
import { described } from "./display/described.js";
import { plainBundle } from "./display/mime-bundle.js";
import type { ConnectionInfo, Content } from "./protocol/wire.js";

/**
 * Runs the camlab kernel in this process until its front end shuts it down. Jupyter starts it through
 * `bin/camlab-kernel.js`; the notebook's folder is the process's working directory.
 *
 * @param connectionFile the path that Jupyter puts in place of `{connection_file}`
 * @throws CamlabError when the connection file cannot be used
 * @example
 * startKernel(process.argv[2]);
 */
export function startKernel(connectionFile: string): void {
  const connection = readConnection(connectionFile);
  if (new Parent().isGone) {
    removeConnection(connectionFile);
    return;
  }
  const stdio = redirectStdio();
  const shared = new Int32Array(new SharedArrayBuffer(Object.keys(Slot).length * Int32Array.BYTES_PER_ELEMENT));
  const { port1: answers, port2: input } = new MessageChannel();
  const workerData: ProtocolThreadData = {
    connection,
    connectionFile,
    shared,
    kernelVersion: packageVersion(),
    languageVersion: typescriptVersion(),
    stdio,
    input,
  };
  const protocol = new Worker(new URL("./protocol/protocol-thread.js", import.meta.url), {
    workerData,
    transferList: [input],
  });
  // Of no concern to what cells start.
  Reflect.deleteProperty(process.env, PARENT_VARIABLE);
  // Errors here are the protocol's own: without it nobody can talk to the kernel.
  protocol.on("error", (error) => {
    writeSync(stdio?.log ?? 2, `camlab kernel: ${error.stack}\n`);
    process.exit(1);
  });
  const send = (message: FromMain) => protocol.postMessage(message);
  const runner = new CellRunner(shared, send);
  const comms = new CommRegistry(send, () => {
    const cell = runner.cell;
    return { id: cell.id, inCell: (task) => runner.runAfter(cell, task) };
  });
  listen(protocol, runner, comms, send);
  capture(runner, comms);
  hideAsyncNotes();
  installCellInput(new CellInput(shared, answers, send), () => runner.cell);
  // What was printed before a child starts is shown before what the child prints.
  if (stdio) beforeEachChild(() => sync(shared, send));
  // A cell may call process.exit(): zeromq's sockets must be closed before their thread ends.
  process.on("exit", (code) => {
    if (Atomics.load(shared, Slot.closed)) return;
    if (runner.cell.running) runner.print("stderr", `the cell ended the kernel: process.exit(${code})\n`);
    endChildProcesses();
    send({ type: "leaving" });
    Atomics.wait(shared, Slot.closed, 0, 2000);
  });
  hushOwnWarnings();
  runner.compiler.warmUp();
}

/** Waits until the protocol thread has dealt with all that was sent to it. */
function sync(shared: Int32Array, send: (message: FromMain) => void): void {
  const before = Atomics.load(shared, Slot.synced);
  send({ type: "sync", id: (before + 1) | 0 });
  Atomics.wait(shared, Slot.synced, before, 200);
}

function listen(protocol: Worker, runner: CellRunner, comms: CommRegistry, send: (message: FromMain) => void): void {
  const { compiler } = runner;
  protocol.on("message", (message: ToMain) => {
    if (message.type === "exit") process.exit(0);
    if (message.type === "interrupt") {
      runner.interrupt();
      send({ type: "interrupted", id: message.id });
    } else if (message.type === "comm") {
      try {
        comms.receive(message);
      } finally {
        send({ type: "received", id: message.id });
      }
    } else if (message.type === "execute") {
      void runner.run(message).then((reply) => send({ type: "done", cell: message.cell, reply }));
    } else {
      const { id, question, code, cursor } = message;
      send({ type: "answer", id, content: answered(() => compilerAnswer(question, code, cursor)) });
    }
  });

  function compilerAnswer(question: "complete" | "inspect" | "is_complete", code: string, cursor: number): Content {
    if (question === "is_complete") return compiler.isComplete(code);
    return question === "complete" ? compiler.complete(code, cursor) : compiler.inspect(code, cursor);
  }

  function answered(answer: () => Content): Content {
    try {
      return answer();
    } catch (error) {
      const nothing = { matches: [], cursor_start: 0, cursor_end: 0, found: false, data: {}, metadata: {} };
      return { status: "error", ename: "CompilerError", evalue: messageOf(error), traceback: [], ...nothing };
    }
  }
}

/** From here on everything that code prints, shows or fails to catch belongs to a cell. */
function capture(runner: CellRunner, comms: CommRegistry): void {
  for (const name of ["stdout", "stderr"] as const) {
    process[name].write = (chunk: string | Uint8Array, encoding?: unknown, done?: unknown) => {
      const text = typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("utf8");
      runner.print(name, text);
      const callback = typeof encoding === "function" ? encoding : done;
      if (typeof callback === "function") queueMicrotask(callback as () => void);
      return true;
    };
  }
  process.on("uncaughtException", (error) => runner.uncaught(error));
  process.on("unhandledRejection", (reason) => runner.uncaught(reason));
  process.on("SIGINT", () => runner.interrupt());
  installKernelHook({
    display(bundle, { id, update = false } = {}) {
      const transient = id === undefined ? {} : { display_id: id };
      const data = plainBundle(bundle);
      const content = { data, metadata: described(data), transient };
      runner.publish(runner.cell, update ? "update_display_data" : "display_data", content);
    },
    comms,
    clearOutput: (wait) => runner.publish(runner.cell, "clear_output", { wait }),
    get signal() {
      return runner.cell.signal;
    },
  });
}

/** Node's warnings about how this kernel loads modules are not about the author's code. */
function hushOwnWarnings(): void {
  const emit = process.emitWarning.bind(process) as (...values: unknown[]) => void;
  const own = /USE_MAIN_CONTEXT_DEFAULT_LOADER|is loading ES Module .* using require/;
  process.emitWarning = (warning: string | Error, ...rest: unknown[]) => {
    if (!own.test(typeof warning === "string" ? warning : warning.message)) emit(warning, ...rest);
  };
}

function readConnection(file: string): ConnectionInfo {
  let connection: ConnectionInfo;
  try {
    connection = JSON.parse(readFileSync(file, "utf8")) as ConnectionInfo;
  } catch (error) {
    throw new CamlabError(`cannot read the connection file ${JSON.stringify(file)}: ${messageOf(error)}`);
  }
  const scheme = connection.signature_scheme;
  if (connection.key && scheme && scheme !== "hmac-sha256") {
    throw new CamlabError(`the connection file asks for signatures by ${scheme}; this kernel knows hmac-sha256`);
  }
  return connection;
}
