import { classMaps } from "../../../kernel-helpers/boxes/class-maps.js";
import { classIndexOf } from "../../../kernel-helpers/cam/class-index.js";
import { listImages } from "../../../kernel-helpers/images/files/list-images.js";
import type { SkippedPicture } from "../../../kernel-helpers/images/picture.js";
import { lookAtAll } from "../../../kernel-helpers/networks/look-at-all.js";
import type { Seen } from "../../../kernel-helpers/networks/seen.js";
import { messageOf } from "../../../kernel-helpers/support/errors.js";
import { openGallery } from "../../gallery.js";
import { jsonReport, textReport } from "./look-report.js";
import { openFlagged, type NetworkFlags } from "../../network-flags.js";
import { ProgressBar } from "../../progress-bar.js";
import { UsageError } from "../../usage-error.js";
import { foundImages } from "../../found-images.js";
import { say, tell } from "../../terminal.js";

/** Flags of `camlab look`, as parsed. */
export interface LookFlags extends NetworkFlags {
  readonly top: number;
  readonly class?: readonly string[];
  readonly boxRule: "paper" | "authors";
  readonly threshold: number;
  readonly out?: string;
  readonly json?: boolean;
}

/**
 * `camlab look`: classes, maps and boxes of photos, as text, as one JSON document, as pictures in a folder or as one page. What
 * cannot be found, read or drawn is reported by name; the others are done.
 *
 * @returns 0 if at least one photo was done, 1 if none, 130 when interrupted
 * @throws UsageError for a class that the network does not know
 */
export async function lookCommand(patterns: readonly string[], flags: LookFlags, signal: AbortSignal): Promise<number> {
  const { files, missing } = await findImages(patterns);
  using network = await openFlagged(flags);
  const classes = flags.class?.map((name) => knownClass(network.classes, name));
  const report = flags.json ? jsonReport(say) : textReport(say, tell);
  const gallery = flags.out === undefined ? undefined : await openGallery(flags.out, files, network);
  const bar = new ProgressBar(process.stderr);
  const { boxRule: rule, threshold } = flags;
  const boxes = rule === "authors" ? ({ rule } as const) : { threshold };
  let done = 0;

  const add = async (seen: Seen | SkippedPicture): Promise<void> => {
    if ("error" in seen) {
      report.skipped(seen);
      return;
    }
    const maps = classMaps(seen, classes ?? seen.top.map(({ index }) => index), boxes);
    await gallery?.add(seen, maps, boxes);
    report.photo(seen, maps);
    done += 1;
  };

  report.start(network);
  for (const skipped of missing) report.skipped(skipped);
  try {
    for await (const seen of lookAtAll(network, files, { top: flags.top, signal, onProgress: bar.update })) {
      bar.clear();
      const { picture } = seen;
      await add(seen).catch((error: unknown) => report.skipped({ picture, error: messageOf(error) }));
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    bar.clear();
    report.end();
    await gallery?.finish();
  }
  if (signal.aborted) return 130;
  return done > 0 ? 0 : 1;
}

/** The files that the patterns mean, and the patterns that mean none. */
async function findImages(patterns: readonly string[]): Promise<{ files: string[]; missing: SkippedPicture[] }> {
  const good: string[] = [];
  const missing: SkippedPicture[] = [];
  for (const pattern of patterns) {
    try {
      await listImages([pattern]);
      good.push(pattern);
    } catch (error) {
      missing.push({ picture: { file: pattern }, error: messageOf(error) });
    }
  }
  return { files: await foundImages(good), missing };
}

function knownClass(classes: readonly string[], name: string): number {
  try {
    return classIndexOf(classes, name);
  } catch (error) {
    throw new UsageError(messageOf(error));
  }
}
