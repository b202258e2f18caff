// What the two threads of the kernel say to each other. The main thread compiles and runs cells; the protocol thread
// (protocol-thread.ts) owns the sockets, so that it answers, streams and interrupts while a cell keeps the main thread
// busy.
import type { MessagePort } from "node:worker_threads";
import type { RedirectedStdio } from "../process/redirect-stdio.js";
import type { Content, ConnectionInfo } from "./wire.js";

/** What the protocol thread is started with. */
export interface ProtocolThreadData {
  readonly connection: ConnectionInfo;
  readonly connectionFile: string;
  /** Shared with the main thread; its slots are named by {@link Slot}. */
  readonly shared: Int32Array;
  readonly languageVersion: string;
  readonly kernelVersion: string;
  /** Undefined where the standard streams cannot be redirected. */
  readonly stdio: RedirectedStdio | undefined;
  /** Answers to requests for input go here, so that the main thread can wait for one without its event loop. */
  readonly input: MessagePort;
}

/** The slots of the memory that both threads share. */
export const Slot = {
  /** 1 while the running cell is asked to stop. */
  interrupt: 0,
  /** One of {@link Phase}. */
  phase: 1,
  /** 1 once the sockets are closed. */
  closed: 2,
  /** 1 once an answer lies in the input port. */
  input: 3,
  /** The number of the latest {@link FromMain} "sync" that was reached. */
  synced: 4,
} as const;

/** What the main thread is doing; decides how it can be interrupted. */
export const Phase = {
  idle: 0,
  compiling: 1,
  /** In the cell's first stretch, before it first waits for anything: SIGINT can break it. */
  firstStretch: 2,
  waiting: 3,
} as const;

/** From the protocol thread to the main thread. */
export type ToMain =
  | {
      readonly type: "execute";
      readonly cell: string;
      readonly count: number;
      readonly code: string;
      readonly silent: boolean;
      readonly expressions: Record<string, string>;
    }
  | {
      readonly type: "ask";
      readonly id: number;
      readonly question: "complete" | "inspect" | "is_complete";
      readonly code: string;
      readonly cursor: number;
    }
  /** `id`: of the request that the message is. */
  | ({ readonly type: "comm"; readonly id: string } & CommMessage)
  | { readonly type: "interrupt"; readonly id: number }
  | { readonly type: "exit" };

/** From the main thread to the protocol thread. `cell` is the id of the request that an output belongs to. */
export type FromMain =
  | { readonly type: "stream"; readonly cell: string; readonly name: "stdout" | "stderr"; readonly text: string }
  | { readonly type: "publish"; readonly cell: string; readonly kind: PublishKind; readonly content: Content }
  | { readonly type: "done"; readonly cell: string; readonly reply: Content }
  | { readonly type: "answer"; readonly id: number; readonly content: Content }
  | { readonly type: "interrupted"; readonly id: number }
  | ({ readonly type: "comm"; readonly cell: string } & CommMessage)
  /** The comm message of this id was dealt with. */
  | { readonly type: "received"; readonly id: string }
  | {
      readonly type: "input";
      readonly id: number;
      readonly cell: string;
      readonly prompt: string;
      readonly password: boolean;
    }
  /** Answered in the shared memory once all messages before it are dealt with. */
  | { readonly type: "sync"; readonly id: number }
  | { readonly type: "leaving" };

/** What a request for input came to. */
export type InputAnswer =
  | { readonly id: number; readonly value: string }
  /** Why nobody will answer, in a sentence. */
  | { readonly id: number; readonly refused: string };

/** The messages of comms, the same in both directions. */
export type CommKind = "comm_open" | "comm_msg" | "comm_close";

/** What a comm message holds, whichever way it goes. */
interface CommMessage {
  readonly kind: CommKind;
  readonly content: Content;
  readonly metadata: Content;
  readonly buffers: readonly Uint8Array[];
}

/** The iopub messages that a cell causes. */
export type PublishKind = "execute_result" | "display_data" | "update_display_data" | "clear_output" | "error";
