import { readFileSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { CamlabError, messageOf } from "../../kernel-helpers/support/errors.js";
import { DISPLAY } from "../display/display-method.js";
import { kernelHook } from "../display/kernel-hook.js";
import { mimeBundle } from "../display/mime-bundle.js";
import type { MimeBundle } from "../display/mime-bundle.js";
import type { Comm, CommMessage } from "./comm.js";
import { joinBuffers, splitBuffers } from "./state-buffers.js";

/** A widget with a front-end module of its own. */
export interface LiveWidgetOptions<State extends object> {
  /**
   * The front end: the source of an ES module whose default export is `{ render({ model, el }) {} }`
   * ({@link https://anywidget.dev anywidget}'s form), its URL, or the path of a `.js` or `.mjs` file.
   */
  readonly esm: string;
  /** A style sheet: its source, its URL, or the path of a `.css` file. */
  readonly css?: string;
  /** What both ends share: anything that JSON can hold, and bytes in typed arrays, which arrive as `Uint8Array`. */
  readonly state?: State;
  /**
   * What the front end's `experimental.invoke(name, message)` calls, by name. Bytes in the answer go beside it when it is
   * `{ response, buffers }`.
   */
  readonly commands?: Readonly<Record<string, WidgetCommand>>;
  /** Shown where there is no kernel, or no anywidget in the front end: anything that can be shown. */
  readonly fallback?: unknown;
}

/** Answers the front end. */
export type WidgetCommand = (message: unknown, buffers: readonly Uint8Array[]) => unknown;

/** One thing that changed in a widget's state. */
export interface WidgetChange<State extends object = Record<string, unknown>> {
  readonly name: keyof State & string;
  readonly value: unknown;
  readonly before: unknown;
}

/** A widget that talks with the cell that made it. Shown as the last value of a cell, or with `display`. */
export interface LiveWidget<State extends object = Record<string, unknown>> {
  /** The id under which front ends know it. */
  readonly id: string;
  /** What both ends share, now. */
  readonly state: Readonly<State>;
  get<Name extends keyof State>(name: Name): State[Name];
  /** Changes the state here and in every front end. */
  set(changes: Partial<State>): void;
  /**
   * Calls back when the front end changes the state: `change` for anything, `change:name` for one thing, `message` for what
   * the front end's `model.send` sends.
   *
   * @returns stops the calls
   */
  on(event: "change" | `change:${keyof State & string}`, callback: (change: WidgetChange<State>) => void): () => void;
  on(event: "message", callback: (content: unknown, buffers: readonly Uint8Array[]) => void): () => void;
  /** Sends to the front end's `model.on("msg:custom", …)`. */
  send(content: unknown, buffers?: readonly Uint8Array[]): void;
  /** Ends it: front ends forget it. */
  close(): void;
  [DISPLAY](): Promise<MimeBundle>;
}

/** The version of the widgets' protocol that this speaks. */
const PROTOCOL = "2.1.0";
const WIDGET_VIEW = "application/vnd.jupyter.widget-view+json";
/** anywidget's own model and view, of whatever version the front end has. */
const ANYWIDGET = {
  _model_module: "anywidget",
  _model_name: "AnyModel",
  _model_module_version: "*",
  _view_module: "anywidget",
  _view_name: "AnyView",
  _view_module_version: "*",
  _view_count: null,
};

/**
 * A widget whose front end is your own, and whose other end is the cell: what one end changes the other hears of. The front
 * end needs anywidget (`pip install anywidget` beside JupyterLab); without it, or without a kernel, the fallback is shown.
 *
 * @throws CamlabError when the file of the front end cannot be read, or a name in the state begins with an underscore
 * @example
 * const slider = notebook.widget({
 *   esm: `export default { render({ model, el }) {
 *     const input = Object.assign(document.createElement("input"), { type: "range", value: model.get("value") });
 *     input.oninput = () => { model.set("value", input.valueAsNumber); model.save_changes(); };
 *     el.append(input);
 *   } }`,
 *   state: { value: 50 },
 * });
 * slider.on("change:value", ({ value }) => console.log(value));
 */
export function widget<State extends object = Record<string, unknown>>(
  options: LiveWidgetOptions<State>,
): LiveWidget<State> {
  const state = { ...options.state } as Record<string, unknown>;
  checkNames(state);
  const listeners = new Map<string, Set<(...values: never[]) => void>>();
  const call = (event: string, ...values: unknown[]) => {
    for (const callback of [...(listeners.get(event) ?? [])]) (callback as (...each: unknown[]) => void)(...values);
  };
  const own = {
    ...ANYWIDGET,
    _anywidget_id: `camlab-${randomUUID()}`,
    _esm: sourceOf(options.esm, /\.m?js$/),
    ...(options.css === undefined ? {} : { _css: sourceOf(options.css, /\.css$/) }),
  };
  const whole = () => splitBuffers({ ...own, ...state });
  const comm = kernelHook()?.comms?.open("jupyter.widget", {
    metadata: { version: PROTOCOL },
    widgetState: whole,
    ...opening(whole()),
  });
  comm?.onMessage((message) => receive(message));

  function receive({ data, buffers = [] }: CommMessage): void {
    if (data.method === "request_state") return void (comm && sendState(comm, "update", { ...own, ...state }));
    if (data.method === "custom") return custom(data.content, buffers);
    if (data.method !== "update" || data.state === null || typeof data.state !== "object") return;
    const changes = joinBuffers(data.state as Record<string, unknown>, data.buffer_paths, buffers);
    const changed = apply(changes);
    // Other front ends hear of it; the one that it comes from knows its own change again by this name.
    if (comm) sendState(comm, "echo_update", changes);
    for (const change of changed) {
      call(`change:${change.name}`, change);
      call("change", change);
    }
  }

  /** Takes changes over and says which they were. */
  function apply(changes: Readonly<Record<string, unknown>>): { name: string; value: unknown; before: unknown }[] {
    return Object.entries(changes).flatMap(([name, value]) => {
      if (name.startsWith("_") || Object.is(state[name], value)) return [];
      const before = state[name];
      state[name] = value;
      return [{ name, value, before }];
    });
  }

  function custom(content: unknown, buffers: readonly Uint8Array[]): void {
    const command = content as { kind?: unknown; id?: unknown; name?: unknown; msg?: unknown } | null;
    if (command?.kind !== "anywidget-command") return call("message", content, buffers);
    const { id, name, msg } = command;
    const known = Object.hasOwn(options.commands ?? {}, String(name)) ? options.commands?.[String(name)] : undefined;
    if (!known)
      throw new CamlabError(`the widget's front end invoked ${JSON.stringify(name)}, which is none of its commands`);
    void Promise.resolve(known(msg, buffers)).then((answer) => {
      const { response, buffers: bytes } = isCommandAnswer(answer) ? answer : { response: answer, buffers: [] };
      send({ id, kind: "anywidget-command-response", response: response ?? null }, bytes);
    });
  }

  function send(content: unknown, buffers: readonly Uint8Array[] = []): void {
    comm?.send({ data: { method: "custom", content }, buffers });
  }

  return {
    id: comm?.id ?? "",
    get state() {
      return { ...state } as State;
    },
    get: (name) => state[name as string] as never,
    set(changes) {
      checkNames(changes);
      const changed = apply(changes);
      if (comm && changed.length)
        sendState(comm, "update", Object.fromEntries(changed.map(({ name, value }) => [name, value])));
    },
    on(event: string, callback: (...values: never[]) => void) {
      const those = listeners.get(event) ?? new Set();
      listeners.set(event, those.add(callback));
      return () => void those.delete(callback);
    },
    send,
    close: () => comm?.close(),
    async [DISPLAY]() {
      const fallback = options.fallback === undefined ? {} : await mimeBundle(options.fallback);
      const view = comm && { [WIDGET_VIEW]: { version_major: 2, version_minor: 0, model_id: comm.id } };
      return { ...view, "text/plain": "a widget, which needs a kernel and anywidget in the front end", ...fallback };
    },
  };
}

interface CommandAnswer {
  readonly response: unknown;
  readonly buffers: readonly Uint8Array[];
}

function isCommandAnswer(answer: unknown): answer is CommandAnswer {
  return answer !== null && typeof answer === "object" && "response" in answer && "buffers" in answer;
}

function opening({ state, bufferPaths, buffers }: ReturnType<typeof splitBuffers>) {
  return { data: { state, buffer_paths: bufferPaths }, buffers };
}

function sendState(comm: Comm, method: "update" | "echo_update", changes: Readonly<Record<string, unknown>>): void {
  const { state, bufferPaths, buffers } = splitBuffers(changes);
  comm.send({ data: { method, state, buffer_paths: bufferPaths }, buffers });
}

/** Names with an underscore are the protocol's. */
function checkNames(state: object): void {
  const taken = Object.keys(state).find((name) => name.startsWith("_"));
  if (taken !== undefined)
    throw new CamlabError(
      `a widget's state cannot hold ${JSON.stringify(taken)}: names must not begin with an underscore`,
    );
}

/** The source itself, its URL, or what a file of such an ending holds. */
function sourceOf(source: string, file: RegExp): string {
  const isPath = !source.includes("\n") && file.test(source) && !/^[a-z]+:\/\//i.test(source);
  if (!isPath) return source;
  try {
    return readFileSync(source, "utf8");
  } catch (error) {
    throw new CamlabError(`cannot read the widget's file ${JSON.stringify(source)}: ${messageOf(error)}`);
  }
}
