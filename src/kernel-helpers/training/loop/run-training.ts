// The loop: batches, steps, validation, checkpoints, and when to stop.
import { performance } from "node:perf_hooks";
import { setImmediate as pause } from "node:timers/promises";
import { CamlabError } from "../../support/errors.js";
import type { OnProgress } from "../../support/progress.js";
import { type Batch, batchesOf, stepsOf, type BatchSource } from "../data/batches.js";
import { readCheckpoint, writeCheckpoint } from "./checkpoint.js";
import { gradientNorm, startOptimizer, takeStep } from "./optimizer.js";
import { variableGradients, weightsOf, type Parameters } from "../parameters/parameters.js";
import { learningRateAt } from "./schedule.js";
import { lossValue } from "./loss-value.js";
import type { Feeds, RunningAverage, StepProgram } from "./step-program.js";
import { targetNumbers } from "../data/targets.js";
import type { CheckpointOptions, FullRecipe } from "../train-options.js";
import { figureOf, type EpochRecord, type TrainingEvent, type ValidationFigures } from "./training-events.js";
import { validationFigures } from "./validation-figures.js";

/** What the loop works on. Items are indices. */
export interface TrainingSetting {
  readonly program: StepProgram;
  readonly parameters: Parameters;
  readonly recipe: FullRecipe;
  readonly source: BatchSource;
  /** The classes of each item. */
  readonly truth: readonly (readonly number[])[];
  readonly classes: number;
  readonly learn: readonly number[];
  readonly validate: readonly number[];
  readonly nameOf: (item: number) => string;
  /** Of all but the pictures: network, recipe, classes, backend. */
  readonly fingerprint: string;
  /** What each picture is, when there are checkpoints. */
  readonly pictures: readonly string[];
  readonly checkpoint?: CheckpointOptions;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
  readonly onEvent?: (event: TrainingEvent) => void;
}

/** What the loop ends with. */
export interface TrainingResult {
  /** What the network computes with, one list a parameter. */
  readonly weights: readonly Float32Array[];
  readonly running: readonly RunningAverage[];
  readonly history: readonly EpochRecord[];
  /** The epoch that the weights are of. */
  readonly epoch: number;
}

/** @throws CamlabError when the loss is no number any more; the signal's reason when it is aborted */
export async function runTraining(setting: TrainingSetting): Promise<TrainingResult> {
  const state = await openState(setting);
  const { recipe, learn, signal, checkpoint } = setting;
  const steps = stepsOf(learn.length, recipe.batchSize);
  const clock = new Clock(recipe.epochs * steps, state.epoch * steps + state.step);
  let saved = performance.now();
  let sinceSaved = 0;
  const save = async () => {
    if (checkpoint) await writeCheckpoint(checkpoint.folder, checkpointOf(setting, state));
    saved = performance.now();
    sinceSaved = 0;
  };
  const isDue = () => {
    if (checkpoint?.everySteps !== undefined && sinceSaved >= checkpoint.everySteps) return true;
    return performance.now() - saved > 1000 * (checkpoint?.everySeconds ?? 60);
  };
  while (state.epoch < recipe.epochs && !isStale(setting, state)) {
    const began = performance.now();
    const batches = batchesOf(learn, recipe.batchSize, recipe.seed, state.epoch);
    let learningRate = 0;
    const ahead = new Ahead(setting);
    for (; state.step < steps;) {
      if (signal?.aborted) await Promise.all([save(), ahead.drop()]);
      signal?.throwIfAborted();
      learningRate = learningRateAt(
        recipe.schedule,
        recipe.learningRate,
        (state.epoch * steps + state.step) / (recipe.epochs * steps),
      );
      const { indices, feeds } = await ahead.take(batches[state.step], state.epoch);
      const learning = indices.length > 0 ? learnFrom(setting, state, indices, feeds, learningRate) : 0;
      // The next pictures are read meanwhile, and changed where this thread is left free.
      if (state.step + 1 < steps) ahead.begin(batches[state.step + 1], state.epoch);
      let loss: number;
      try {
        loss = await learning;
      } catch (error) {
        await ahead.drop();
        throw error;
      } finally {
        setting.program.release(feeds);
      }
      state.step += 1;
      state.lossSum += loss;
      sinceSaved += 1;
      clock.tick(indices.length);
      setting.onProgress?.({ label: "training", done: clock.done, total: clock.total, elapsed: clock.elapsed });
      setting.onEvent?.({
        kind: "step",
        epoch: state.epoch + 1,
        epochs: recipe.epochs,
        step: state.step,
        steps,
        loss,
        learningRate,
        imagesPerSecond: clock.imagesPerSecond,
        secondsLeft: clock.secondsLeft,
      });
      if (checkpoint && state.step < steps && isDue()) await save();
      await pause();
    }
    const validation = await judged(setting, state);
    const record: EpochRecord = {
      epoch: state.epoch + 1,
      loss: state.lossSum / steps,
      learningRate,
      seconds: (performance.now() - began) / 1000,
      ...(validation && { validation }),
    };
    state.history.push(record);
    state.epoch += 1;
    state.step = 0;
    state.lossSum = 0;
    keepBest(setting, state, record);
    setting.onEvent?.({ kind: "epoch", epochs: recipe.epochs, ...record });
    await save();
  }
  const best = state.best;
  const values = best && recipe.patience !== undefined ? best.values : judgedValues(state);
  const running =
    best && recipe.patience !== undefined ? best.running : setting.program.running.map(({ value }) => value);
  return {
    weights: weightsOf(setting.parameters, values),
    running: setting.program.running.map(({ name }, i) => ({ name, value: running[i] })),
    history: state.history,
    epoch: best && recipe.patience !== undefined ? best.epoch : state.epoch,
  };
}

