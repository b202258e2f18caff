// The other end of the wire: starts a kernel and talks to it, without Python.
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Dealer, Subscriber } from "zeromq";
import { CamlabError } from "../../kernel-helpers/support/errors.js";
import { printable } from "../../kernel-helpers/support/escape.js";
import { packageRoot } from "../../kernel-helpers/support/package-root.js";
import { PARENT_VARIABLE } from "../process/parent.js";
import { CONNECTION_FOLDER } from "../process/remove-connection.js";
import { addressOf, decodeMessage, encodeMessage, makeHeader } from "./wire.js";
import type { ConnectionInfo, Content, Message } from "./wire.js";

/** How a kernel is started. */
export interface KernelOptions {
  /** Where the kernel runs: relative paths and imports of its cells start there. */
  readonly cwd: string;
  /** The command line, with `{connection_file}` in it; camlab's own kernel when absent. */
  readonly argv?: readonly string[];
  /** Milliseconds that the kernel may take to answer. */
  readonly startTimeout?: number;
  /** `tcp` for a kernel that knows no sockets of the file system. */
  readonly transport?: "tcp";
}

/** A kernel that was started, and the front end that it talks to. */
export class KernelClient {
  readonly #session = randomUUID();
  readonly #replies = new Map<string, (message: Message) => void>();
  readonly #listeners = new Map<string, (message: Message) => void>();
  #anyIopub: (() => void) | undefined;

  private constructor(
    /** The kernel's process. */
    readonly process: ChildProcess,
    private readonly connection: ConnectionInfo,
    private readonly folder: string,
    private readonly sockets: { shell: Dealer; control: Dealer; iopub: Subscriber },
    private readonly log: () => string,
  ) {}

  /**
   * Starts a kernel and waits until it answers.
   *
   * @throws CamlabError when it ends or does not answer in time, with what it printed
   */
  static async start({ cwd, argv, startTimeout = 30_000, transport }: KernelOptions): Promise<KernelClient> {
    const zmq = await import("zeromq");
    const folder = await mkdtemp(join(tmpdir(), CONNECTION_FOLDER));
    const connection = await freeConnection(folder, transport);
    const file = join(folder, "connection.json");
    await writeFile(file, JSON.stringify(connection), { mode: 0o600 });
    const command = (argv ?? ownCommand()).map((part) => part.replace("{connection_file}", file));
    // A file, not a pipe: nobody needs to read it for the kernel to go on, and the kernel can open it anew.
    const log = join(folder, "log");
    const output = openSync(log, "a", 0o600);
    const child = spawn(command[0], command.slice(1), {
      cwd,
      stdio: ["ignore", output, output],
      env: { ...process.env, [PARENT_VARIABLE]: String(process.pid) },
      // A session of its own: so the kernel knows its children, and Ctrl-C in a terminal is this process's to handle.
      detached: process.platform !== "win32",
    });
    closeSync(output);
    child.setMaxListeners(0);
    const options = { linger: 0, sendHighWaterMark: 0, receiveHighWaterMark: 0 };
    const sockets = {
      shell: new zmq.Dealer(options),
      control: new zmq.Dealer(options),
      iopub: new zmq.Subscriber({ linger: 0, receiveHighWaterMark: 0 }),
    };
    const client = new KernelClient(child, connection, folder, sockets, () => endOf(log));
    try {
      await client.#connect(startTimeout);
      return client;
    } catch (error) {
      await client.#cleanUp();
      throw error;
    }
  }

  /**
   * Sends a request and waits for its reply and for the "idle" that ends its outputs.
   *
   * @param onOutput called for every iopub message of this request, in order; also for those that come after its end,
   * from timers and promises that outlive the cell
   */
  async request(
    type: string,
    content: Content,
    options: { channel?: "shell" | "control"; onOutput?: (message: Message) => void } = {},
  ): Promise<Message> {
    const { channel = "shell", onOutput } = options;
    const header = makeHeader(type, this.#session);
    const idle = new Promise<void>((resolve) => {
      this.#listeners.set(header.msg_id, (message) => {
        onOutput?.(message);
        if (message.header.msg_type === "status" && message.content.execution_state === "idle") resolve();
      });
    });
    const reply = new Promise<Message>((resolve) => this.#replies.set(header.msg_id, resolve));
    const message = { identities: [], header, parent: {}, metadata: {}, content };
    await this.sockets[channel].send(encodeMessage(message, this.connection.key));
    const died = this.#died();
    try {
      const [answer] = await Promise.race([Promise.all([reply, idle]), died.promise]);
      return answer;
    } finally {
      died.forget();
      this.#replies.delete(header.msg_id);
      if (!onOutput) this.#listeners.delete(header.msg_id);
    }
  }

  /** Runs code as a cell. */
  execute(code: string, onOutput?: (message: Message) => void, options: Content = {}): Promise<Message> {
    const content = { code, silent: false, store_history: true, user_expressions: {}, allow_stdin: false };
    return this.request("execute_request", { ...content, ...options }, onOutput ? { onOutput } : {});
  }

