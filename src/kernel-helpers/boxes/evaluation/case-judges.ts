import { setImmediate } from "node:timers/promises";
import type { HeatMap } from "../../cam/heat-map.js";
import type { Box } from "../../images/box.js";
import type { PreparedImage } from "../../images/input/prepare-image.js";
import type { RunLengthMask } from "../../images/masks/masks.js";
import { messageOf } from "../../support/errors.js";
import { openWorkers, type WorkerPool } from "../../support/workers.js";
import { type CaseFigures, type CaseToJudge, figuresOf, type JudgingSetting } from "./judge-case.js";

/** Figures of a case, or why there are none. */
export type Judgement = CaseFigures | { readonly error: string };

/** After this many cases threads are begun: starting, and becoming fast, costs one what half of them cost. */
const WORTH_THREADS = 1000;
const MOST_THREADS = 4;

/**
 * Judges many cases, beside the network: in threads of their own, which leave it a core. What they tell is what the calling
 * thread would, which judges where there are few cases, no second core, a rule that looks at photos, or no thread to be had.
 */
export class CaseJudges implements AsyncDisposable {
  readonly #setting: JudgingSetting;
  readonly #signal: AbortSignal | undefined;
  readonly #after: number;
  #threads: number;
  #pool: WorkerPool<readonly CaseToJudge[], Judgement[]> | undefined;
  #judged = 0;
  #last: Promise<unknown> = Promise.resolve();

  /**
   * @param cores that may be used
   * @param after how many cases threads are begun; 1,000 unless given
   */
  constructor(
    setting: JudgingSetting,
    {
      cores,
      signal,
      after = WORTH_THREADS,
    }: { readonly cores: number; readonly signal?: AbortSignal; readonly after?: number },
  ) {
    this.#setting = setting;
    this.#signal = signal;
    this.#after = after;
    this.#threads = setting.boxRule.rule === "graph-cut" ? 0 : Math.min(MOST_THREADS, cores - 1);
  }

  /**
   * Judges cases, once those that were given before are judged.
   *
   * @param photoOf gives the photo of a case, by its number, to rules that look at it
   */
  judge(cases: readonly CaseToJudge[], photoOf: (at: number) => Promise<PreparedImage>): Promise<Judgement[]> {
    const next = this.#last.then(() => this.#judge(cases, photoOf));
    this.#last = next.catch(() => {});
    return next;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool?.close();
  }

  async #judge(cases: readonly CaseToJudge[], photoOf: (at: number) => Promise<PreparedImage>): Promise<Judgement[]> {
    this.#signal?.throwIfAborted();
    if (this.#judged >= this.#after && this.#threads > 0) {
      try {
        return await this.#elsewhere(cases);
      } catch {
        this.#signal?.throwIfAborted();
        this.#threads = 0;
      }
    }
    this.#judged += cases.length;
    const judged: Judgement[] = [];
    for (const [at, one] of cases.entries()) {
      try {
        const photo = this.#setting.boxRule.rule === "graph-cut" ? await photoOf(at) : undefined;
        judged.push(figuresOf(one, this.#setting, photo));
      } catch (error) {
        judged.push({ error: messageOf(error) });
      }
      // Or what was decoded and run meanwhile waits until all of these are judged.
      await setImmediate();
      this.#signal?.throwIfAborted();
    }
    return judged;
  }

  async #elsewhere(cases: readonly CaseToJudge[]): Promise<Judgement[]> {
    const { protocol, conventions, boxRule, guesses, thresholds } = this.#setting;
    this.#pool ??= openWorkers(
      new URL("./judge-worker", import.meta.url),
      { protocol, conventions, boxRule, guesses, thresholds },
      this.#threads,
    );
    const each = Math.ceil(cases.length / this.#threads);
    const parts = Array.from({ length: Math.ceil(cases.length / each) }, (_, i) =>
      cases.slice(i * each, (i + 1) * each).map(plainCase),
    );
    return (await this.#pool.run(parts, { signal: this.#signal })).flat();
  }
}

/** Without what cannot be sent or is not needed, as pictures' own objects may have it. */
function plainCase({ boxes, masks, ignored, seen }: CaseToJudge): CaseToJudge {
  const { imageWidth, imageHeight, top, trueMap, maps } = seen;
  return {
    boxes: boxes.map(plainBox),
    masks: masks.map(plainMask),
    ignored: ignored.map(plainMask),
    seen: { imageWidth, imageHeight, top, trueMap: plainMap(trueMap), maps: maps.map(plainMap) },
  };
}

function plainBox({ x, y, width, height }: Box): Box {
  return { x, y, width, height };
}

function plainMask({ width, height, counts }: RunLengthMask): RunLengthMask {
  return { width, height, counts };
}

function plainMap({ width, height, data, placement }: HeatMap): HeatMap {
  // A part of an array is sent with all of it.
  return { width, height, data: data.byteLength < data.buffer.byteLength ? data.slice() : data, placement };
}
