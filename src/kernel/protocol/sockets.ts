// The kernel's five zeromq sockets: opened, read and written in order.
import type { Publisher, Reply, Router } from "zeromq";
import { ReplayGuard } from "./replay-guard.js";
import { addressOf, decodeMessage, encodeMessage, makeHeader } from "./wire.js";
import type { ConnectionInfo, Content, Message } from "./wire.js";

/** The channels on which a front end sends. */
export type RequestChannel = "shell" | "control" | "stdin";

/** The open sockets, and the ways to send on them. */
export interface Sockets {
  /** Answers `request` on the channel that it came from. */
  reply(channel: "shell" | "control", request: Message, type: string, content: Content, metadata?: Content): void;
  /** Tells every front end, in the name of `parent`. */
  publish(type: string, content: Content, parent: Message | undefined, extra?: PublishExtra): void;
  /**
   * Asks the front end that sent `request` for a line of input; the answer comes to `onRequest` as an `input_reply`.
   *
   * @throws when that front end has no stdin channel
   */
  askForInput(request: Message, content: Content): Promise<void>;
  /** Sends what is queued and closes. */
  close(): Promise<void>;
}

/** What a published message may carry beside its content. */
export interface PublishExtra {
  readonly metadata?: Content;
  readonly buffers?: readonly Uint8Array[];
}

/**
 * Binds the sockets of a connection file. Heartbeats are echoed here; what comes on the other channels goes to
 * `onRequest`. Messages that are malformed, have a wrong signature or come a second time are dropped and counted.
 *
 * @param onDropped called with the number of messages that were dropped so far
 */
export async function openSockets(
  connection: ConnectionInfo,
  session: string,
  onRequest: (channel: RequestChannel, request: Message) => void,
  onDropped: (count: number) => void = () => undefined,
): Promise<Sockets> {
  const zmq = await import("zeromq");
  // A cell may end the process: nothing may wait for sockets then. A front end that connects again under its identity
  // takes it over from its old connection, which may not have noticed that it is dead.
  const options = { linger: 0, sendHighWaterMark: 0, receiveHighWaterMark: 0, handover: true };
  const shell = new zmq.Router(options);
  const control = new zmq.Router(options);
  const stdin = new zmq.Router({ ...options, mandatory: true });
  const iopub = new zmq.Publisher({ linger: 0, sendHighWaterMark: 0 });
  const heartbeat = new zmq.Reply({ linger: 0 });
  await Promise.all([
    shell.bind(addressOf(connection, "shell")),
    control.bind(addressOf(connection, "control")),
    stdin.bind(addressOf(connection, "stdin")),
    iopub.bind(addressOf(connection, "iopub")),
    heartbeat.bind(addressOf(connection, "hb")),
  ]);
  const guard = new ReplayGuard();
  let dropped = 0;
  void echo(heartbeat);
  void read(shell, "shell");
  void read(control, "control");
  void read(stdin, "stdin");

  async function read(socket: Router, channel: RequestChannel): Promise<void> {
    for await (const frames of socket) {
      const request = decodeMessage(frames, connection.key, guard);
      if (request) onRequest(channel, request);
      else onDropped(++dropped);
    }
  }

  const senders = { shell: inOrder(shell), control: inOrder(control), stdin: inOrder(stdin), iopub: inOrder(iopub) };
  const send = (channel: keyof typeof senders, message: Message) =>
    senders[channel](encodeMessage(message, connection.key));

  return {
    reply(channel, request, type, content, metadata = {}) {
      const header = makeHeader(type, session);
      send(channel, { identities: request.identities, header, parent: request.header, metadata, content }).catch(
        ignore,
      );
    },
    publish(type, content, parent, { metadata = {}, buffers = [] } = {}) {
      const identities = [Buffer.from(`kernel.${session}.${type}`)];
      const header = makeHeader(type, session);
      send("iopub", { identities, header, parent: parent?.header ?? {}, metadata, content, buffers }).catch(ignore);
    },
    askForInput({ identities, header: parent }, content) {
      const header = makeHeader("input_request", session);
      return send("stdin", { identities, header, parent, metadata: {}, content });
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

/** A front end that went away is not there to be told. */
const ignore = () => undefined;

/** A sender that waits for the message before: zeromq refuses a second send while one is blocked. */
function inOrder(socket: Router | Publisher): (frames: Buffer[]) => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return (frames) => {
    const sent = last.then(() => (frames.length ? socket.send(frames) : undefined));
    last = sent.catch(ignore);
    return sent;
  };
}

async function echo(socket: Reply): Promise<void> {
  for await (const frames of socket) await socket.send(frames);
}
