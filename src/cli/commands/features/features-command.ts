import { readCsvList } from "../../../kernel-helpers/datasets/classes/csv-list.js";
import { readFolderPerClass } from "../../../kernel-helpers/datasets/classes/folder-per-class.js";
import { extractFeatures } from "../../../kernel-helpers/features/extract-features.js";
import { checkDestination, saveFeatures } from "../../../kernel-helpers/features/feature-files.js";
import type { PictureSet, StoredPicture } from "../../../kernel-helpers/images/picture.js";
import { CamlabError } from "../../../kernel-helpers/support/errors.js";
import { printable } from "../../../kernel-helpers/support/escape.js";
import { otherNotes, tellNotes } from "../../notes.js";
import { networkJson } from "../../network-json.js";
import { openFlagged, type NetworkFlags } from "../../network-flags.js";
import { ProgressBar } from "../../progress-bar.js";
import { skippedJson, tellSkipped } from "../../skipped.js";
import { foundImages } from "../../found-images.js";
import { say } from "../../terminal.js";

/** Flags of `camlab features`, as parsed. */
export interface FeaturesFlags extends NetworkFlags {
  readonly out: string;
  readonly folders?: boolean;
  readonly pooling?: "average" | "max";
  readonly layer?: string;
  readonly crops: "one" | "ten";
  readonly batch?: number;
  readonly cache: boolean;
  readonly json?: boolean;
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
  const started = performance.now();
  const { items, notes: ofItems = [] } = await itemsOf(sources, flags.folders);
  using network = await openFlagged(flags);
  const { pooling, layer, crops, cache, batch: batchSize } = flags;
  const bar = new ProgressBar(process.stderr);
  const options = { pooling, layer, crops, cache, batchSize, signal, onProgress: bar.update };
  const features = await extractFeatures(network, items, options).finally(() => bar.clear());
  const { rows, columns, skipped, origin } = features;
  const notes = [...ofItems, ...features.notes, ...features.cacheNotes];
  if (rows > 0) await saveFeatures(features, flags.out);
  const seconds = (performance.now() - started) / 1000;
  tellNotes(otherNotes(notes, network));
  if (flags.json) {
    const written = rows > 0 ? flags.out : null;
    say(
      `${JSON.stringify({ ...networkJson(network), ...origin, rows, columns, out: written, seconds, skipped: skippedJson(skipped), notes })}\n`,
    );
  } else {
    tellSkipped(skipped);
    say(summary(rows, columns, flags.out, seconds, skipped.length, origin?.network ?? ""));
  }
  return rows > 0 ? 0 : 1;
}

/** A list with a header `image,label[,split]`; or folders of classes; or any files, folders and globs. */
async function itemsOf(sources: readonly string[], folders?: boolean): Promise<Items> {
  if (folders) {
    if (sources.length !== 1) throw new CamlabError("--folders takes one folder, which holds a folder for each class");
    return itemsIn(await readFolderPerClass(sources[0]));
  }
  if (sources.length !== 1 || !/\.csv$/i.test(sources[0])) return { items: await foundImages(sources) };
  return itemsIn(await readCsvList(sources[0]));
}

interface Items {
  readonly items: readonly (string | StoredPicture)[];
  readonly notes?: readonly string[];
}

function itemsIn({ pictures, notes }: PictureSet<StoredPicture>): Items {
  return { items: pictures, notes };
}

function summary(rows: number, columns: number, out: string, seconds: number, left: number, network: string): string {
  const skipped = left > 0 ? `, ${left} skipped` : "";
  if (rows === 0) return `no image could be read${skipped}: nothing written\n`;
  const time = `${seconds.toFixed(1)} s`;
  return `${rows} images × ${columns} features of ${printable(network)} in ${printable(out)}${skipped} (${time})\n`;
}
