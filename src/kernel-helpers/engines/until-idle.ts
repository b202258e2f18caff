import { CamlabError } from "../support/errors.js";

/** What an engine holds is freed once: when it was disposed and nothing runs any more. */
export class UntilIdle {
  #running = 0;
  #disposed = false;

  /** @param release frees what is held */
  constructor(readonly release: () => void) {}

  /**
   * Runs something that needs what is held.
   *
   * @throws CamlabError once it was disposed
   */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#disposed) throw new CamlabError("this engine was disposed: open the network again to run it");
    this.#running++;
    try {
      return await work();
    } finally {
      this.#running--;
      if (this.#disposed && this.#running === 0) this.release();
    }
  }

  /** Frees it now, or when what is running has come to its end; a second call does nothing. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    if (this.#running === 0) this.release();
  }
}
