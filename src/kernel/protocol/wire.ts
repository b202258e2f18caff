// The Jupyter wire protocol, version 5.3: a message as an object and as the frames that travel.
import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";
import type { ReplayGuard } from "./replay-guard.js";

/** What a front end and a kernel need to find and trust each other: the connection file. */
export interface ConnectionInfo {
  readonly transport: "tcp" | "ipc";
  readonly ip: string;
  readonly shell_port: number;
  readonly iopub_port: number;
  readonly stdin_port: number;
  readonly control_port: number;
  readonly hb_port: number;
  readonly key: string;
  readonly signature_scheme: string;
}

/** The five sockets of a kernel. */
export type Channel = "shell" | "iopub" | "stdin" | "control" | "hb";

/** A message header, as the messaging specification names its fields. */
export interface Header {
  readonly msg_id: string;
  readonly msg_type: string;
  readonly session: string;
  readonly username: string;
  readonly date: string;
  readonly version: string;
}

/** Anything that JSON can hold under string keys. */
export type Content = Record<string, unknown>;

/** A message of either direction. */
export interface Message {
  readonly identities: readonly Buffer[];
  readonly header: Header;
  readonly parent: Header | Record<string, never>;
  readonly metadata: Content;
  readonly content: Content;
  /** Raw bytes that travel behind the message; comms use them. */
  readonly buffers?: readonly Uint8Array[];
}

export const PROTOCOL_VERSION = "5.3";
const DELIMITER = Buffer.from("<IDS|MSG>");

/** The zeromq address of one channel. */
export function addressOf(info: ConnectionInfo, channel: Channel): string {
  const port = info[`${channel}_port`];
  return info.transport === "ipc" ? `ipc://${info.ip}-${port}` : `tcp://${info.ip}:${port}`;
}

export function makeHeader(type: string, session: string, username = "camlab"): Header {
  return {
    msg_id: randomUUID(),
    msg_type: type,
    session,
    username,
    date: new Date().toISOString(),
    version: PROTOCOL_VERSION,
  };
}

/** The frames of a message, signed with the connection's key (not signed when the key is empty). */
export function encodeMessage(message: Message, key: string): Buffer[] {
  const { header, parent, metadata, content } = message;
  const parts = [header, parent, metadata, content].map((part) => Buffer.from(JSON.stringify(part)));
  const buffers = (message.buffers ?? []).map((bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  return [...message.identities, DELIMITER, Buffer.from(signatureOf(parts, key)), ...parts, ...buffers];
}

/**
 * The message in some frames, or undefined when they are malformed or their signature is wrong.
 *
 * @param guard refuses a signature that came before
 */
export function decodeMessage(frames: readonly Buffer[], key: string, guard?: ReplayGuard): Message | undefined {
  const delimiter = frames.findIndex((frame) => frame.equals(DELIMITER));
  const parts = frames.slice(delimiter + 2, delimiter + 6);
  if (delimiter < 0 || parts.length < 4) return undefined;
  const expected = Buffer.from(signatureOf(parts, key));
  const signature = frames[delimiter + 1];
  if (key && (signature.length !== expected.length || !timingSafeEqual(signature, expected))) return undefined;
  if (key && guard?.isNew(signature.toString("latin1")) === false) return undefined;
  try {
    const [header, parent, metadata, content] = parts.map((part) => JSON.parse(part.toString("utf8")) as unknown);
    if (!isHeader(header) || !isObject(content)) return undefined;
    return {
      identities: frames.slice(0, delimiter),
      header,
      parent: isObject(parent) ? (parent as unknown as Header) : {},
      metadata: isObject(metadata) ? metadata : {},
      content,
      buffers: frames.slice(delimiter + 6),
    };
  } catch {
    return undefined;
  }
}

function isHeader(value: unknown): value is Header {
  return isObject(value) && ["msg_id", "msg_type"].every((name) => typeof value[name] === "string");
}

function isObject(value: unknown): value is Content {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function signatureOf(parts: readonly Buffer[], key: string): string {
  if (!key) return "";
  const hash = createHmac("sha256", key);
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}
