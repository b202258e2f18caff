/** As many signatures are remembered as Jupyter's own kernel remembers. */
const REMEMBERED = 2 ** 16;

/**
 * Knows the signatures of the messages that came before: a signed message that comes a second time was recorded and sent
 * again by somebody who does not have the key. Of more than 65,536 the oldest are forgotten.
 */
export class ReplayGuard {
  readonly #seen = new Set<string>();

  /** Whether this signature comes for the first time. */
  isNew(signature: string): boolean {
    if (this.#seen.has(signature)) return false;
    this.#seen.add(signature);
    if (this.#seen.size > REMEMBERED) this.#seen.delete(this.#seen.values().next().value!);
    return true;
  }
}
