// How the code of a cell reads what a person types: `prompt`, `process.stdin` and readline ask through the front end.
import { Interface } from "node:readline/promises";
import { Readable } from "node:stream";
import { receiveMessageOnPort } from "node:worker_threads";
import type { MessagePort } from "node:worker_threads";
import { CamlabError } from "../../kernel-helpers/support/errors.js";
import { Slot } from "../protocol/thread-messages.js";
import type { FromMain, InputAnswer } from "../protocol/thread-messages.js";
import { currentCell, Interrupted } from "./running-cell.js";
import type { RunningCell } from "./running-cell.js";

/** What a person types to end the input, as in IPython: the character that Ctrl-D sends. */
const END_OF_INPUT = "\x04";

/** Milliseconds between two looks for an interrupt while the main thread waits for a person. */
const LOOK = 50;

/** The error of code that asks for input which nobody can give. */
export class NoInputError extends CamlabError {
  override readonly name = "NoInputError";
}

/** Requests for input of one kernel. */
export class CellInput {
  readonly #shared: Int32Array;
  readonly #port: MessagePort;
  readonly #send: (message: FromMain) => void;
  readonly #waiting = new Map<number, (answer: InputAnswer) => void>();
  #asked = 0;

  constructor(shared: Int32Array, port: MessagePort, send: (message: FromMain) => void) {
    this.#shared = shared;
    this.#port = port;
    this.#send = send;
    port.on("message", (answer: InputAnswer) => this.#settle(answer));
    port.unref();
  }

  /**
   * Asks for one line and waits for it, the thread standing still meanwhile.
   *
   * @throws NoInputError when the front end takes no input; Interrupted when the cell is stopped
   */
  askNow(cell: RunningCell, prompt: string, password = false): string {
    const id = this.#request(cell, prompt, password);
    for (;;) {
      const answer = receiveMessageOnPort(this.#port)?.message as InputAnswer | undefined;
      if (answer?.id === id) return valueOf(answer);
      if (answer) {
        this.#settle(answer);
        continue;
      }
      if (Atomics.load(this.#shared, Slot.interrupt) !== 0) {
        cell.end(new Interrupted());
        throw cell.reason?.value;
      }
      Atomics.wait(this.#shared, Slot.input, 0, LOOK);
      Atomics.store(this.#shared, Slot.input, 0);
    }
  }

  /** Asks for one line. Never settles when the cell is stopped before the answer. */
  async ask(cell: RunningCell, prompt: string): Promise<string> {
    const id = this.#request(cell, prompt, false);
    return valueOf(await new Promise<InputAnswer>((resolve) => this.#waiting.set(id, resolve)));
  }

  #request(cell: RunningCell, prompt: string, password: boolean): number {
    const id = ++this.#asked;
    this.#send({ type: "input", id, cell: cell.id, prompt, password });
    return id;
  }

  #settle(answer: InputAnswer): void {
    this.#waiting.get(answer.id)?.(answer);
    this.#waiting.delete(answer.id);
  }
}

function valueOf(answer: InputAnswer): string {
  if ("refused" in answer) throw new NoInputError(answer.refused);
  return answer.value;
}

/** `prompt`, `confirm` and `alert` as browsers and Deno have them. */
function promptFunctions(input: CellInput, cellNow: () => RunningCell): Record<string, unknown> {
  return {
    prompt(message = "", preset?: string): string | null {
      const hint = preset === undefined ? "" : `[${preset}] `;
      const line = input.askNow(cellNow(), (message && `${message} `) + hint);
      if (line === END_OF_INPUT) return null;
      return line === "" && preset !== undefined ? preset : line;
    },
    confirm(message = ""): boolean {
      return /^y(es)?$/i.test(input.askNow(cellNow(), `${message && `${message} `}[y/N] `).trim());
    },
    alert: (message = ""): void => void process.stdout.write(`${message}\n`),
  };
}

/** The declarations of `prompt`, `confirm` and `alert`. */
export const PROMPT_DECLARATIONS = [
  "/** Asks for a line of text through the front end; null when the input is ended with Ctrl-D. */",
  "function prompt(message?: string, preset?: string): string | null;",
  "/** Asks for yes or no through the front end. */",
  "function confirm(message?: string): boolean;",
  "/** Prints a message. */",
  "function alert(message?: string): void;",
].join("\n");

/** The `process.stdin` of cells: each line that a reader wants is asked for, and none that nobody wants. */
export class CellStdin extends Readable {
  readonly fd = 0;
  readonly isTTY = false;
  readonly #input: CellInput;
  #wanted = false;
  #asking = false;

  constructor(input: CellInput) {
    super();
    this.#input = input;
  }

  override _read(): void {
    this.#wanted = true;
    this.#askSoon();
  }

  override resume(): this {
    super.resume();
    this.#askSoon();
    return this;
  }

  /** A new reader wants a line even where an abandoned one still waits for it. */
  override on(name: string | symbol, listener: (...values: never[]) => void): this {
    super.on(name, listener as (...values: unknown[]) => void);
    if (name === "data" || name === "readable") this.#askSoon();
    return this;
  }

  /** Asks for a line now, with the prompt of the reader. */
  askWith(prompt: string): void {
    this.resume();
    this.#ask(prompt);
  }

  /** A reader that closes as soon as it has its line must not cause a second question: it gets a moment to do so. */
  #askSoon(): void {
    const cell = currentCell.getStore();
    if (!cell || !this.#wanted || this.#asking) return;
    setTimeout(() => {
      const flows = this.readableFlowing === true && this.listenerCount("data") > 0;
      const someoneReads = flows || this.listenerCount("readable") > 0;
      if (this.#wanted && someoneReads && cell.running) this.#ask("");
    }, 20);
  }

  #ask(prompt: string): void {
    const cell = currentCell.getStore();
    if (!cell?.running || this.#asking) return;
    this.#asking = true;
    const asked = this.#input.ask(cell, prompt).finally(() => (this.#asking = false));
    cell.ended.catch(() => (this.#asking = false));
    asked.then(
      (line) => {
        this.#wanted = false;
        if (line === END_OF_INPUT) this.push(null);
        else this.push(`${line}\n`);
      },
      (error: unknown) => cell.end(error),
    );
  }
}

/** Makes cells read through the front end: the globals, `process.stdin`, and readline with its own prompt. */
export function installCellInput(input: CellInput, cellNow: () => RunningCell): void {
  Object.assign(globalThis, promptFunctions(input, cellNow));
  let stdin = new CellStdin(input);
  Object.defineProperty(process, "stdin", {
    configurable: true,
    enumerable: true,
    // One that was ended or abandoned must not end the input of later cells.
    get: () => (stdin.readableEnded || stdin.destroyed ? (stdin = new CellStdin(input)) : stdin),
  });
  type Reader = { readonly input?: unknown; paused?: boolean; getPrompt(): string; prompt(keepCursor?: boolean): void };
  const everyReader = Object.getPrototypeOf(Interface.prototype) as Reader;
  // eslint-disable-next-line @typescript-eslint/unbound-method
  const print = everyReader.prompt;
  everyReader.prompt = function (keepCursor) {
    if (!(this.input instanceof CellStdin)) return print.call(this, keepCursor);
    this.input.askWith(this.getPrompt());
  };
}
