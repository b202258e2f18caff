// The kernel's five zeromq sockets: opened, read and written in order.
import type { Publisher, Reply, Router } from "zeromq";
import { addressOf, decodeMessage, encodeMessage, makeHeader } from "./wire.js";
import type { ConnectionInfo, Content, Message } from "./wire.js";

/** The open sockets, and the two ways to send on them. */
export interface Sockets {
  /** Answers `request` on the channel that it came from. */
  reply(channel: "shell" | "control", request: Message, type: string, content: Content, metadata?: Content): void;
  /** Tells every front end, in the name of `parent`. */
  publish(type: string, content: Content, parent: Message | undefined): void;
  /** Sends what is queued and closes. */
  close(): Promise<void>;
}

/**
 * Binds the sockets of a connection file. Heartbeats are echoed here; requests on shell and control go to `onRequest`;
 * frames with a wrong signature are dropped.
 */
export async function openSockets(
  connection: ConnectionInfo,
  session: string,
  onRequest: (channel: "shell" | "control", request: Message) => void,
): Promise<Sockets> {
  const zmq = await import("zeromq");
  // A cell may end the process: nothing may wait for sockets then.
  const options = { linger: 0, sendHighWaterMark: 0, receiveHighWaterMark: 0 };
  const shell = new zmq.Router(options);
  const control = new zmq.Router(options);
  const stdin = new zmq.Router(options);
  const iopub = new zmq.Publisher({ linger: 0, sendHighWaterMark: 0 });
  const heartbeat = new zmq.Reply({ linger: 0 });
  await Promise.all([
    shell.bind(addressOf(connection, "shell")),
    control.bind(addressOf(connection, "control")),
    stdin.bind(addressOf(connection, "stdin")),
    iopub.bind(addressOf(connection, "iopub")),
    heartbeat.bind(addressOf(connection, "hb")),
  ]);
  void echo(heartbeat);
  void read(shell, "shell");
  void read(control, "control");

  async function read(socket: Router, channel: "shell" | "control"): Promise<void> {
    for await (const frames of socket) {
      const request = decodeMessage(frames, connection.key);
      if (request) onRequest(channel, request);
    }
  }

  const senders = { shell: inOrder(shell), control: inOrder(control), iopub: inOrder(iopub) };
  const send = (channel: keyof typeof senders, message: Message) =>
    senders[channel](encodeMessage(message, connection.key));

  return {
    reply(channel, request, type, content, metadata = {}) {
      const header = makeHeader(type, session);
      void send(channel, { identities: request.identities, header, parent: request.header, metadata, content });
    },
    publish(type, content, parent) {
      const identities = [Buffer.from(`kernel.${session}.${type}`)];
      const header = makeHeader(type, session);
      void send("iopub", { identities, header, parent: parent?.header ?? {}, metadata: {}, content });
    },
    async close() {
      await Promise.all(Object.values(senders).map((sender) => sender([])));
      for (const socket of [shell, control, stdin, iopub, heartbeat]) {
        socket.linger = 1000;
        socket.close();
      }
    },
  };
}

/** A sender that waits for the message before: zeromq refuses a second send while one is blocked. */
function inOrder(socket: Router | Publisher): (frames: Buffer[]) => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return (frames) => {
    last = last.then(() => (frames.length ? socket.send(frames) : undefined)).catch(() => undefined);
    return last;
  };
}

async function echo(socket: Reply): Promise<void> {
  for await (const frames of socket) await socket.send(frames);
}
