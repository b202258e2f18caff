import { extractFeatures } from "../../../kernel-helpers/features/extract-features.js";
import { checkDestination, saveFeatures } from "../../../kernel-helpers/features/feature-files.js";
import { nameOf } from "../../../kernel-helpers/images/picture.js";
import { messageOf } from "../../../kernel-helpers/support/errors.js";
import { printable } from "../../../kernel-helpers/support/escape.js";
import { otherNotes, tellNotes } from "../../notes.js";
import { networkJson } from "../../network-json.js";
import { openFlagged, type NetworkFlags } from "../../network-flags.js";
import { sharesOf, splitInParts, type SplitShares } from "../../../kernel-helpers/datasets/sets/split-in-parts.js";
import type { FeatureTable } from "../../../kernel-helpers/features/feature-table.js";
import { grouped } from "../../../kernel-helpers/support/grouped.js";
import type { Shard } from "../../../kernel-helpers/support/shard.js";
import { ProgressBar } from "../../progress-bar.js";
import { skippedJson, tellSkipped } from "../../skipped.js";
import { type FoundSet, foundSet } from "../../found-images.js";
import { say } from "../../terminal.js";
import { UsageError } from "../../usage-error.js";

/** Flags of `camlab features`, as parsed. */
export interface FeaturesFlags extends NetworkFlags {
  readonly out: string;
  readonly folders?: boolean;
  readonly split?: readonly string[];
  readonly seed?: number;
  readonly redeal?: boolean;
  readonly pooling?: "average" | "max";
  readonly layer?: string;
  readonly crops: "one" | "ten";
  readonly batch?: number;
  readonly cache: boolean;
  readonly json?: boolean;
  readonly shard?: Shard;
}

/**
 * `camlab features`: pooled feature maps of many images, as a file. Interrupted, it goes on from there when called again.
 *
 * @returns 0 if at least one image was done, 1 if none
 */
export async function featuresCommand(
  sources: readonly string[],
  flags: FeaturesFlags,
  signal: AbortSignal,
): Promise<number> {
  await checkDestination(flags.out);
  if (flags.shard && !flags.out.endsWith(".arrow"))
    throw new UsageError("--shard writes .arrow: merge shards, then choose a form");
  const started = performance.now();
  const { pictures, notes: ofPictures = [] } = dealt(await foundSet(sources, flags.folders), flags);
  using network = await openFlagged(flags);
  const { pooling, layer, crops, cache, shard, batch: batchSize } = flags;
  const bar = new ProgressBar(process.stderr);
  const options = { pooling, layer, crops, cache, batchSize, shard, signal, onProgress: bar.update };
  const features = await extractFeatures(network, pictures, options).finally(() => bar.clear());
  const { rows, columns, skipped, origin } = features;
  const notes = [...ofPictures, ...features.notes, ...features.cacheNotes];
  const isWritten = rows > 0 || shard !== undefined;
  if (isWritten) await saveFeatures(features, flags.out);
  const seconds = (performance.now() - started) / 1000;
  tellNotes(otherNotes(notes, network));
  if (flags.json) {
    const written = isWritten ? flags.out : null;
    const figures = {
      ...networkJson(network),
      ...origin,
      rows,
      columns,
      out: written,
      splits: splitsOf(features),
      ...(shard && { shard }),
      seconds,
    };
    say(`${JSON.stringify({ ...figures, skipped: skippedJson(skipped), notes })}\n`);
  } else {
    tellSkipped(skipped);
    say(summary(features, flags.out, seconds));
  }
  return isWritten ? 0 : 1;
}

/** The images dealt into splits, where that was asked for. */
function dealt({ pictures, notes }: FoundSet, { split, seed, redeal }: FeaturesFlags): FoundSet {
  if (split === undefined) {
    if (seed !== undefined || redeal) throw new UsageError("--seed and --redeal belong to --split name=share");
    return { pictures, notes };
  }
  const shares = sharesGiven(split);
  const has = pictures.find((picture) => picture.split !== undefined);
  if (has && !redeal) {
    throw new UsageError(
      `the images have a split already (${nameOf(has)} is ${has.split}): leave --split out, or add --redeal to deal them anew`,
    );
  }
  return splitInParts({ pictures, classes: [], notes }, shares, { seed, redeal });
}

function sharesGiven(texts: readonly string[]): SplitShares {
  try {
    return sharesOf(texts);
  } catch (error) {
    throw new UsageError(`--split: ${messageOf(error)}`);
  }
}

/** How many rows are of each split; undefined where there are none. */
function splitsOf({ pictures }: FeatureTable): Readonly<Record<string, number>> | undefined {
  if (pictures.every(({ split }) => split === undefined)) return undefined;
  return Object.fromEntries(
    [...grouped(pictures, ({ split = "none" }) => split)].map(([name, own]) => [name, own.length]),
  );
}

function summary(features: FeatureTable, out: string, seconds: number): string {
  const { rows, columns, skipped, origin } = features;
  const left = skipped.length > 0 ? `, ${skipped.length} skipped` : "";
  if (rows === 0 && !features.shard) return `no image could be read${left}: nothing written\n`;
  const splits = Object.entries(splitsOf(features) ?? {}).map(([name, count]) => `${count} ${printable(name)}`);
  const parts = splits.length > 0 ? ` (${splits.join(", ")})` : "";
  const time = `${seconds.toFixed(1)} s`;
  const network = printable(origin?.network ?? "");
  return `${rows} images${parts} × ${columns} features of ${network} in ${printable(out)}${left} (${time})\n`;
}
