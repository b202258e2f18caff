/**
 * Gathers small writes into few messages: the first write goes out at once, what follows within the pause goes out
 * together. A print in a tight loop would otherwise be thousands of messages.
 */
export class StreamBatcher {
  readonly #send: (cell: string, name: "stdout" | "stderr", text: string) => void;
  readonly #pause: number;
  #waiting: { cell: string; name: "stdout" | "stderr"; parts: string[] } | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(send: (cell: string, name: "stdout" | "stderr", text: string) => void, pause = 40) {
    this.#send = send;
    this.#pause = pause;
  }

  write(cell: string, name: "stdout" | "stderr", text: string): void {
    const waiting = this.#waiting;
    if (waiting && (waiting.cell !== cell || waiting.name !== name)) this.flush();
    if (!this.#timer) {
      this.#send(cell, name, text);
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.flush();
      }, this.#pause);
      return;
    }
    if (this.#waiting) this.#waiting.parts.push(text);
    else this.#waiting = { cell, name, parts: [text] };
  }

  /** Sends what is waiting. Call it before any other message, so that order is kept. */
  flush(): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting) this.#send(waiting.cell, waiting.name, waiting.parts.join(""));
  }
}
