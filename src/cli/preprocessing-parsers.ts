// What the values of the flags that describe a network's input may be.
import { InvalidArgumentError } from "commander";
import type { InputSize } from "../kernel-helpers/networks/opening/image-input.js";

/** `224`, or columns and rows, `320x240`. */
export function inputSize(text: string): InputSize {
  const size = sides(text);
  if (!size) throw new InvalidArgumentError("expected a side in pixels such as 224, or columns and rows, 320x240.");
  return typeof size === "number" ? size : { width: size.width, height: size.height };
}

/** `256` for the shorter side, or columns and rows, `256x256`. */
export function resize(
  text: string,
): { readonly shorterSide: number } | { readonly width: number; readonly height: number } {
  const size = sides(text);
  if (!size) throw new InvalidArgumentError("expected the shorter side such as 256, or columns and rows, 256x256.");
  return typeof size === "number" ? { shorterSide: size } : size;
}

function sides(text: string): number | { readonly width: number; readonly height: number } | undefined {
  const [, width, height] = /^\s*(\d+)\s*(?:[x×]\s*(\d+)\s*)?$/i.exec(text) ?? [];
  const [columns, rows] = [Number(width), Number(height)];
  if (!(columns >= 1)) return undefined;
  if (height === undefined) return columns;
  return rows >= 1 ? { width: columns, height: rows } : undefined;
}

/** A share up to 1, or a whole number of pixels. */
export function crop(text: string): number {
  const value = Number(text);
  const isCrop = text.trim() !== "" && value > 0 && (value <= 1 || Number.isSafeInteger(value));
  if (!isCrop) throw new InvalidArgumentError("expected a share such as 0.875, or the input's side in pixels.");
  return value;
}

/** One number for all channels, or three: `127.5`, `0.485,0.456,0.406`. */
export function triple(text: string): readonly [number, number, number] {
  const values = numbersIn(text);
  if (values?.length === 1) return [values[0], values[0], values[0]];
  if (values?.length === 3) return [values[0], values[1], values[2]];
  throw new InvalidArgumentError("expected one number, or three such as 0.485,0.456,0.406.");
}

/** As `triple`, all above 0. */
export function positiveTriple(text: string): readonly [number, number, number] {
  const values = triple(text);
  if (values.some((value) => value <= 0)) throw new InvalidArgumentError("expected numbers above 0.");
  return values;
}

function numbersIn(text: string): number[] | undefined {
  const parts = text
    .trim()
    .replace(/^[[(](.*)[\])]$/, "$1")
    .trim()
    .split(/\s*[,;]\s*|\s+/);
  const values = parts.map(Number);
  return parts.every((part, i) => part !== "" && Number.isFinite(values[i])) ? values : undefined;
}

/** A range that pixels from 0 to 255 are brought to, `0..1` or `-1..1`; or a factor, `1/255` or `0.0078`. */
export function pixelScale(text: string): number | readonly [number, number] {
  const number = String.raw`\s*([-−+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)\s*`;
  const [, low, high] = new RegExp(`^${number}\\.\\.${number}$`, "i").exec(text) ?? [];
  if (low !== undefined) {
    const range = [numberOf(low), numberOf(high)] as const;
    if (range[1] > range[0]) return range;
  }
  const [, over, under] = new RegExp(`^${number}/${number}$`, "i").exec(text) ?? [];
  const factor = over === undefined ? Number(text) : numberOf(over) / numberOf(under);
  if (low === undefined && text.trim() !== "" && factor > 0 && factor < Infinity) return factor;
  throw new InvalidArgumentError("expected a range such as 0..1 or -1..1, or a factor such as 1/255.");
}

function numberOf(text: string): number {
  return Number(text.replace("−", "-"));
}

/** RGB or BGR, in any case. */
export function channelOrder(text: string): "RGB" | "BGR" {
  const order = text.trim().toUpperCase();
  if (order !== "RGB" && order !== "BGR") throw new InvalidArgumentError("expected RGB or BGR.");
  return order;
}