interface State {
  epoch: number;
  step: number;
  lossSum: number;
  readonly history: EpochRecord[];
  readonly values: readonly Float32Array[];
  readonly optimizer: ReturnType<typeof startOptimizer>;
  /** Moving averages of the variables. */
  readonly averages?: readonly Float32Array[];
  best?: { epoch: number; figure: number; values: readonly Float32Array[]; running: readonly Float32Array[] };
}

async function openState(setting: TrainingSetting): Promise<State> {
  const { parameters, recipe, program, checkpoint } = setting;
  const values = parameters.variables.map(({ value }) => value);
  const state: State = {
    epoch: 0,
    step: 0,
    lossSum: 0,
    history: [],
    values,
    optimizer: startOptimizer(recipe.optimizer, parameters.variables),
    ...(recipe.average !== undefined && { averages: values.map((value) => value.slice()) }),
  };
  if (!checkpoint || checkpoint.resume === false) return state;
  const found = await readCheckpoint(checkpoint.folder, setting);
  if (!found) return state;
  state.epoch = found.epoch;
  state.step = found.step;
  state.lossSum = found.lossSum;
  state.history.push(...found.history);
  state.optimizer.steps = found.optimizerSteps;
  const lists = [...found.lists];
  for (const list of listsOf(setting, state)) list.set(lists.shift()!);
  if (found.best) {
    const own = lists.splice(0, values.length);
    state.best = { ...found.best, values: own, running: lists.splice(0, program.running.length) };
  }
  return state;
}

/** All that changes in place. */
function listsOf({ program }: TrainingSetting, { values, optimizer, averages = [] }: State): Float32Array[] {
  return [...values, ...optimizer.slots, ...averages, ...program.running.map(({ value }) => value)];
}

function checkpointOf(setting: TrainingSetting, state: State) {
  const { best } = state;
  return {
    fingerprint: setting.fingerprint,
    pictures: setting.pictures,
    epoch: state.epoch,
    step: state.step,
    lossSum: state.lossSum,
    history: state.history,
    optimizerSteps: state.optimizer.steps,
    ...(best && { best: { epoch: best.epoch, figure: best.figure } }),
    lists: [...listsOf(setting, state), ...(best ? [...best.values, ...best.running] : [])],
  };
}

async function learnFrom(
  setting: TrainingSetting,
  state: State,
  indices: readonly number[],
  feeds: Feeds,
  learningRate: number,
): Promise<number> {
  const { program, parameters, recipe, truth, classes } = setting;
  const lists = indices.map((index) => truth[index]);
  const targets = targetNumbers(lists, classes, recipe.loss, recipe.labelSmoothing);
  const { loss, gradients: own } = await program.step(feeds, weightsOf(parameters, state.values), targets);
  const gradients = variableGradients(parameters, own);
  const norm = gradientNorm(gradients);
  if (!Number.isFinite(loss) || !Number.isFinite(norm)) throw notANumber(setting, state, indices, loss);
  if (recipe.clipNorm !== undefined && norm > recipe.clipNorm) {
    for (const gradient of gradients) for (let i = 0; i < gradient.length; i++) gradient[i] *= recipe.clipNorm / norm;
  }
  const { weightDecay } = recipe;
  takeStep(recipe.optimizer, state.optimizer, parameters.variables, gradients, { learningRate, weightDecay });
  if (state.averages && recipe.average !== undefined) {
    // Early on the average forgets faster, so that it does not hang on to the random start.
    const memory = Math.min(recipe.average, state.optimizer.steps / (state.optimizer.steps + 10));
    state.averages.forEach((average, i) => {
      const value = state.values[i];
      for (let j = 0; j < average.length; j++) average[j] += (1 - memory) * (value[j] - average[j]);
    });
  }
  return loss;
}

