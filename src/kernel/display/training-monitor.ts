import { randomUUID } from "node:crypto";
import { check } from "../../kernel-helpers/support/check.js";
import { messageOf } from "../../kernel-helpers/support/errors.js";
import type { EpochEvent, TrainingEvent } from "../../kernel-helpers/training/loop/training-events.js";
import {
  trainingCurve,
  TRAINING_CURVE_OPTIONS,
  type TrainingCurveOptions,
} from "../../widgets/training/training-curve.js";
import { display } from "./display.js";
import { kernelHook } from "./kernel-hook.js";
import { progressBar } from "./progress-bar.js";

/**
 * Watches a training while it goes on: a bar with the epoch, the loss of the step and the pace, and below it the curves of
 * `widgets.trainingCurve`, drawn anew after each epoch. In a notebook both update in place; in a terminal there is the bar.
 *
 * @param options as those of `widgets.trainingCurve`
 * @returns a callback to pass as `onEvent`
 * @throws CamlabError for options that do not exist
 * @example
 * await trainGapNetwork({ graph: net, pictures, onEvent: notebook.trainingMonitor() });
 */
export function trainingMonitor(options: TrainingCurveOptions = {}): (event: TrainingEvent) => void {
  check.known(options, TRAINING_CURVE_OPTIONS, "trainingMonitor");
  const started = performance.now();
  const history: EpochEvent[] = [];
  const bar = progressBar();
  const redraw = oneAtATime(async (id) => display(trainingCurve({ history: [...history] }, options), { id }));
  return (event) => {
    if (event.kind === "epoch") {
      history.push(event);
      redraw();
      return;
    }
    const { epoch, epochs, step, steps, loss } = event;
    bar({
      label: `epoch ${epoch} of ${epochs}, loss ${loss.toFixed(3)}, steps`,
      done: (epoch - 1) * steps + step,
      total: epochs * steps,
      elapsed: performance.now() - started,
    });
  };
}

/** Draws in a notebook; what is asked for while it draws is drawn once more at its end. */
function oneAtATime(draw: (id: string) => Promise<unknown>): () => void {
  const id = randomUUID();
  let [isDrawing, again] = [false, false];
  const run = async () => {
    isDrawing = true;
    do {
      again = false;
      await draw(id).catch((error: unknown) => process.emitWarning(`the curves are not drawn: ${messageOf(error)}`));
    } while (again as boolean);
    isDrawing = false;
  };
  return () => {
    if (!kernelHook()) return;
    if (isDrawing) again = true;
    else void run();
  };
}
