import { boxOf } from "../../../kernel-helpers/boxes/box-of.js";
import { type ClassMap, classMaps } from "../../../kernel-helpers/boxes/class-maps.js";
import type { SeenWays } from "../../../kernel-helpers/cam/ways/look-ways.js";
import { isPackPath } from "../../../kernel-helpers/datasets/packs/read-packs.js";
import { tableShard } from "../../../kernel-helpers/features/shards/table-shard.js";
import { listImages } from "../../../kernel-helpers/images/files/list-images.js";
import type { Picture, SkippedPicture } from "../../../kernel-helpers/images/picture.js";
import { lookAtAll } from "../../../kernel-helpers/networks/look-at-all.js";
import type { Network } from "../../../kernel-helpers/networks/network.js";
import type { Seen } from "../../../kernel-helpers/networks/seen.js";
import { cutsPictures } from "../../../kernel-helpers/networks/views/in-view.js";
import type { LookView } from "../../../kernel-helpers/networks/views/view.js";
import { messageOf } from "../../../kernel-helpers/support/errors.js";
import { type Shard, shardOf } from "../../../kernel-helpers/support/shard.js";
import type { Gallery, openGallery } from "../../gallery.js";
import { knownClass } from "../../known-class.js";
import { jsonReport, textReport } from "./look-report.js";
import { type FindingFlags, openFlagged } from "../../network-flags.js";
import { ProgressBar } from "../../progress-bar.js";
import { asUsage, UsageError } from "../../usage-error.js";
import { foundPictures, namesOf } from "../../found-images.js";
import { say, tell } from "../../terminal.js";

/** Flags of `camlab look`, as parsed. */
export interface LookFlags extends Omit<FindingFlags, "view"> {
  readonly view?: LookView;
  readonly top: number;
  readonly class?: readonly string[];
  readonly way?: readonly string[];
  readonly against?: string;
  readonly weights: "path" | "gradient";
  readonly boxRule: "paper" | "authors";
  readonly threshold: number;
  readonly shard?: Shard;
}

/**
 * `camlab look`: classes, maps and boxes of photos, as text, as one JSON document, as pictures in a folder or as one page. What
 * cannot be found, read or drawn is reported by name; the others are done.
 *
 * @returns 0 if at least one photo was done, or a part was asked for, 1 if none, 130 when interrupted
 * @throws UsageError for a class that the network does not know
 */
