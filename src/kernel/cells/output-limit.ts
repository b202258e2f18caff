/** Characters of stdout and stderr that one cell may show from its beginning, and from its end. */
const HEAD = 1_000_000;
const TAIL = 10_000;

/** The output of one cell, as far as its limit is concerned. */
export interface LimitedOutput {
  readonly id: string;
  readonly printed: {
    /** Characters that were passed on, and that were not. */
    shown: number;
    left: number;
    /** The last characters of those that were not. */
    tail: string;
  };
}

/**
 * Passes on what cells print, up to a limit a cell: an accidental print of 30 MB would freeze the front end. The end
 * of what was left out is shown when the cell ends, with a note of how much is missing.
 */
export class OutputLimit {
  readonly #send: (cell: string, name: "stdout" | "stderr", text: string) => void;

  constructor(send: (cell: string, name: "stdout" | "stderr", text: string) => void) {
    this.#send = send;
  }

  print(cell: LimitedOutput, name: "stdout" | "stderr", text: string): void {
    const { printed } = cell;
    const room = HEAD - printed.shown;
    const head = text.slice(0, Math.max(0, room));
    if (head) this.#send(cell.id, name, head);
    printed.shown += head.length;
    if (head.length === text.length) return;
    const rest = text.slice(head.length);
    printed.left += rest.length;
    printed.tail = (printed.tail + rest.slice(-TAIL)).slice(-TAIL);
  }

  /** Says what was left out, and shows the end of it. */
  finish(cell: LimitedOutput): void {
    const { printed } = cell;
    if (!printed.left) return;
    const missing = printed.left - printed.tail.length;
    const note = missing > 0 ? `\n… ${missing.toLocaleString("en")} characters left out …\n` : "";
    this.#send(cell.id, "stdout", `${note}${printed.tail}`);
    printed.left = 0;
    printed.tail = "";
  }
}
