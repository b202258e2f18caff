import { messageOf } from "../../kernel-helpers/support/errors.js";
import { packedVega } from "../../widgets/kit/vega-runtime.js";
import type { ExploreAnswers, ExploreAsk } from "./explore-answers.js";

/** Sends to the front end. */
type Send = (content: object, buffers?: readonly Uint8Array[]) => void;

/** What a front end sends: an ask with its id, or a word about one. */
type Message = { readonly id: string } & (
  | ExploreAsk
  | { readonly kind: "runtime" }
  | { readonly kind: "layers" }
  | { readonly kind: "cancel" }
  | { readonly kind: "names"; readonly text: string }
);

/**
 * The messages of one explorer: each ask is heard at once, told how far it is, and answered or failed. One at a time is
 * worked on; a new one, or the word to cancel, ends the one before.
 */
export class ExploreTalk {
  readonly #answers: ExploreAnswers;
  readonly #send: Send;
  #running: { readonly id: string; readonly controller: AbortController } | undefined;
  #before: Promise<unknown> = Promise.resolve();

  constructor(answers: ExploreAnswers, send: Send) {
    this.#answers = answers;
    this.#send = send;
  }

  /** Deals with a message of the front end; never throws: what goes wrong is said to the front end. */
  async receive(content: unknown, buffers: readonly Uint8Array[]): Promise<void> {
    const message = content as Message | null;
    if (typeof message?.id !== "string") return;
    const { id } = message;
    if (message.kind === "cancel") {
      if (this.#running?.id === id) this.#running.controller.abort();
      return;
    }
    this.#send({ kind: "heard", id });
    try {
      switch (message.kind) {
        case "runtime":
          return this.#send({ kind: "answer", id }, [await packedVega()]);
        case "names":
          return this.#send({ kind: "answer", id, names: this.#answers.names(String(message.text)) });
        case "layers":
          return this.#send({ kind: "answer", id, ...(await this.#answers.layers()) });
        default:
          this.#send({ kind: "answer", id, ...(await this.#work(message, buffers[0])) });
      }
    } catch (error) {
      this.#send({ kind: "failed", id, error: messageOf(error) });
    }
  }

  async #work(ask: ExploreAsk & { readonly id: string }, bytes: Uint8Array | undefined) {
    this.#running?.controller.abort();
    const own = (this.#running = { id: ask.id, controller: new AbortController() });
    const { signal } = own.controller;
    const onStep = (words: string) => this.#send({ kind: "progress", id: ask.id, words });
    const before = this.#before;
    const answer = before.then(() => {
      signal.throwIfAborted();
      return this.#answers.answer(ask, bytes, onStep, signal);
    });
    this.#before = answer.catch(() => undefined);
    try {
      return await answer;
    } catch (error) {
      throw signal.aborted ? new Error("cancelled: what was shown before stays") : error;
    } finally {
      if (this.#running === own) this.#running = undefined;
    }
  }
}
