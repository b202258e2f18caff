import type { PhraseDiscovery } from "../../kernel-helpers/discovery/phrases/phrase-report.js";
import { COLOUR, litePreamble } from "../kit/theme.js";
import type { VegaSpec } from "../kit/vega-spec.js";
import { Widget } from "../kit/widget.js";

/** A phrase as the overview shows it: shares from 0 to 1. */
export interface PhraseOverviewRow {
  readonly phrase: string;
  readonly before: number;
  readonly after: number;
  /** Maps whose peak lies in the true box, with its interval, and what a random point would reach. */
  readonly pointing?: { readonly value: number; readonly low: number; readonly high: number; readonly chance: number };
}

/**
 * All phrases of a report at a glance: precision before and after mining, and, where true boxes are known, how often
 * the maps point into them against chance, with 95 % bootstrap intervals.
 *
 * @example
 * phraseOverview(await discoverPhrases(network, images));
 */
export function phraseOverview({ findings }: Pick<PhraseDiscovery, "findings">): Widget {
  const rows = findings.results.map(({ text, rounds, pointing }): PhraseOverviewRow => {
    const [before, after] = [rounds[0].precision, rounds[rounds.length - 1].precision];
    if (!pointing) return { phrase: text, before, after };
    const { share, chance } = pointing.after;
    return { phrase: text, before, after, pointing: { value: share.value, low: share.low, high: share.high, chance } };
  });
  return new Widget(() => phraseOverviewSpec(rows, findings.at));
}

/**
 * The overview as a Vega-Lite spec. Pure: same data, same spec.
 *
 * @param at precision is taken among the first so many
 * @example
 * phraseOverviewSpec([{ phrase: "boat on the lake", before: 0.7, after: 1 }], 20);
 */
export function phraseOverviewSpec(rows: readonly PhraseOverviewRow[], at: number): VegaSpec {
  const known = rows.flatMap(({ phrase, pointing }) => (pointing ? [{ phrase, ...pointing }] : []));
  const described = rows.map(
    ({ phrase, before, after }) => `${phrase} ${Math.round(100 * before)} to ${Math.round(100 * after)} %`,
  );
  return {
    ...litePreamble(`Precision at ${at} before and after mining: ${described.join(", ")}.`),
    spacing: 40,
    hconcat: [precisionChart(rows, at), ...(known.length > 0 ? [pointingChart(known)] : [])],
  };
}

const BEFORE = "#d55e00";
const AFTER = "#0072b2";
const ROW_HEIGHT = 24;

function phraseAxis(rows: readonly { readonly phrase: string }[], labels: boolean) {
  const axis = labels ? { title: null, labelLimit: 260, domain: false, ticks: false, labelPadding: 8 } : null;
  return { field: "phrase", type: "nominal", sort: rows.map(({ phrase }) => phrase), axis };
}

const share = (field: string) => ({
  field,
  type: "quantitative",
  scale: { domain: [0, 1] },
  axis: { title: null, format: "%", gridColor: COLOUR.track, domain: false, values: [0, 0.2, 0.4, 0.6, 0.8, 1] },
});

function precisionChart(rows: readonly PhraseOverviewRow[], at: number): unknown {
  const values = rows.flatMap(({ phrase, before, after }) => [
    { phrase, stage: "before mining", precision: before },
    { phrase, stage: "after mining", precision: after },
  ]);
  return {
    title: { text: `Precision at ${at}`, fontSize: 12 },
    width: 300,
    height: { step: ROW_HEIGHT },
    layer: [
      {
        data: { values: rows.map(({ phrase, before, after }) => ({ phrase, before, after })) },
        mark: { type: "rule", strokeWidth: 3, color: COLOUR.track },
        encoding: { y: phraseAxis(rows, true), x: share("before"), x2: { field: "after" } },
      },
      {
        data: { values },
        mark: { type: "point", filled: true, size: 90, opacity: 1 },
        encoding: {
          y: phraseAxis(rows, true),
          x: share("precision"),
          color: {
            field: "stage",
            type: "nominal",
            scale: { domain: ["before mining", "after mining"], range: [BEFORE, AFTER] },
            legend: { title: null, orient: "bottom" },
          },
          tooltip: [
            { field: "phrase", type: "nominal" },
            { field: "stage", type: "nominal" },
            { field: "precision", type: "quantitative", format: ".0%" },
          ],
        },
      },
    ],
  };
}

function pointingChart(values: readonly ({ readonly phrase: string } & NonNullable<PhraseOverviewRow["pointing"]>)[]) {
  const y = phraseAxis(values, false);
  return {
    title: {
      text: "The map's peak lies in the true box",
      subtitle: "bar: how often, with its 95 % interval; black: a random point",
      ...{ fontSize: 12, subtitleFontSize: 11, subtitleColor: COLOUR.muted },
    },
    width: 300,
    height: { step: ROW_HEIGHT },
    data: { values },
    layer: [
      { mark: { type: "bar", color: AFTER, opacity: 0.35, height: 12 }, encoding: { y, x: share("value") } },
      { mark: { type: "rule", color: AFTER, strokeWidth: 2 }, encoding: { y, x: share("low"), x2: { field: "high" } } },
      {
        mark: { type: "tick", color: COLOUR.text, thickness: 2, size: 16 },
        encoding: {
          y,
          x: share("chance"),
          tooltip: [
            { field: "phrase", type: "nominal" },
            { field: "value", title: "peak in the box", type: "quantitative", format: ".0%" },
            { field: "chance", title: "a random point", type: "quantitative", format: ".0%" },
          ],
        },
      },
    ],
  };
}
