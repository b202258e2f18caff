import { classMaps } from "../kernel-helpers/boxes/class-maps.js";
import { listImages } from "../kernel-helpers/images/list-images.js";
import { lookAtAll } from "../kernel-helpers/networks/look-at-all.js";
import { openNetwork } from "../kernel-helpers/networks/open-network.js";
import { openGallery } from "./gallery.js";
import { jsonReport, textReport } from "./look-report.js";
import type { LookFlags } from "./main.js";
import { ProgressBar } from "./progress-bar.js";

/**
 * `camlab look`: classes, maps and boxes of photos, as text, as one JSON document, and as pictures in a folder.
 *
 * @returns 0 if at least one photo was done, 1 if none, 130 when interrupted
 */
export async function lookCommand(patterns: readonly string[], flags: LookFlags, signal: AbortSignal): Promise<number> {
  const files = await listImages(patterns);
  using network = await openNetwork(flags.network, { device: flags.device, threads: flags.threads });
  const toStdout = (text: string) => process.stdout.write(text);
  const toStderr = (text: string) => process.stderr.write(text);
  const report = flags.json ? jsonReport(toStdout) : textReport(toStdout, toStderr);
  const gallery = flags.out === undefined ? undefined : await openGallery(flags.out);
  const bar = new ProgressBar(process.stderr);
  const options = { rule: flags.boxRule, threshold: flags.threshold };
  const wanted = (top: readonly { index: number }[]) => flags.class ?? top.map(({ index }) => index);
  let done = 0;

  report.start(network);
  try {
    for await (const seen of lookAtAll(network, files, { top: flags.top, signal, onProgress: bar.update })) {
      if ("error" in seen) {
        bar.clear();
        report.skipped(seen);
        continue;
      }
      const maps = classMaps(seen, wanted(seen.top), options);
      await gallery?.add(seen, maps, options);
      bar.clear();
      report.photo(seen, maps);
      done += 1;
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
