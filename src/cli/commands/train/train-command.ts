import { existsSync, statSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { readCsvList } from "../../../kernel-helpers/datasets/classes/csv-list.js";
import { readFolderPerClass } from "../../../kernel-helpers/datasets/classes/folder-per-class.js";
import { labelsOf, type PictureSet, type StoredPicture } from "../../../kernel-helpers/images/picture.js";
import { WORLD_PARTS, type WorldPart } from "../../../world/drawing.js";
import { readWorld } from "../../../world/read-world.js";
import { drawWorld } from "../../../world/draw-world.js";
import type { Device, TfjsDevice } from "../../../kernel-helpers/engines/engine.js";
import { isSkipped, lookAtAll } from "../../../kernel-helpers/networks/look-at-all.js";
import { openNetwork } from "../../../kernel-helpers/networks/open-network.js";
import { CamlabError, messageOf } from "../../../kernel-helpers/support/errors.js";
import { printable } from "../../../kernel-helpers/support/escape.js";
import type { OnProgress } from "../../../kernel-helpers/support/progress.js";
import { seededRandom, shuffled } from "../../../kernel-helpers/support/random.js";
import { fineTune } from "../../../kernel-helpers/training/fine-tune.js";
import { gapArchitecture } from "../../../kernel-helpers/training/parameters/gap-architecture.js";
import type { Optimizer } from "../../../kernel-helpers/training/loop/optimizer.js";
import { AUGMENTATIONS, usualRecipe } from "../../../kernel-helpers/training/usual-recipe.js";
import { countsOf } from "../../../world/usual-counts.js";
import { trainGapNetwork } from "../../../kernel-helpers/training/train-gap-network.js";
import type { Recipe, Trainable, TrainOptions } from "../../../kernel-helpers/training/train-options.js";
import type { TrainedNetwork } from "../../../kernel-helpers/training/trained-network.js";
import type { EpochEvent, TrainingEvent } from "../../../kernel-helpers/training/loop/training-events.js";
import { percentText } from "../../../widgets/kit/text/numbers.js";
import { skippedJson, tellSkipped } from "../../skipped.js";
import { tellNetwork, told } from "../../notes.js";
import { type PreprocessingFlags, preprocessingOf } from "../../network-flags.js";
import { ProgressBar } from "../../progress-bar.js";
import { UsageError } from "../../usage-error.js";
import { say, tell } from "../../terminal.js";

/** Flags of `camlab train`, as parsed. */
export interface TrainFlags extends PreprocessingFlags {
  readonly data: string;
  readonly out: string;
  readonly network?: string;
  readonly trainable?: Trainable;
  readonly size?: number;
  readonly channels: readonly number[];
  readonly pooling: "average" | "max";
  readonly epochs?: number;
  readonly batch?: number;
  readonly optimizer?: Optimizer["kind"];
  readonly learningRate?: number;
  readonly labelSmoothing?: number;
  readonly augment?: keyof typeof AUGMENTATIONS;
  readonly patience?: number;
  readonly validation: number;
  readonly train?: number;
  readonly test?: number;
  readonly seed?: number;
  readonly engine?: "onnxruntime" | "tfjs";
  readonly device: Device | TfjsDevice | "auto";
  readonly fresh?: boolean;
  readonly json?: boolean;
}

/**
 * `camlab train`: a GAP network from scratch, or a fine-tuned one. Interrupted, its state stays in OUT/unfinished and
 * the same command goes on from there.
 *
 * @returns 0
 */
export async function trainCommand(flags: TrainFlags, signal: AbortSignal): Promise<number> {
  if (flags.trainable === "head" && flags.network === undefined) {
    throw new UsageError("--trainable head needs --network: the layers of a new network have yet to learn");
  }
  checkInput(flags);
  const bar = new ProgressBar(process.stderr);
  const data = await readData(flags, bar.update, signal).finally(() => bar.clear());
  const parts = divided(data.pictures, flags);
  if (parts.learn.length === 0) throw new CamlabError(`${flags.data} holds no image to learn from`);
  const unfinished = join(flags.out, "unfinished");
  const told = teller(bar);
  const options = {
    ...recipeOf(flags),
    pictures: parts.learn,
    validation: parts.validation,
    classes: classesOf(data, parts.learn),
    engine: flags.engine,
    device: flags.device,
    checkpoint: { folder: unfinished, everySeconds: 30, resume: !flags.fresh },
    signal,
    onProgress: told.onProgress,
    onEvent: told.onEvent,
  };
  let trained: TrainedNetwork;
  try {
    trained = await started(flags, options);
  } catch (error) {
    bar.clear();
    throw explained(error, unfinished, signal);
  }
  bar.clear();
  tellNetwork(trained);
  await trained.save(flags.out);
  await rm(unfinished, { recursive: true, force: true });
  const judged = parts.test.length > 0 ? await judge(flags.out, parts.test, signal, bar) : undefined;
  report(flags, trained, judged);
  return 0;
}

/** A new network says itself how pictures reach it; one that is fine-tuned keeps its size. */
function checkInput({ network, size, ...flags }: TrainFlags): void {
  if (network !== undefined && size !== undefined) {
    throw new UsageError("--size belongs to new networks: one that is fine-tuned keeps the size of its input");
  }
  const [given] = Object.keys(preprocessingOf(flags));
  if (network === undefined && given !== undefined) {
    const flag = given.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    throw new UsageError(`--${flag} belongs to --network: a new network takes pixels in its own way`);
  }
}

async function started(flags: TrainFlags, options: Omit<TrainOptions, "graph">): Promise<TrainedNetwork> {
  if (flags.network !== undefined) {
    return fineTune({ ...options, network: flags.network, preprocessing: preprocessingOf(flags) });
  }
  const { size = 64, channels, pooling, seed } = flags;
  const stages = channels.map((count) => ({ channels: count, stride: 2 }));
  const graph = gapArchitecture({ classes: options.classes?.length ?? 0, size, stages, pooling, seed });
  return trainGapNetwork({ ...options, graph });
}

/** What the flags say, over the usual recipe. */
function recipeOf(flags: TrainFlags): Recipe {
  const { network, trainable, optimizer, epochs, learningRate, patience, batch, labelSmoothing, augment, seed } = flags;
  const given: Recipe = {
    epochs,
    learningRate,
    patience,
    batchSize: batch,
    labelSmoothing,
    augmentation: augment && AUGMENTATIONS[augment],
    seed,
  };
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Recipe;
  return { ...usualRecipe({ trained: network !== undefined, trainable, optimizer }), ...set };
}

async function readData(
  flags: TrainFlags,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<PictureSet<StoredPicture>> {
  const { data, test } = flags;
  if (!existsSync(data)) {
    if ((WORLD_PARTS as readonly string[]).includes(data)) {
      const { train } = countsOf(data as WorldPart, flags);
      return drawWorld(data as WorldPart, {
        train,
        val: Math.ceil(train * flags.validation),
        test,
        seed: flags.seed,
        onProgress,
        signal,
      });
    }
    throw new UsageError(`--data ${data}: no such file or folder, nor a drawn part (${WORLD_PARTS.join(", ")})`);
  }
  if (!statSync(data).isDirectory()) return told(await readCsvList(data));
  return existsSync(join(data, "records.jsonl")) ? readWorld(data) : told(await readFolderPerClass(data));
}

/** The pictures by what they are for; where there is no split val, some of those to learn from are kept for it. */
function divided(images: readonly StoredPicture[], { validation, seed = 1 }: TrainFlags) {
  const of = (split: string) => images.filter((image) => image.split === split);
  const learn = images.filter(({ split }) => split === undefined || split === "train");
  const own = of("val");
  if (own.length > 0) return { learn, validation: own, test: of("test") };
  const kept = new Set(
    shuffled(learn, seededRandom(`validation ${seed}`)).slice(0, Math.round(learn.length * validation)),
  );
  return {
    learn: learn.filter((image) => !kept.has(image)),
    validation: learn.filter((image) => kept.has(image)),
    test: of("test"),
  };
}

/** The data set's classes that there are pictures of. */
function classesOf({ classes }: PictureSet<StoredPicture>, learn: readonly StoredPicture[]): string[] {
  const seen = new Set(learn.flatMap(labelsOf));
  return classes.filter((name) => seen.has(name));
}

/** A bar while an epoch goes on, a line when it ends. */
function teller(bar: ProgressBar) {
  const start = performance.now();
  const onEvent = (event: TrainingEvent): void => {
    if (event.kind === "epoch") {
      bar.clear();
      tell(epochLine(event));
      return;
    }
    const { epoch, epochs, step, steps, loss } = event;
    const label = `epoch ${epoch}/${epochs}, loss ${loss.toFixed(3)}, steps`;
    const done = (epoch - 1) * steps + step;
    bar.update({ label, done, total: epochs * steps, elapsed: performance.now() - start });
  };
  const onProgress: OnProgress = (progress) => {
    if (progress.label.startsWith("reading")) bar.update(progress);
  };
  return { onEvent, onProgress };
}

function epochLine({ epoch, epochs, loss, validation, seconds }: EpochEvent): string {
  const figure = validation?.accuracy ?? validation?.meanAveragePrecision;
  const name = validation?.accuracy === undefined ? "mean average precision" : "accuracy";
  const judged = figure === undefined ? "" : `, validation ${name} ${percentText(figure, 1)}`;
  return `epoch ${epoch}/${epochs}: loss ${loss.toFixed(3)}${judged} (${seconds.toFixed(1)} s)\n`;
}

/** Says how to go on after Ctrl-C, and how to start anew. */
function explained(error: unknown, unfinished: string, signal: AbortSignal): unknown {
  if (signal.aborted && existsSync(unfinished)) {
    tell(`kept in ${printable(unfinished)}: the same command goes on from there, --fresh starts anew\n`);
    return error;
  }
  const [, why] = /another training's \((.*)\): take another folder/s.exec(messageOf(error)) ?? [];
  if (why !== undefined) {
    return new CamlabError(
      `${unfinished} holds an interrupted training with other pictures or settings (${why}): repeat its command to go on, ` +
        "or add --fresh to start anew, which overwrites it",
    );
  }
  return error;
}

interface Judged {
  readonly images: number;
  readonly right: number;
  readonly accuracy: number;
}

/** The written network's own answers, by ONNX Runtime, to pictures with one label; undefined where there are none. */
async function judge(
  folder: string,
  images: readonly StoredPicture[],
  signal: AbortSignal,
  bar: ProgressBar,
): Promise<Judged | undefined> {
  const labelled = images.filter(({ label }) => label !== undefined);
  if (labelled.length === 0) return undefined;
  using network = await openNetwork(folder);
  let [right, seenImages] = [0, 0];
  for await (const seen of lookAtAll(network, labelled, { top: 1, signal, onProgress: bar.update })) {
    if (isSkipped(seen)) continue;
    seenImages++;
    if (seen.top[0].name === seen.picture.label) right++;
  }
  bar.clear();
  return { images: seenImages, right, accuracy: right / Math.max(1, seenImages) };
}

function report(flags: TrainFlags, trained: TrainedNetwork, test: Judged | undefined): void {
  const { classes, history, skipped, provenance } = trained;
  if (flags.json) {
    const { backend, seconds, epoch, images } = provenance;
    say(
      `${JSON.stringify({ out: flags.out, classes, images, backend, seconds, epoch, history, test, skipped: skippedJson(skipped), notes: trained.notes })}\n`,
    );
    return;
  }
  tellSkipped(skipped);
  const lines = [
    `${classes.length} classes from ${provenance.images.learnedFrom} images in ${provenance.seconds.toFixed(0)} s on ${provenance.backend}`,
    ...(test ? [`test accuracy ${percentText(test.accuracy, 1)} of ${test.images} images, by ONNX Runtime`] : []),
    `wrote ${printable(flags.out)}: camlab look PHOTO --network ${printable(flags.out)}`,
  ];
  say(`${lines.join("\n")}\n`);
}