export async function lookCommand(patterns: readonly string[], flags: LookFlags, signal: AbortSignal): Promise<number> {
  // What only some flags need, and takes long to load.
  const ways = flags.way && (await import("../../../kernel-helpers/cam/ways/look-ways.js"));
  asUsage(() => flags.way?.forEach((name) => ways?.wayCalled(name)));
  const { pictures, missing, part } = inShard(await findPictures(patterns), flags.shard);
  const { view: asked, ...opening } = flags;
  using network = await openFlagged(opening);
  const wanted = asked ?? usualLookView(network);
  // Ways ask for the very scores that their maps are made of.
  const view = ways && wanted === "both" ? "whole" : wanted;
  const isNamed = !ways || network.classes.length > 0;
  const known = (name: string) => (isNamed ? knownClass(network.classes, name) : numberOfClass(name));
  const classes = flags.class?.map(known);
  const against = flags.against === undefined ? undefined : known(flags.against);
  const report = flags.json ? jsonReport(say, part) : textReport(say, tell);
  const gallery = flags.out === undefined ? undefined : await openGalleryAt(flags.out, namesOf(pictures), network);
  const bar = new ProgressBar(process.stderr);
  const { boxRule: rule, threshold } = flags;
  const boxes = rule === "authors" ? ({ rule } as const) : { threshold };
  let done = 0;
  const byGradient = flags.weights === "gradient" && network.head.form === "pool-then-network";
  const told = new Set<string>();

  const add = async (seen: Seen | SkippedPicture): Promise<void> => {
    if ("error" in seen) {
      report.skipped(seen);
      return;
    }
    const shown = classes ?? seen.top.map(({ index }) => index);
    const made = classMaps(seen, shown, boxes, { weights: flags.weights });
    const maps = byGradient ? made.map((one) => ({ ...one, way: GRADIENT })) : made;
    await gallery?.add(seen, maps, boxes);
    report.photo(seen, maps);
    done += 1;
  };

  const addWays = async ({ seen, maps, notes }: SeenWays): Promise<void> => {
    const found = maps.map(({ way: name, title, grain, index, label, map }): ClassMap => {
      const seenClass = {
        index,
        name: label,
        probability: seen.probabilities[index] ?? NaN,
        score: seen.logits[index] ?? NaN,
      };
      const made = { seenClass, map, way: { name, title } };
      if (grain === "pixels") return { ...made, reason: "it speaks of single pixels" };
      const { box, ...none } = boxOf(map, boxes);
      return box ? { ...made, box } : { ...made, ...none };
    });
    bar.clear();
    for (const note of notes) if (!told.has(note)) tell(`note: ${note}\n`);
    notes.forEach((note) => told.add(note));
    await gallery?.add(seen, found, boxes);
    report.photo(seen, found);
    done += 1;
  };

  report.start(network, view);
  for (const skipped of missing) report.skipped(skipped);
  try {
    if (ways) {
      const { openWays } = await import("../../../kernel-helpers/cam/ways/open-ways.js");
      using open = await openWays(network, { view: view === "card" ? "card" : "whole" });
      const options = { ways: flags.way, classes, against, top: flags.top, signal, onProgress: bar.update };
      for await (const one of open.lookAtAll(pictures, options)) {
        if ("error" in one) {
          report.skipped(one);
          continue;
        }
        const { picture } = one.seen;
        await addWays(one).catch((error: unknown) => report.skipped({ picture, error: messageOf(error) }));
      }
      return done > 0 || part ? 0 : 1;
    }
    for await (const seen of lookAtAll(network, pictures, { top: flags.top, view, signal, onProgress: bar.update })) {
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
  return done > 0 || part ? 0 : 1;
}

/** Classes as the network was trained; maps of all of a photo that its card would cut. */
function usualLookView(network: Network): LookView {
  return cutsPictures(network) ? "both" : "card";
}

async function openGalleryAt(...args: Parameters<typeof openGallery>): Promise<Gallery> {
  const { openGallery } = await import("../../gallery.js");
  return openGallery(...args);
}

/** One part of the pictures, and which it is; what was not found is told by the first. */
function inShard({ pictures, missing }: Awaited<ReturnType<typeof findPictures>>, shard: Shard | undefined) {
  if (shard === undefined) return { pictures, missing };
  const part = tableShard(pictures, shard);
  return { pictures: shardOf(pictures, shard), missing: shard.index === 1 ? missing : [], part };
}

/** A class of a network that was opened without names. */
function numberOfClass(name: string): number {
  if (/^\d+$/.test(name)) return Number(name);
  throw new UsageError(`invalid class: ${JSON.stringify(name)} (the network was opened for its tokens: give a number)`);
}

const GRADIENT = { name: "cam-gradient", title: "CAM of the plain gradient" };

/** The pictures that the patterns mean, and the patterns that mean none. */
async function findPictures(
  patterns: readonly string[],
): Promise<{ pictures: readonly Picture[]; missing: SkippedPicture[] }> {
  const good: string[] = [];
  const missing: SkippedPicture[] = [];
  for (const pattern of patterns) {
    try {
      if (!(await isPackPath(pattern))) await listImages([pattern]);
      good.push(pattern);
    } catch (error) {
      missing.push({ picture: { file: pattern }, error: messageOf(error) });
    }
  }
  return { pictures: await foundPictures(good), missing };
}