  /** Asks the kernel to stop the running cell. */
  interrupt(): Promise<Message> {
    return this.request("interrupt_request", {}, { channel: "control" });
  }

  /** Ends the kernel: politely, then not. */
  async shutdown(): Promise<void> {
    const exited = this.#isRunning ? once(this.process, "exit") : Promise.resolve();
    const patience = setTimeout(() => this.kill(), 5000);
    this.request("shutdown_request", { restart: false }, { channel: "control" }).catch(() => undefined);
    await exited;
    clearTimeout(patience);
    await this.#cleanUp();
  }

  /** Ends the kernel and its child processes at once. */
  kill(): void {
    const { pid } = this.process;
    if (pid === undefined || !this.#isRunning) return;
    if (process.platform === "win32") this.process.kill("SIGKILL");
    else process.kill(-pid, "SIGKILL");
  }

  get #isRunning(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null;
  }

  async #connect(timeout: number): Promise<void> {
    const { shell, control, iopub } = this.sockets;
    shell.connect(addressOf(this.connection, "shell"));
    control.connect(addressOf(this.connection, "control"));
    iopub.connect(addressOf(this.connection, "iopub"));
    iopub.subscribe();
    void this.#read(shell, this.#replies);
    void this.#read(control, this.#replies);
    void this.#read(iopub, this.#listeners);
    // A subscriber misses what is published before it is connected: ask until an answer is heard on iopub too.
    const heard = new Promise<void>((resolve) => (this.#anyIopub = resolve));
    const died = this.#died();
    let timer: NodeJS.Timeout | undefined;
    const nudge = setInterval(() => void this.request("kernel_info_request", {}).catch(() => undefined), 250);
    try {
      const late = new Promise<never>((_, reject) => {
        const error = new CamlabError(`the kernel did not answer within ${timeout / 1000} s\n${this.log()}`.trim());
        timer = setTimeout(() => reject(error), timeout);
      });
      const info = this.request("kernel_info_request", {}).catch(() => undefined);
      await Promise.race([Promise.all([heard, Promise.race([info, heard])]), died.promise, late]);
    } finally {
      clearInterval(nudge);
      clearTimeout(timer);
      died.forget();
    }
  }

  async #read(socket: Dealer | Subscriber, listeners: Map<string, (message: Message) => void>): Promise<void> {
    for await (const frames of socket) {
      const message = decodeMessage(frames, this.connection.key);
      if (!message) continue;
      if (listeners === this.#listeners) this.#anyIopub?.();
      const { msg_id } = message.parent as { msg_id?: string };
      listeners.get(msg_id ?? "")?.(message);
    }
  }

  #died(): { promise: Promise<never>; forget: () => void } {
    let onExit: (code: number | null, signal: string | null) => void = () => undefined;
    let onError: (error: Error) => void = () => undefined;
    const promise = new Promise<never>((_, reject) => {
      onExit = (code, signal) =>
        reject(new CamlabError(`the kernel ended (${signal ?? `exit code ${code}`})\n${this.log()}`.trim()));
      onError = (error) => reject(new CamlabError(`the kernel could not be started: ${error.message}`));
      if (!this.#isRunning) onExit(this.process.exitCode, this.process.signalCode);
    });
    promise.catch(() => undefined);
    this.process.on("exit", onExit).on("error", onError);
    return { promise, forget: () => this.process.off("exit", onExit).off("error", onError) };
  }

  async #cleanUp(): Promise<void> {
    this.kill();
    for (const socket of Object.values(this.sockets)) socket.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** The last that a kernel printed of itself. */
function endOf(log: string): string {
  try {
    return readFileSync(log, "utf8").slice(-4000).split("\n").map(printable).join("\n");
  } catch {
    return "";
  }
}

/** The command line of camlab's own kernel. */
function ownCommand(): string[] {
  return [process.execPath, join(packageRoot(), "bin", "camlab-kernel.js"), "{connection_file}"];
}

/** Sockets in a private folder where the system has them; else free TCP ports of the loopback interface. */
async function freeConnection(folder: string, transport?: "tcp"): Promise<ConnectionInfo> {
  const key = randomUUID();
  const common = { key, signature_scheme: "hmac-sha256" };
  if (transport !== "tcp" && process.platform !== "win32" && folder.length < 80) {
    const ports = { shell_port: 1, iopub_port: 2, stdin_port: 3, control_port: 4, hb_port: 5 };
    return { transport: "ipc", ip: join(folder, "socket"), ...ports, ...common };
  }
  const [shell_port, iopub_port, stdin_port, control_port, hb_port] = await freePorts(5);
  return { transport: "tcp", ip: "127.0.0.1", shell_port, iopub_port, stdin_port, control_port, hb_port, ...common };
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
