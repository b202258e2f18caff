import { rm } from "node:fs/promises";
import { resolve } from "node:path";
import { checkDestination, saveFeatures } from "../../../kernel-helpers/features/feature-files.js";
import { submitFeatures } from "../../../kernel-helpers/queue/submit-features.js";
import { printable } from "../../../kernel-helpers/support/escape.js";
import { drawnNowAndThen, type Progress, progressWords } from "../../../kernel-helpers/support/progress.js";
import { foundSet } from "../../found-images.js";
import { type NetworkFlags, openOptions } from "../../network-flags.js";
import { tellNotes } from "../../notes.js";
import { ProgressBar } from "../../progress-bar.js";
import { tellSkipped } from "../../skipped.js";
import { say, tell } from "../../terminal.js";
import { queuePlace, type QueueFlags } from "../work/queue-flags.js";

/** Flags of `camlab submit features`, as parsed. */
export interface SubmitFlags extends NetworkFlags, QueueFlags {
  readonly out: string;
  readonly folders?: boolean;
  readonly pooling?: "average" | "max";
  readonly layer?: string;
  readonly crops: "one" | "ten";
  readonly shardSize: number;
  readonly attempts: number;
  readonly keepParts?: boolean;
  readonly merge: boolean;
}

/**
 * `camlab submit features`: waits until workers have made all shards, and puts them together.
 *
 * @returns 0
 * @throws CamlabError naming the shards that failed in every attempt
 */
export async function submitFeaturesCommand(
  sources: readonly string[],
  flags: SubmitFlags,
  signal: AbortSignal,
): Promise<number> {
  await checkDestination(flags.out);
  const { pictures, notes = [] } = await foundSet(sources, flags.folders);
  tellNotes(notes);
  const { device: _, threads: __, ...opening } = openOptions(flags);
  const { network, pooling, layer, crops, shardSize, attempts } = flags;
  const folder = resolve(`${flags.out}.parts`);
  const bar = new ProgressBar(process.stderr);
  const place = await queuePlace(flags);
  const job = await submitFeatures(pictures, {
    ...place,
    ...{ folder, network, opening, pooling, layer, crops, shardSize, attempts, signal },
    onProgress: process.stderr.isTTY ? bar.update : lines(),
    onNote: (note) => tell(`${printable(note)}\n`),
  }).finally(() => bar.clear());
  if (!flags.merge) {
    say(`${job.pictures} pictures in ${job.shards} parts in ${printable(folder)}\n`);
    return 0;
  }
  const features = await job.merged();
  await saveFeatures(features, flags.out);
  if (!flags.keepParts) await rm(folder, { recursive: true, force: true });
  tellSkipped(features.skipped);
  const left = features.skipped.length > 0 ? `, ${features.skipped.length} skipped` : "";
  say(`${features.rows} images × ${features.columns} features in ${printable(flags.out)}${left}\n`);
  return 0;
}

/** A line now and then, for logs. */
function lines(): (progress: Progress) => void {
  let said = -1;
  return drawnNowAndThen((progress) => {
    const { percent = 0, count, pace, time } = progressWords(progress);
    if (percent === said) return;
    said = percent;
    tell(`${[count, `${percent} %`, pace, time].filter(Boolean).join("  ")}\n`);
  });
}
