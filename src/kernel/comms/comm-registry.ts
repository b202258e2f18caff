// The kernel's end of all comms.
import { randomUUID } from "node:crypto";
import type { FromMain, ToMain } from "../protocol/thread-messages.js";
import type { Comm, CommAccess, CommMessage, OpenCommOptions } from "./comm.js";

type Incoming = Extract<ToMain, { type: "comm" }>;
type Outgoing = Extract<FromMain, { type: "comm" }>;

/** Runs a task in the name of the cell that was running when it was made. */
export type InCell = (task: () => void) => void;

interface OpenComm {
  readonly comm: Comm;
  readonly options: OpenCommOptions;
  readonly inCell: InCell;
  readonly onMessage: ((message: CommMessage) => void)[];
  readonly onClose: ((message: CommMessage) => void)[];
}

interface Target {
  readonly onOpen: (comm: Comm, message: CommMessage) => void;
  readonly inCell: InCell;
}

/** By this target a front end that comes later asks for the state of all widgets. */
const WIDGET_CONTROL = "jupyter.widget.control";

/** All comms of one kernel. */
export class CommRegistry implements CommAccess {
  readonly #send: (message: Outgoing) => void;
  readonly #cellNow: () => { readonly id: string; readonly inCell: InCell };
  readonly #open = new Map<string, OpenComm>();
  readonly #targets = new Map<string, Target>();
  /** The request that is being dealt with: what is sent meanwhile answers it. */
  #request: string | undefined;

  /**
   * @param send sends a message to the front ends, in the name of a request
   * @param cellNow the id of the running cell's request, and how to run something later in its name
   */
  constructor(send: (message: Outgoing) => void, cellNow: () => { readonly id: string; readonly inCell: InCell }) {
    this.#send = send;
    this.#cellNow = cellNow;
    const itself: InCell = (task) => task();
    this.#targets.set(WIDGET_CONTROL, { inCell: itself, onOpen: (comm) => this.#answerControl(comm) });
  }

  open(target: string, options: OpenCommOptions = {}): Comm {
    const { id = randomUUID(), data = {}, metadata = {}, buffers = [] } = options;
    const { inCell } = this.#cellNow();
    const comm = this.#enter(id, target, options, inCell);
    this.#say("comm_open", { comm_id: id, target_name: target, data }, metadata, buffers);
    return comm;
  }

  accept(target: string, onOpen: (comm: Comm, message: CommMessage) => void): void {
    this.#targets.set(target, { onOpen, inCell: this.#cellNow().inCell });
  }

  /** Deals with a message of a front end, whoever it is for. */
  receive({ id: request, kind, content, metadata, buffers }: Incoming): void {
    const id = String(content.comm_id);
    const message: CommMessage = { data: (content.data ?? {}) as CommMessage["data"], metadata, buffers };
    this.#request = request;
    try {
      if (kind === "comm_open") return this.#opened(id, String(content.target_name), message);
      const known = this.#open.get(id);
      if (!known) return;
      if (kind === "comm_close") this.#open.delete(id);
      const callbacks = kind === "comm_close" ? known.onClose : known.onMessage;
      for (const callback of [...callbacks]) known.inCell(() => callback(message));
    } finally {
      this.#request = undefined;
    }
  }

  #opened(id: string, name: string, message: CommMessage): void {
    const target = this.#targets.get(name);
    if (!target) {
      // The specification asks for this where nobody knows the target.
      this.#say("comm_close", { comm_id: id, data: {} });
      return;
    }
    const comm = this.#enter(id, name, {}, target.inCell);
    target.inCell(() => target.onOpen(comm, message));
  }

  #enter(id: string, target: string, options: OpenCommOptions, inCell: InCell): Comm {
    const comm: Comm = {
      id,
      target,
      send: ({ data, metadata, buffers }) => {
        if (this.#open.has(id)) this.#say("comm_msg", { comm_id: id, data }, metadata, buffers);
      },
      onMessage: (callback) => void entry.onMessage.push(callback),
      onClose: (callback) => void entry.onClose.push(callback),
      close: (data = {}) => {
        if (this.#open.delete(id)) this.#say("comm_close", { comm_id: id, data });
      },
    };
    const entry: OpenComm = { comm, options, inCell, onMessage: [], onClose: [] };
    this.#open.set(id, entry);
    return comm;
  }

  #answerControl(comm: Comm): void {
    comm.onMessage(({ data }) => {
      if (data.method !== "request_states") return;
      const states: Record<string, unknown> = {};
      const bufferPaths: unknown[] = [];
      const buffers: Uint8Array[] = [];
      for (const [id, { options }] of this.#open) {
        const widget = options.widgetState?.();
        if (!widget) continue;
        const { _model_name, _model_module, _model_module_version } = widget.state;
        const model = {
          model_name: _model_name,
          model_module: _model_module,
          model_module_version: _model_module_version,
        };
        states[id] = { ...model, state: widget.state };
        bufferPaths.push(...widget.bufferPaths.map((path) => [id, "state", ...path]));
        buffers.push(...widget.buffers);
      }
      comm.send({ data: { method: "update_states", states, buffer_paths: bufferPaths }, buffers });
    });
  }

  #say(
    kind: Outgoing["kind"],
    content: CommMessage["data"],
    metadata: CommMessage["data"] = {},
    buffers: readonly Uint8Array[] = [],
  ): void {
    const cell = this.#request ?? this.#cellNow().id;
    // The bytes are copied: what the cell does with them afterwards must not change what is sent.
    this.#send({ type: "comm", kind, cell, content, metadata, buffers: buffers.map((each) => new Uint8Array(each)) });
  }
}
