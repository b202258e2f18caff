import { readSync, writeSync } from "node:fs";
import { Socket } from "node:net";
import { StringDecoder } from "node:string_decoder";
import { OutputLimit } from "../cells/output-limit.js";
import type { LimitedOutput } from "../cells/output-limit.js";
import type { RedirectedStdio } from "./redirect-stdio.js";

type Name = "stdout" | "stderr";

/** What a dying Node prints begins like this: it must also reach whoever started the kernel. */
const LAST_WORDS = /<--- Last few GCs --->|FATAL ERROR|# Fatal error in|Segmentation fault/;

/** Milliseconds between two looks at the pipes that are not forced, and how often one of them is read in a look. */
const PAUSE = 1;
const READS = 16;

/**
 * Reads what reaches the process's file descriptors 1 and 2 and gives it to the latest cell. It is read as it comes, and
 * before anything that the main thread says, so that both keep their order.
 */
export class StrayOutput {
  readonly #stdio: RedirectedStdio;
  readonly #latestCell: () => string;
  readonly #limit: OutputLimit;
  readonly #decoders = { stdout: new StringDecoder("utf8"), stderr: new StringDecoder("utf8") };
  readonly #chunk = Buffer.alloc(65_536);
  #output: LimitedOutput = { id: "", printed: { shown: 0, left: 0, tail: "" } };
  #looked = 0;
  #dying = false;

  constructor(
    stdio: RedirectedStdio,
    latestCell: () => string,
    send: (cell: string, name: Name, text: string) => void,
  ) {
    this.#stdio = stdio;
    this.#latestCell = latestCell;
    this.#limit = new OutputLimit(send);
    for (const name of ["stdout", "stderr"] as const) {
      const pipe = new Socket({ fd: stdio[name], readable: true, writable: false });
      pipe.on("data", (bytes: Buffer) => this.#take(name, bytes)).on("error", () => undefined);
      pipe.unref();
    }
  }

  /** Takes what lies in the pipes; not oftener than each millisecond unless it must be. */
  catchUp(must: boolean): void {
    const now = performance.now();
    if (!must && now - this.#looked < PAUSE) return;
    this.#looked = now;
    for (const name of ["stdout", "stderr"] as const) {
      for (let reads = 0, read = 1; reads < READS && read > 0; reads++) {
        read = this.#read(name);
        if (read > 0) this.#take(name, this.#chunk.subarray(0, read));
      }
    }
  }

  /** Takes the rest that a cell left and shows the end of what was too much. */
  endOf(cell: string): void {
    this.catchUp(true);
    if (this.#output.id === cell) this.#limit.finish(this.#output);
  }

  #read(name: Name): number {
    try {
      return readSync(this.#stdio[name], this.#chunk);
    } catch {
      // Nothing lies there.
      return 0;
    }
  }

  #take(name: Name, bytes: Buffer): void {
    const text = this.#decoders[name].write(bytes);
    if (name === "stderr" && (this.#dying ||= LAST_WORDS.test(text))) writeSync(this.#stdio.log, bytes);
    const cell = this.#latestCell();
    if (this.#output.id !== cell) this.#output = { id: cell, printed: { shown: 0, left: 0, tail: "" } };
    this.#limit.print(this.#output, name, text);
  }
}
