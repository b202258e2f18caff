import { check } from "../../support/check.js";
import { CamlabError, invalid } from "../../support/errors.js";
import type { Preprocessing } from "./preprocessing.js";

/**
 * Checks preprocessing that comes from data, such as the JSON of a network's card.
 *
 * @param name what the value is called in messages
 * @returns the same settings, nothing else in them
 * @throws CamlabError naming the first field that is missing, unknown or out of range
 * @example
 * const preprocessing = checkPreprocessing(JSON.parse(text).preprocessing);
 */
export function checkPreprocessing(value: unknown, name = "preprocessing"): Preprocessing {
  const given = object(value, name, KEYS);
  const width = size(given.width, `${name}.width`);
  const height = size(given.height, `${name}.height`);
  const fit = oneOf(given.fit, FITS, `${name}.fit`);
  const channelOrder = oneOf(given.channelOrder, ORDERS, `${name}.channelOrder`);
  const mean = triple(given.mean, `${name}.mean`, "numbers", Number.isFinite);
  const std = triple(given.std, `${name}.std`, "numbers above 0", (number) => Number.isFinite(number) && number > 0);
  const regionFit =
    given.regionFit === undefined ? undefined : oneOf(given.regionFit, REGION_FITS, `${name}.regionFit`);
  const result: Preprocessing = { width, height, fit, ...(regionFit && { regionFit }), channelOrder, mean, std };
  if (fit !== "centre-crop" && given.resize !== undefined) {
    throw invalid(`${name}.resize`, given.resize, `nothing, because fit is "${fit}"`);
  }
  if (fit !== "contain" && given.fill !== undefined) {
    throw invalid(`${name}.fill`, given.fill, `nothing, because fit is "${fit}"`);
  }
  if (fit === "centre-crop") return { ...result, resize: resizeOf(given.resize, width, height, `${name}.resize`) };
  if (given.fill === undefined) return result;
  const byte = (number: number) => Number.isInteger(number) && number >= 0 && number <= 255;
  return { ...result, fill: triple(given.fill, `${name}.fill`, "whole numbers from 0 to 255", byte) };
}

const KEYS = ["width", "height", "fit", "resize", "fill", "regionFit", "channelOrder", "mean", "std"] as const;
const FITS = ["squash", "cover", "contain", "centre-crop"] as const;
const REGION_FITS = ["partly", "widen", "squash", "card"] as const;
const ORDERS = ["RGB", "BGR"] as const;
const LARGEST_SIDE = 16_384;

function resizeOf(value: unknown, width: number, height: number, name: string): NonNullable<Preprocessing["resize"]> {
  const atLeast = `at least the input's ${width}×${height}`;
  if (value === undefined) throw invalid(name, value, `a size ${atLeast}, because fit is "centre-crop"`);
  const given = object(value, name, ["shorterSide", "width", "height"]);
  if (given.shorterSide !== undefined) {
    if (given.width !== undefined || given.height !== undefined) {
      throw invalid(name, value, "either shorterSide or width and height");
    }
    const shorterSide = size(given.shorterSide, `${name}.shorterSide`);
    if (shorterSide < Math.max(width, height)) throw invalid(`${name}.shorterSide`, shorterSide, atLeast);
    return { shorterSide };
  }
  const larger = { width: size(given.width, `${name}.width`), height: size(given.height, `${name}.height`) };
  if (larger.width < width || larger.height < height) throw invalid(name, larger, atLeast);
  return larger;
}

function object<K extends string>(value: unknown, name: string, keys: readonly K[]): Partial<Record<K, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw invalid(name, value, `an object with ${keys.join(", ")}`);
  }
  const unknownKey = Object.keys(value).find((key) => !(keys as readonly string[]).includes(key));
  if (unknownKey !== undefined) {
    throw new CamlabError(`unknown field ${name}.${JSON.stringify(unknownKey)} (expected ${keys.join(", ")})`);
  }
  return value;
}

function size(value: unknown, name: string): number {
  return check.wholeNumber(name, value, { from: 1, to: LARGEST_SIDE });
}

function oneOf<T extends string>(value: unknown, allowed: readonly T[], name: string): T {
  const found = allowed.find((option) => option === value);
  if (found === undefined) throw invalid(name, value, allowed.map((option) => `"${option}"`).join(" or "));
  return found;
}

function triple(
  value: unknown,
  name: string,
  kind: string,
  accept: (number: number) => boolean,
): readonly [number, number, number] {
  if (Array.isArray(value) && value.length === 3) {
    const [a, b, c] = value as unknown[];
    if ([a, b, c].every((each) => typeof each === "number" && accept(each)))
      return [a, b, c] as [number, number, number];
  }
  throw invalid(name, value, `three ${kind}, one a channel`);
}
