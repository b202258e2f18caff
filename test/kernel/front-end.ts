// A front end of a few lines, over raw sockets: for tests of what travels. Needs a built dist/.
import { spawn, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Dealer, Subscriber } from "zeromq";
import { addressOf, decodeMessage, encodeMessage, makeHeader } from "../../src/kernel/protocol/wire.js";
import type { ConnectionInfo, Content, Message } from "../../src/kernel/protocol/wire.js";
import { packageRoot } from "../../src/kernel-helpers/support/package-root.js";

type RequestChannel = "shell" | "control" | "stdin";

/** A message that was heard, and where. */
export type Heard = Message & { readonly channel: string };

/** It sends, and it remembers all that it hears, in order. */
export class FrontEnd {
  readonly heard: Heard[] = [];
  readonly shell: Dealer;
  readonly control: Dealer;
  readonly stdin: Dealer;
  readonly iopub = new Subscriber({ linger: 0, receiveHighWaterMark: 0 });
  readonly #sent = { shell: Promise.resolve(), control: Promise.resolve(), stdin: Promise.resolve() };
  #changed: () => void = () => undefined;

  private constructor(
    readonly process: ChildProcess,
    readonly connection: ConnectionInfo,
    readonly folder: string,
    identity: string,
  ) {
    const options = { linger: 0, routingId: identity, sendHighWaterMark: 0, receiveHighWaterMark: 0 };
    [this.shell, this.control, this.stdin] = [new Dealer(options), new Dealer(options), new Dealer(options)];
  }

  /** Starts a kernel and connects to it. */
  static async start(options: { cwd?: string; environment?: NodeJS.ProcessEnv } = {}): Promise<FrontEnd> {
    const folder = await mkdtemp(join(tmpdir(), "camlab-protocol-"));
    const ports = { shell_port: 1, iopub_port: 2, stdin_port: 3, control_port: 4, hb_port: 5 };
    const ip = join(folder, "socket");
    const common = { key: randomUUID(), signature_scheme: "hmac-sha256" };
    const connection: ConnectionInfo = { transport: "ipc", ip, ...ports, ...common };
    const file = join(folder, "connection.json");
    await writeFile(file, JSON.stringify(connection));
    const child = spawn(process.execPath, [join(packageRoot(), "bin/camlab-kernel.js"), file], {
      cwd: options.cwd ?? folder,
      stdio: "ignore",
      env: options.environment ?? process.env,
      detached: true,
    });
    return FrontEnd.connect(child, connection, folder);
  }

  /** Connects to a kernel that runs, under an identity that another front end may have used before. */
  static async connect(
    process: ChildProcess,
    connection: ConnectionInfo,
    folder: string,
    identity = randomUUID() as string,
  ): Promise<FrontEnd> {
    const frontEnd = new FrontEnd(process, connection, folder, identity);
    frontEnd.iopub.subscribe();
    for (const channel of ["shell", "control", "stdin", "iopub"] as const) {
      frontEnd[channel].connect(addressOf(connection, channel));
      void frontEnd.#read(channel);
    }
    let id: string;
    do {
      id = frontEnd.send("kernel_info_request", {});
      await new Promise((resolve) => setTimeout(resolve, 100));
    } while (!frontEnd.heard.some(({ channel, parent }) => channel === "iopub" && "msg_id" in parent));
    await frontEnd.replyTo(id);
    return frontEnd;
  }

  /** Sends a request and gives its id. */
  send(
    type: string,
    content: Content,
    channel: RequestChannel = "shell",
    key = this.connection.key,
    buffers: readonly Uint8Array[] = [],
  ): string {
    const header = makeHeader(type, "front end");
    const frames = encodeMessage({ identities: [], header, parent: {}, metadata: {}, content, buffers }, key);
    // zeromq takes one message at a time.
    this.#sent[channel] = this.#sent[channel].then(() => this[channel].send(frames));
    return header.msg_id;
  }

  /** Sends a cell and gives the id of the request. */
  execute(code: string, options: Content = {}): string {
    return this.send("execute_request", { code, silent: false, store_history: true, stop_on_error: true, ...options });
  }

  /** The reply to a request, once its "idle" is heard too. */
  async replyTo(id: string): Promise<Content> {
    const answered = () => {
      const about = this.about(id);
      const reply = about.find(({ channel }) => channel === "shell" || channel === "control");
      return about.some(({ content }) => content.execution_state === "idle") ? reply : undefined;
    };
    return (await this.until(answered)).content;
  }

  /** What a question about all that was heard gives, once it gives something. */
  async until<T>(question: () => T | undefined): Promise<T> {
    for (;;) {
      const answer = question();
      if (answer !== undefined) return answer;
      await new Promise<void>((resolve) => (this.#changed = resolve));
    }
  }

  /** All that was heard about a request. */
  about(id: string): Heard[] {
    return this.heard.filter(({ parent }) => parent.msg_id === id);
  }

  /** The types of the messages about a request, statuses by their state. */
  typesAbout(id: string, channel: string): string[] {
    const messages = this.about(id).filter((message) => message.channel === channel);
    return messages.map(({ header, content }) => (content.execution_state as string | undefined) ?? header.msg_type);
  }

  /** What a request printed. */
  printedBy(id: string, name = "stdout"): string {
    const streams = this.about(id).filter(
      ({ header, content }) => header.msg_type === "stream" && content.name === name,
    );
    return streams.map(({ content }) => content.text as string).join("");
  }

  /** The text of the result of a request. */
  resultOf(id: string): string | undefined {
    const result = this.about(id).find(({ header }) => header.msg_type === "execute_result");
    return (result?.content.data as { "text/plain"?: string } | undefined)?.["text/plain"];
  }

  disconnect(): void {
    for (const socket of [this.shell, this.control, this.stdin, this.iopub]) socket.close();
  }

  async stop(): Promise<void> {
    if (this.process.exitCode === null) this.process.kill("SIGKILL");
    this.disconnect();
    await rm(this.folder, { recursive: true, force: true });
  }

  async #read(channel: RequestChannel | "iopub"): Promise<void> {
    for await (const frames of this[channel]) {
      const message = decodeMessage(frames, this.connection.key);
      if (message) this.heard.push({ ...message, channel });
      this.#changed();
    }
  }
}
