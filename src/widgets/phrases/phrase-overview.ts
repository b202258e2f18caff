import type { PhraseDiscovery } from "../../kernel-helpers/discovery/phrases/phrase-report.js";
import { readableName } from "../../kernel-helpers/images/files/readable-name.js";
import { check } from "../../kernel-helpers/support/check.js";
import { SHOW_OPTIONS, type ShowOptions } from "../kit/show-options.js";
import { Widget } from "../kit/widget.js";
import type { PhraseOverviewRow } from "./phrase-overview-data.js";
import { phraseOverviewSpec } from "./phrase-overview-spec.js";

/**
 * All phrases of a report at a glance: precision before and after mining, and, where true boxes are known, how often
 * the maps point into them against chance, with 95 % intervals.
 *
 * @example
 * widgets.phraseOverview(await discoverPhrases(network, pictures));
 */
export function phraseOverview({ findings }: Pick<PhraseDiscovery, "findings">, options: ShowOptions = {}): Widget {
  check.known(options, SHOW_OPTIONS, "phraseOverview");
  const rows = findings.results.map(({ text, at, rounds, pointing }): PhraseOverviewRow => {
    const [before, after] = [rounds[0].precision, rounds[rounds.length - 1].precision];
    const row = { phrase: readableName(text), before, after, ...(at !== findings.at && { at }) };
    if (!pointing) return row;
    const { share, chance } = pointing.after;
    return { ...row, pointing: { value: share.value, low: share.low, high: share.high, chance } };
  });
  return new Widget(() => phraseOverviewSpec({ rows, at: findings.at }), options);
}
