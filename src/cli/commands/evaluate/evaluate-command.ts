import { evaluateLocalization } from "../../../kernel-helpers/boxes/evaluation/evaluate-localization.js";
import type {
  EvaluateLocalizationOptions,
  EvaluationBoxRule,
} from "../../../kernel-helpers/boxes/evaluation/evaluation-options.js";
import { checkResultsFile, saveLocalization } from "../../../kernel-helpers/boxes/evaluation/save-localization.js";
import { networkJson } from "../../network-json.js";
import { type FindingFlags, openFlagged } from "../../network-flags.js";
import { otherNotes, tellNotes } from "../../notes.js";
import { ProgressBar } from "../../progress-bar.js";
import { tellSkipped } from "../../skipped.js";
import { say } from "../../terminal.js";
import { evaluationData, type EvaluationDataFlags, readOutputLabels } from "./evaluation-data.js";
import { reportJson, reportText } from "./evaluation-text.js";

/** Flags of `camlab evaluate`, as parsed. */
export interface EvaluateFlags extends FindingFlags, EvaluationDataFlags {
  readonly protocol: "cvpr2016" | "wsol2020";
  readonly boxRule?: "paper" | "authors" | "authors-tight" | "graph-cut" | "heuristic";
  readonly way: string;
  readonly threshold?: number;
  readonly labels?: string;
  readonly chooseOn?: string;
  readonly batch?: number;
  readonly cache: boolean;
}

/**
 * `camlab evaluate`: how well a network's maps find what its pictures show. Interrupted, it goes on from there when called
 * again.
 *
 * @returns 0
 */
export async function evaluateCommand(flags: EvaluateFlags, signal: AbortSignal): Promise<number> {
  if (flags.out !== undefined) checkResultsFile(flags.out);
  const set = await evaluationData(flags);
  if (flags.shard && set.pictures.length === 0) return tellEmpty(flags);
  const classes = flags.labels === undefined ? undefined : await readOutputLabels(flags.labels);
  using network = await openFlagged(flags);
  const bar = new ProgressBar(process.stderr);
  const { protocol, way, chooseOn, cache, batch: batchSize } = flags;
  const options: EvaluateLocalizationOptions = {
    ...{ protocol, way, chooseOn, cache, batchSize, classes, signal },
    boxRule: ruleOf(flags),
    onProgress: bar.update,
  };
  const report = await evaluateLocalization(network, set, options).finally(() => bar.clear());
  if (flags.out !== undefined) await saveLocalization(report, flags.out);
  tellNotes(otherNotes(report.notes, network));
  if (flags.json) {
    say(`${JSON.stringify({ ...networkJson(network), ...reportJson(report), out: flags.out ?? null })}\n`);
  } else {
    tellSkipped(report.skipped);
    say(reportText(report));
  }
  return 0;
}

/** A part without pictures has nothing to judge, and is as done as the others. */
function tellEmpty({ shard, json }: EvaluateFlags): number {
  const { index, of } = shard!;
  say(json ? `${JSON.stringify({ shard, pictures: 0 })}\n` : `shard ${index}/${of} holds no pictures\n`);
  return 0;
}

/** The protocol's own unless flags say another. */
function ruleOf({ boxRule, threshold }: EvaluateFlags): EvaluationBoxRule | undefined {
  switch (boxRule) {
    case "authors":
      return { rule: "authors" };
    case "authors-tight":
      return { rule: "authors", which: "tight" };
    case "graph-cut":
    case "heuristic":
      return { rule: boxRule };
    default:
      return boxRule === undefined && threshold === undefined ? undefined : { rule: "paper", threshold };
  }
}
