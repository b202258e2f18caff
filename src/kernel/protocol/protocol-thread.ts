// The protocol thread: started by start-kernel.ts as a worker. It owns the sockets and the order of requests, so that
// heartbeats, interrupts and the output of a busy cell are served while the main thread runs that cell.
import { randomUUID } from "node:crypto";
import { writeSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { endChildProcesses } from "../process/child-processes.js";
import { Parent } from "../process/parent.js";
import { removeConnection } from "../process/remove-connection.js";
import { StrayOutput } from "../process/stray-output.js";
import { toCodePoints, toUtf16 } from "./code-points.js";
import { History } from "./history.js";
import { Phase, Slot } from "./thread-messages.js";
import type { CommKind, FromMain, InputAnswer, ProtocolThreadData, ToMain } from "./thread-messages.js";
import { openSockets } from "./sockets.js";
import type { RequestChannel, Sockets } from "./sockets.js";
import { StreamBatcher } from "./stream-batcher.js";
import { PROTOCOL_VERSION } from "./wire.js";
import type { Content, Message } from "./wire.js";

/** How long the main thread may take to hear of an interrupt before SIGINT is tried, and before giving up. */
const HEARS_WITHIN = 300;
const GIVE_UP_AFTER = 2500;
const NO_INPUT =
  "this front end takes no input while a cell runs (nbconvert and `camlab run` never do): " +
  "put the value into a variable instead";

const data = workerData as ProtocolThreadData;
const { connection, shared, kernelVersion, languageVersion } = data;
const main = parentPort;
const session = randomUUID();
const history = new History();
const queue: Message[] = [];
const aborted = new WeakSet<Message>();
const requests = new Map<string, Message>();
/** The targets of the comms that are open, by id. */
const comms = new Map<string, string>();
const waitingFor = new Map<string, (content: Content) => void>();
const batcher = new StreamBatcher((cell, name, text) => publish("stream", { name, text }, requests.get(cell)));
const parent = new Parent();
let stray: StrayOutput | undefined;
let sockets: Sockets | undefined;
let count = 0;
let questions = 0;
let pumping = false;
let running: Message | undefined;
/** The id of the latest cell: what is written outside of all of them is shown under it. */
let latest = "";
/** The request for input that is waiting for its answer. */
let asking: number | undefined;

void open();

async function open(): Promise<void> {
  main?.on("message", fromMain);
  sockets = await openSockets(connection, session, onRequest, (count) => {
    if (count === 1)
      log("a message was dropped: it is malformed, was not signed with this kernel's key, or is a repetition");
  });
  if (data.stdio)
    stray = new StrayOutput(
      data.stdio,
      () => latest,
      (cell, name, text) => batcher.write(cell, name, text),
    );
  publish("status", { execution_state: "starting" }, undefined);
  parent.watch(() => void exit(() => removeConnection(data.connectionFile)));
}

function onRequest(channel: RequestChannel, request: Message): void {
  parent.hasSpoken();
  if (channel === "stdin") return onInput(request);
  if (channel === "control") return void serve("control", request);
  if (isForOpenComm(request)) return void serveBetween(request);
  queue.push(request);
  void pump();
}

/** Shell requests are served one after the other, in the order they came. */
async function pump(): Promise<void> {
  if (pumping) return;
  pumping = true;
  for (let request = queue.shift(); request; request = queue.shift()) await serve("shell", request);
  pumping = false;
}

async function serve(channel: "shell" | "control", request: Message): Promise<void> {
  batcher.flush();
  publish("status", { execution_state: "busy" }, request);
  try {
    await answer(channel, request);
  } catch (error) {
    const evalue = error instanceof Error ? error.message : String(error);
    const type = request.header.msg_type.replace(/_request$/, "_reply");
    sockets?.reply(channel, request, type, { status: "error", ename: "KernelError", evalue, traceback: [] });
  }
  batcher.flush();
  publish("status", { execution_state: "idle" }, request);
}

/** What comes over an open comm need not wait for the cell that runs: it may be what that cell waits for. */
function isForOpenComm({ header, content }: Message): boolean {
  return (header.msg_type === "comm_msg" || header.msg_type === "comm_close") && comms.has(String(content.comm_id));
}

async function serveBetween(request: Message): Promise<void> {
  await serve("shell", request);
  // Front ends believe the last word: the cell goes on.
  if (running) publish("status", { execution_state: "busy" }, running);
}

function openComms(target: unknown): Content {
  const wanted = [...comms].filter(([, name]) => target === undefined || target === null || target === name);
  return Object.fromEntries(wanted.map(([id, name]) => [id, { target_name: name }]));
}

async function receiveComm(request: Message): Promise<void> {
  const { header, content, metadata, buffers = [] } = request;
  const kind = header.msg_type as CommKind;
  const id = String(content.comm_id);
  if (kind === "comm_open") comms.set(id, String(content.target_name));
  if (kind === "comm_close") comms.delete(id);
  requests.set(header.msg_id, request);
  await post(`comm ${header.msg_id}`, { type: "comm", id: header.msg_id, kind, content, metadata, buffers });
  requests.delete(header.msg_id);
}

/** A comm message of the main thread's. */
function sendComm({ kind, cell, content, metadata, buffers }: Extract<FromMain, { type: "comm" }>): void {
  const id = String(content.comm_id);
  if (kind === "comm_open") comms.set(id, String(content.target_name));
  if (kind === "comm_close") comms.delete(id);
  sockets?.publish(kind, content, requests.get(cell), { metadata, buffers });
}

async function answer(channel: "shell" | "control", request: Message): Promise<void> {
  const { content } = request;
  const reply = (type: string, answered: Content) => sockets?.reply(channel, request, type, answered);
  switch (request.header.msg_type) {
    case "kernel_info_request":
      return reply("kernel_info_reply", kernelInfo());
    case "execute_request":
      return execute(channel, request);
    case "complete_request":
      return reply("complete_reply", await complete(content));
    case "inspect_request":
      return reply("inspect_reply", await ask("inspect", content));
    case "is_complete_request":
      return reply("is_complete_reply", await ask("is_complete", content));
    case "history_request":
      return reply("history_reply", { status: "ok", history: history.answer(content) });
    case "comm_info_request":
      return reply("comm_info_reply", { status: "ok", comms: openComms(content.target_name) });
    case "comm_open":
    case "comm_msg":
    case "comm_close":
      return receiveComm(request);
    case "interrupt_request":
      return reply("interrupt_reply", await interrupt());
    case "shutdown_request":
      return shutdown(channel, request);
    default:
      if (request.header.msg_type.endsWith("_request")) {
        const evalue = `this kernel does not answer ${request.header.msg_type}`;
        const type = request.header.msg_type.replace(/_request$/, "_reply");
        reply(type, { status: "error", ename: "NotSupported", evalue, traceback: [] });
      }
  }
}

async function execute(channel: "shell" | "control", request: Message): Promise<void> {
  if (aborted.has(request)) {
    sockets?.reply(channel, request, "execute_reply", { status: "aborted", execution_count: count });
    return;
  }
  const { content } = request;
  const code = codeOf(content);
  const silent = content.silent === true;
  const remembered = !silent && content.store_history !== false;
  const cell = request.header.msg_id;
  if (remembered) history.add(++count, code);
  requests.set(cell, request);
  forgetOldRequests();
  if (!silent) publish("execute_input", { code, execution_count: count }, request);

  const expressions = (content.user_expressions ?? {}) as Record<string, string>;
  running = request;
  latest = cell;
  const outcome = await post(cell, { type: "execute", cell, count, code, silent, expressions });
  running = undefined;
  asking = undefined;
  Atomics.store(shared, Slot.interrupt, 0);
  stray?.endOf(cell);
  batcher.flush();

  const failed = outcome.status === "error";
  if (failed && content.stop_on_error !== false) {
    // What the front end sent before it could know of the failure must not run: let it arrive, then mark it.
    await new Promise((resolve) => setTimeout(resolve, 5));
    for (const later of queue) if (later.header.msg_type === "execute_request") aborted.add(later);
  }
  sockets?.reply(channel, request, "execute_reply", { ...outcome, execution_count: count });
}

async function complete(content: Content): Promise<Content> {
  const code = codeOf(content);
  const answered = await ask("complete", content);
  const { cursor_start: start, cursor_end: end } = answered as { cursor_start: number; cursor_end: number };
  return { ...answered, cursor_start: toCodePoints(code, start), cursor_end: toCodePoints(code, end) };
}

function ask(question: "complete" | "inspect" | "is_complete", content: Content): Promise<Content> {
  const id = ++questions;
  const code = codeOf(content);
  const cursor = typeof content.cursor_pos === "number" ? toUtf16(code, content.cursor_pos) : code.length;
  return post(`answer ${id}`, { type: "ask", id, question, code, cursor });
}

function post(key: string, message: ToMain): Promise<Content> {
  return new Promise((resolve) => {
    waitingFor.set(key, resolve);
    main?.postMessage(message);
  });
}

function fromMain(message: FromMain): void {
  stray?.catchUp(message.type !== "stream");
  if (message.type === "stream") return batcher.write(message.cell, message.name, message.text);
  if (message.type === "sync") {
    Atomics.store(shared, Slot.synced, message.id);
    Atomics.notify(shared, Slot.synced);
    return;
  }
  batcher.flush();
  if (message.type === "comm") return sendComm(message);
  if (message.type === "received") return settle(`comm ${message.id}`, {});
  if (message.type === "publish") return publish(message.kind, message.content, requests.get(message.cell));
  if (message.type === "done") return settle(message.cell, message.reply);
  if (message.type === "leaving") return void closeSockets();
  if (message.type === "input") return void askForInput(message);
  if (message.type === "answer") return settle(`answer ${message.id}`, message.content);
  settle(`interrupt ${message.id}`, {});
}

function settle(key: string, content: Content): void {
  waitingFor.get(key)?.(content);
  waitingFor.delete(key);
}

/** Asks the front end of the running cell for a line, or says at once why it cannot be asked. */
async function askForInput({ id, cell, prompt, password }: Extract<FromMain, { type: "input" }>): Promise<void> {
  if (running?.header.msg_id !== cell)
    return giveInput({ id, refused: "only a cell that is still running can ask for input" });
  if (running.content.allow_stdin !== true) return giveInput({ id, refused: NO_INPUT });
  batcher.flush();
  asking = id;
  try {
    await sockets?.askForInput(running, { prompt, password });
  } catch {
    giveInput({ id, refused: NO_INPUT });
  }
}

function onInput({ header, content }: Message): void {
  if (header.msg_type !== "input_reply" || asking === undefined) return;
  const id = asking;
  asking = undefined;
  giveInput({ id, value: typeof content.value === "string" ? content.value : "" });
}

function giveInput(answer: InputAnswer): void {
  data.input.postMessage(answer);
  Atomics.store(shared, Slot.input, 1);
  Atomics.notify(shared, Slot.input);
}

/** Asks the running cell to stop: between its awaits and loops, else by SIGINT in its first stretch, else says so. */
async function interrupt(): Promise<Content> {
  const stopping = running;
  if (!stopping) return { status: "ok" };
  Atomics.store(shared, Slot.interrupt, 1);
  const id = ++questions;
  let heard = false;
  void post(`interrupt ${id}`, { type: "interrupt", id }).then(() => (heard = true));
  const hears = async (within: number) => {
    for (let waited = 0; waited < within && !heard && running === stopping;) {
      // Compiling ends by itself.
      if (Atomics.load(shared, Slot.phase) !== Phase.compiling) waited += 20;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return heard || running !== stopping;
  };
  if (await hears(HEARS_WITHIN)) return { status: "ok" };
  if (process.platform !== "win32" && Atomics.load(shared, Slot.phase) === Phase.firstStretch) {
    process.kill(process.pid, "SIGINT");
  }
  if (await hears(GIVE_UP_AFTER)) return { status: "ok" };
  const evalue =
    "this cell is inside code that never pauses, so it cannot be stopped yet; it stops at its next await or loop step. " +
    "To stop it now, restart the kernel (its variables are lost).";
  publish("stream", { name: "stderr", text: `Interrupt: ${evalue}\n` }, stopping);
  return { status: "error", ename: "CannotInterrupt", evalue, traceback: [] };
}

async function shutdown(channel: "shell" | "control", request: Message): Promise<void> {
  const content = { status: "ok", restart: request.content.restart === true };
  sockets?.reply(channel, request, "shutdown_reply", content);
  publish("shutdown_reply", content, request);
  publish("status", { execution_state: "idle" }, request);
  await exit();
}

async function exit(cleanUp: () => void = () => undefined): Promise<void> {
  endChildProcesses();
  await closeSockets();
  cleanUp();
  main?.postMessage({ type: "exit" } satisfies ToMain);
  // A cell that never pauses keeps the main thread from hearing this.
  setTimeout(() => process.kill(process.pid, "SIGKILL"), 1000);
}

async function closeSockets(): Promise<void> {
  batcher.flush();
  const open = sockets;
  sockets = undefined;
  await open?.close();
  Atomics.store(shared, Slot.closed, 1);
  Atomics.notify(shared, Slot.closed);
}

/** What the kernel has to say of itself, to whoever started it. */
function log(text: string): void {
  writeSync(data.stdio?.log ?? 2, `camlab kernel: ${text}\n`);
}

function publish(type: string, content: Content, parent: Message | undefined): void {
  sockets?.publish(type, content, parent);
}

function codeOf(content: Content): string {
  return typeof content.code === "string" ? content.code : "";
}

/** Late output finds its cell among the last ones. */
function forgetOldRequests(): void {
  for (const cell of requests.keys()) {
    if (requests.size <= 200) return;
    requests.delete(cell);
  }
}

function kernelInfo(): Content {
  return {
    status: "ok",
    protocol_version: PROTOCOL_VERSION,
    implementation: "camlab",
    implementation_version: kernelVersion,
    banner: `camlab ${kernelVersion}: TypeScript ${languageVersion} on Node ${process.version}`,
    language_info: {
      name: "typescript",
      version: languageVersion,
      mimetype: "text/typescript",
      file_extension: ".ts",
      codemirror_mode: { name: "javascript", typescript: true },
      pygments_lexer: "typescript",
      nbconvert_exporter: "script",
    },
    supported_features: [],
    debugger: false,
    help_links: [{ text: "TypeScript", url: "https://www.typescriptlang.org/docs/" }],
  };
}
