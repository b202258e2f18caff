import type { Graph } from "../../graph/onnx/graph.js";
import { inputNormalisation, type InputNormalisation } from "../../graph/surgery/input-normalisation.js";
import type { Preprocessing } from "../../images/input/preprocessing.js";
import { CamlabError } from "../../support/errors.js";
import type { FoundSettings } from "../../formats/format.js";

type Triple = readonly [number, number, number];
type Normal = Pick<Preprocessing, "mean" | "std">;

/** How a network's graph wants its pixels, where it normalises them itself or takes whole numbers. */
export interface OwnNormalisation extends Normal {
  /** What it does to them; absent when that isn't written at its beginning. */
  readonly step?: InputNormalisation;
  /** The kind of whole numbers that it takes, such as `uint8`. */
  readonly whole?: string;
}

/** Lowest and highest value of each kind of whole numbers that a pixel may be told in. */
const RANGES: Readonly<Record<string, readonly [number, number]>> = { uint8: [0, 255], int8: [-128, 127] };

/**
 * How a graph wants its pixels, as far as it says so itself; undefined when it doesn't.
 *
 * @param own the graph as it lies in its file
 * @param fed the same with an input of float32 pictures
 */
export function ownNormalisation(own: Graph, fed: Graph): OwnNormalisation | undefined {
  const type = own.inputs[0]?.type ?? "float32";
  const step = inputNormalisation(fed);
  if (!type.includes("float")) {
    const [lowest] = RANGES[type] ?? [0];
    return { mean: triple(-lowest || 0), std: triple(1), whole: type, ...(step && { step }) };
  }
  if (!step?.scale.every((s) => s > 0)) return undefined;
  return { mean: triple(0), std: triple(takesPixels(step) ? 1 : 255), step };
}

/** Numbers that suit pixels up to 255 rather than up to 1. */
function takesPixels({ scale, offset }: InputNormalisation): boolean {
  return mean(scale) <= LARGEST_PIXEL_SCALE || scale.some((s, c) => Math.abs(offset[c]) / s > LARGEST_UNIT_MEAN);
}

/** 1 / 20: pixels to 255 that are multiplied by more would end beyond ±12; those to 1 that are multiplied by less, within 0.05. */
const LARGEST_PIXEL_SCALE = 0.05;
const LARGEST_UNIT_MEAN = 1.5;

/**
 * What was found without the normalisation that the graph does itself, and the graph as the last that is asked: done
 * twice, no pixel would be right.
 */
export function normalisedOnce(
  found: readonly FoundSettings[],
  own: OwnNormalisation | undefined,
): readonly FoundSettings[] {
  if (!own) return found;
  const { mean, std } = own;
  const from = own.step ? "the graph, which normalises its input itself" : `the graph, which takes ${own.whole} pixels`;
  const others = found.map(({ settings, ...source }) => {
    if (!settings.std || !settings.mean || !isDouble({ mean: settings.mean, std: settings.std }, own)) {
      return { settings, ...source };
    }
    const { mean: _, std: __, ...rest } = settings;
    return { settings: rest, ...source };
  });
  return [...others, { settings: { mean, std }, from }];
}

/**
 * @returns a sentence when a card or the caller has pixels normalised that the graph normalises too
 * @throws CamlabError when pixels would no longer be the whole numbers that the network takes
 */
export function normalisedTwice({ mean, std }: Normal, own: OwnNormalisation | undefined): string | undefined {
  if (!own) return undefined;
  const { whole } = own;
  if (whole !== undefined) {
    const [lowest, highest] = RANGES[whole] ?? [-Infinity, Infinity];
    const fits = mean.every((m, c) => std[c] === 1 && Number.isInteger(m) && -m >= lowest && 255 - m <= highest);
    if (fits) return undefined;
    throw new CamlabError(
      `invalid preprocessing: mean [${mean.join(", ")}] and std [${std.join(", ")}] (expected mean ` +
        `[${own.mean.join(", ")}] and std [1, 1, 1]: the network takes ${whole} pixels, which are no fractions)`,
    );
  }
  if (!isDouble({ mean, std }, own)) return undefined;
  return (
    `preprocessing: the graph normalises its input itself (x × ${numbers(own.step?.scale)} + ${numbers(own.step?.offset)}), and ` +
    `mean, std do it before; if that is once too often, take mean ${own.mean[0]} and std ${own.std[0]}`
  );
}

/** The same numbers as the graph's; or any that leave small numbers to a graph that wants pixels up to 255. */
function isDouble({ mean, std }: Normal, own: OwnNormalisation): boolean {
  if (own.whole !== undefined) return true;
  const { step } = own;
  if (!step) return false;
  if (own.std[0] === 1) return std.every((s) => s > LARGEST_UNIT_MEAN);
  const near = (a: number, b: number) => Math.abs(a - b) <= 0.02 * Math.max(Math.abs(a), Math.abs(b), 0.05);
  return std.every((s, c) => s !== 255 && near(step.scale[c], 255 / s) && near(step.offset[c], -mean[c] / s));
}

function numbers(values: readonly number[] = []): string {
  const short = values.map((value) => Number(value.toPrecision(4)));
  return new Set(short).size === 1 ? String(short[0]) : `[${short.join(" ")}]`;
}

function mean(values: Triple): number {
  return (values[0] + values[1] + values[2]) / 3;
}

function triple(value: number): Triple {
  return [value, value, value];
}
