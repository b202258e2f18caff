import { basename, dirname, resolve } from "node:path";
import { boxOf } from "../../../kernel-helpers/boxes/box-of.js";
import type { ClassMap } from "../../../kernel-helpers/boxes/class-maps.js";
import { cam } from "../../../kernel-helpers/cam/cam.js";
import { isSkipped, lookAtAll } from "../../../kernel-helpers/networks/look-at-all.js";
import type { Seen } from "../../../kernel-helpers/networks/seen.js";
import { printable } from "../../../kernel-helpers/support/escape.js";
import { matrixOf } from "../../../kernel-helpers/support/matrix.js";
import { loadLinearSvm } from "../../../kernel-helpers/svm/linear-svm-file.js";
import type { LinearSvm } from "../../../kernel-helpers/svm/linear-svm.js";
import { openGallery } from "../../gallery.js";
import { networkJson } from "../../network-json.js";
import type { FindingFlags } from "../../network-flags.js";
import { openForProbe } from "./probe-network.js";
import { ProgressBar } from "../../progress-bar.js";
import type { SkippedPicture } from "../../../kernel-helpers/images/picture.js";
import { skippedJson, tellSkipped } from "../../skipped.js";
import { foundImages } from "../../found-images.js";
import { say } from "../../terminal.js";

/** Flags of `camlab probe cam`, as parsed. */
export interface ProbeCamFlags extends FindingFlags {
  readonly model: string;
  readonly class?: readonly string[];
  readonly threshold: number;
}

/**
 * `camlab probe cam`: where in photos a probe's evidence is. Each photo's class is the one that the probe predicts,
 * unless classes are named.
 *
 * @returns 0 if at least one photo was done, 1 if none, 130 when interrupted
 */
export async function probeCamCommand(
  patterns: readonly string[],
  flags: ProbeCamFlags,
  signal: AbortSignal,
): Promise<number> {
  const svm = await loadLinearSvm(flags.model);
  const files = await foundImages(patterns);
  const pictures = files.map((file) => ({ file, ...truthOf(file, svm.classes.map(String)) }));
  using network = await openForProbe(flags, svm);
  const gallery = flags.out === undefined ? undefined : await openGallery(flags.out, files, network);
  const bar = new ProgressBar(process.stderr);
  const photos: unknown[] = [];
  const skipped: SkippedPicture[] = [];
  try {
    for await (const seen of lookAtAll(network, pictures, { top: 1, signal, onProgress: bar.update })) {
      bar.clear();
      if (isSkipped(seen)) {
        skipped.push(seen);
        tellSkipped([seen]);
        continue;
      }
      const maps = mapsOf(seen, svm, flags);
      await gallery?.add(seen, maps, { rule: "paper", threshold: flags.threshold });
      photos.push(photoJson(seen, maps));
      if (!flags.json) say(photoText(seen, maps));
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    bar.clear();
    await gallery?.finish();
  }
  if (flags.json) {
    say(
      `${JSON.stringify({ model: flags.model, ...networkJson(network), images: photos, skipped: skippedJson(skipped) })}\n`,
    );
  }
  if (signal.aborted) return 130;
  return photos.length > 0 ? 0 : 1;
}

/** The truth of a photo that lies in a folder called like one of the probe's classes. */
function truthOf(file: string, classes: readonly string[]): { label?: string } {
  const folder = basename(dirname(resolve(file)));
  return classes.includes(folder) ? { label: folder } : {};
}

function mapsOf(seen: Seen, svm: LinearSvm, { class: wanted, threshold }: ProbeCamFlags): ClassMap[] {
  const features = matrixOf([seen.features]);
  const values = svm.decisionValues(features).data;
  const names = svm.classes.map(String);
  const valueOf = (name: string) => {
    const index = names.indexOf(name);
    if (svm.kind !== "binary") return values[index];
    return index === 1 ? values[0] : -values[0];
  };
  return (wanted ?? svm.predictSets(features)[0].map(String)).map((name) => {
    const map = cam(seen, svm.weightsOf(name, seen.features), { label: name });
    const found = boxOf(map, { threshold });
    const seenClass = { index: -1, name, probability: NaN, score: valueOf(name) };
    return found.box ? { seenClass, map, box: found.box } : { seenClass, map, reason: found.reason };
  });
}

function photoJson(seen: Seen, maps: readonly ClassMap[]) {
  const { file, width, height } = seen.photo;
  const classes = maps.map(({ seenClass: { name, score }, map, box, reason }) => ({
    name,
    decisionValue: score,
    map: { width: map.width, height: map.height },
    box: box ?? null,
    ...(reason !== undefined && { reason }),
  }));
  const { label } = seen.picture;
  return { file, width, height, ...(label !== undefined && { truth: label }), classes };
}

function photoText(seen: Seen, maps: readonly ClassMap[]): string {
  const lines = maps.map(({ seenClass: { name, score }, box, reason }) => {
    const [x, y, width, height] = box ? [box.x, box.y, box.width, box.height].map(Math.round) : [];
    const where = box ? `box ${x},${y} ${width}×${height}` : `no box: ${reason}`;
    return `  ${printable(name)}  ${score.toFixed(2)}  ${where}\n`;
  });
  const { label } = seen.picture;
  const truth = label === undefined ? "" : `  truth: ${printable(label)}`;
  return `${printable(seen.photo.file)}${truth}\n${lines.join("") || "  no class\n"}`;
}
