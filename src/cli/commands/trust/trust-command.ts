import { trust, type TrustReport } from "../../../kernel-helpers/boxes/trust/trust.js";
import { measureCalled } from "../../../kernel-helpers/boxes/trust/choose-measures.js";
import { wayCalled } from "../../../kernel-helpers/cam/ways/look-ways.js";
import type { Picture } from "../../../kernel-helpers/images/picture.js";
import { evenly } from "../../../kernel-helpers/support/grouped.js";
import { trustChart } from "../../../widgets/trust/trust-chart.js";
import { foundImages } from "../../found-images.js";
import { type FindingFlags, openFlagged } from "../../network-flags.js";
import { networkJson } from "../../network-json.js";
import { otherNotes, tellNotes } from "../../notes.js";
import { ProgressBar } from "../../progress-bar.js";
import { skippedJson, tellSkipped } from "../../skipped.js";
import { say } from "../../terminal.js";
import { asUsage } from "../../usage-error.js";
import { evaluationData, type EvaluationDataFlags, readOutputLabels } from "../evaluate/evaluation-data.js";
import { trustText } from "./trust-text.js";

/** Flags of `camlab trust`, as parsed. */
export interface TrustFlags extends FindingFlags, Partial<EvaluationDataFlags> {
  readonly labels?: string;
  readonly way?: readonly string[];
  readonly measure?: readonly string[];
  readonly pictures?: number;
  readonly seed?: number;
}

/**
 * `camlab trust`: ways to look, judged by what the network does and by the truth where it is known, as a table, a chart or
 * one JSON document.
 *
 * @returns 0
 * @throws UsageError for a way or a measure that there is not
 */
export async function trustCommand(photos: readonly string[], flags: TrustFlags, signal: AbortSignal): Promise<number> {
  asUsage(() => {
    flags.way?.forEach(wayCalled);
    flags.measure?.forEach(measureCalled);
  });
  const { data, way: ways, measure: measures, seed } = flags;
  const set = data === undefined ? undefined : await evaluationData({ ...flags, data });
  const all: readonly Picture[] = set?.pictures ?? (await foundImages(photos)).map((file) => ({ file }));
  const pictures = evenly(all, flags.pictures ?? all.length);
  const classes = flags.labels === undefined ? undefined : await readOutputLabels(flags.labels);
  using network = await openFlagged(flags);
  const bar = new ProgressBar(process.stderr);
  const given = set ? { ...set, pictures } : pictures;
  const report = await trust(network, given, { ways, measures, classes, seed, signal, onProgress: bar.update }).finally(
    () => bar.clear(),
  );
  if (flags.out !== undefined) await trustChart(report).save(flags.out);
  tellNotes(otherNotes(report.notes, network));
  if (flags.json)
    say(`${JSON.stringify({ ...networkJson(network), ...reportJson(report), out: flags.out ?? null })}\n`);
  else {
    tellSkipped(report.skipped);
    say(trustText(report));
  }
  return 0;
}

/** Intervals without how they were drawn; what there is no number for is null. */
function reportJson({ measures, rows, pictures, skipped, notes }: TrustReport) {
  const numbers = ({ value, low, high }: { value: number; low: number; high: number }) =>
    Number.isFinite(value) ? { value, ...(Number.isFinite(low) && { low, high }) } : null;
  return {
    pictures: pictures.length,
    measures: measures.map(({ name, definition, better, range, random, citation }) => ({
      name,
      definition,
      better,
      range,
      random,
      citation,
    })),
    ways: rows.map(({ way, control, values, overControl, counts }) => ({
      ...{ way, control, counts },
      values: Object.fromEntries(Object.entries(values).map(([name, one]) => [name, numbers(one)])),
      overControl: Object.fromEntries(Object.entries(overControl).map(([name, one]) => [name, numbers(one)])),
    })),
    skipped: skippedJson(skipped),
    notes,
  };
}