function notANumber(
  { recipe, nameOf }: TrainingSetting,
  state: State,
  indices: readonly number[],
  loss: number,
): CamlabError {
  const some = indices.slice(0, 4).map(nameOf).join(", ");
  return new CamlabError(
    `the ${Number.isFinite(loss) ? "gradient" : "loss"} is no number any more, in step ${state.step + 1} of epoch ${state.epoch + 1}: ` +
      `lower the learning rate (now ${recipe.learningRate}), or limit the gradient (clipNorm: 1); if it happens in the ` +
      `first steps, check the preprocessing and the network's weights. This step's images: ${some}${indices.length > 4 ? ", …" : ""}`,
  );
}

function judgedValues(state: State): readonly Float32Array[] {
  return state.averages ?? state.values;
}

async function judged(setting: TrainingSetting, state: State): Promise<ValidationFigures | undefined> {
  const { validate, recipe, program, parameters, truth, classes, source, signal } = setting;
  if (validate.length === 0) return undefined;
  const weights = weightsOf(parameters, judgedValues(state));
  const logits: number[] = [];
  const rows: (readonly number[])[] = [];
  for (let start = 0; start < validate.length; start += recipe.batchSize) {
    signal?.throwIfAborted();
    const { indices, feeds } = await source.batch(program, validate.slice(start, start + recipe.batchSize));
    try {
      if (indices.length > 0) for (const score of await program.scores(feeds, weights)) logits.push(score);
    } finally {
      program.release(feeds);
    }
    rows.push(...indices.map((index) => truth[index]));
    await pause();
  }
  if (rows.length === 0) return undefined;
  const scores = Float32Array.from(logits);
  const loss = lossValue(recipe.loss, scores, targetNumbers(rows, classes, recipe.loss, 0), classes);
  return validationFigures(recipe.loss, scores, rows, loss);
}

function keepBest({ recipe, program }: TrainingSetting, state: State, { epoch, validation }: EpochRecord): void {
  if (recipe.patience === undefined || !validation) return;
  const figure = figureOf(validation);
  if (state.best && figure <= state.best.figure) return;
  const values = judgedValues(state).map((value) => value.slice());
  state.best = { epoch, figure, values, running: program.running.map(({ value }) => value.slice()) };
}

function isStale({ recipe }: TrainingSetting, { epoch, best }: State): boolean {
  return recipe.patience !== undefined && best !== undefined && epoch - best.epoch >= recipe.patience;
}

/** The batch that is made while one is learned from. */
class Ahead {
  #batch?: Promise<Batch>;

  constructor(readonly setting: TrainingSetting) {}

  begin(items: readonly number[], epoch: number): void {
    const { source, program } = this.setting;
    this.#batch = source.batch(program, items, epoch);
    // It is awaited in its turn; should that never come, a failure must not end the process.
    this.#batch.catch(() => {});
  }

  take(items: readonly number[], epoch: number): Promise<Batch> {
    if (!this.#batch) this.begin(items, epoch);
    const batch = this.#batch!;
    this.#batch = undefined;
    return batch;
  }

  /** Frees what nobody will learn from. */
  async drop(): Promise<void> {
    const batch = await this.#batch?.catch(() => undefined);
    this.#batch = undefined;
    if (batch) this.setting.program.release(batch.feeds);
  }
}

/** How fast it goes: of the last steps, since others may use the machine too. */
class Clock {
  done: number;
  readonly #start = performance.now();
  readonly #ticks: { at: number; images: number }[] = [{ at: performance.now(), images: 0 }];

  constructor(
    readonly total: number,
    begun: number,
  ) {
    this.done = begun;
  }

  tick(images: number): void {
    this.done += 1;
    this.#ticks.push({ at: performance.now(), images });
    if (this.#ticks.length > 50) this.#ticks.shift();
  }

  get elapsed(): number {
    return performance.now() - this.#start;
  }

  get imagesPerSecond(): number {
    const images = this.#ticks.slice(1).reduce((sum, tick) => sum + tick.images, 0);
    return (1000 * images) / Math.max(1, this.#window);
  }

  get secondsLeft(): number {
    return ((this.total - this.done) * this.#window) / 1000 / Math.max(1, this.#ticks.length - 1);
  }

  get #window(): number {
    return this.#ticks.at(-1)!.at - this.#ticks[0].at;
  }
}
