import type { Content } from "../protocol/wire.js";

/** What comes over a comm, or goes. */
export interface CommMessage {
  readonly data: Content;
  readonly metadata?: Content;
  /** Raw bytes beside the data. */
  readonly buffers?: readonly Uint8Array[];
}

/**
 * A channel between code in a cell and code in the front end: Jupyter's comm. Both ends may send at any time, also while
 * a cell runs that waits for something.
 */
export interface Comm {
  readonly id: string;
  /** What the front end knows the channel's purpose by, such as `jupyter.widget`. */
  readonly target: string;
  /** Sends to the front end. Does nothing once the comm is closed. */
  send(message: CommMessage): void;
  /** Calls back for each message of the front end. What the callback prints and throws belongs to the cell that made it. */
  onMessage(callback: (message: CommMessage) => void): void;
  /** Calls back once when the front end closes the comm. */
  onClose(callback: (message: CommMessage) => void): void;
  close(data?: Content): void;
}

/** How a comm is opened. */
export interface OpenCommOptions extends Omit<CommMessage, "data"> {
  readonly data?: Content;
  /** Its id; a new one unless given. */
  readonly id?: string;
  /** What a front end that comes later is told of a widget: its whole state, and the bytes in it. */
  readonly widgetState?: () => {
    readonly state: Content;
    readonly bufferPaths: BufferPath[];
    readonly buffers: Uint8Array[];
  };
}

/** Where in a state some bytes belong. */
export type BufferPath = (string | number)[];

/** What a kernel offers to code that wants comms. */
export interface CommAccess {
  open(target: string, options?: OpenCommOptions): Comm;
  /** Accepts comms that the front end opens for a target. */
  accept(target: string, onOpen: (comm: Comm, message: CommMessage) => void): void;
}
