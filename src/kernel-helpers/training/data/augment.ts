import type { Preprocessing } from "../../images/input/preprocessing.js";
import { check } from "../../support/check.js";
import { invalid } from "../../support/errors.js";
import { linearTaps } from "../../support/linear-taps.js";
import type { Random } from "../../support/random.js";

/** How pictures are changed at random while a network learns, each anew in every epoch. */
export interface Augmentation {
  /** The part of the picture's area that is cut out, from–to; above 1 the picture shrinks onto grey. [1, 1] unless given. */
  readonly scale?: readonly [number, number];
  /** The cut's width ÷ height relative to the picture's, from–to; [1, 1] unless given. */
  readonly aspect?: readonly [number, number];
  /** Mirror every second picture, at random; not unless given. */
  readonly flip?: boolean;
  /** Brightness is multiplied by up to 1 ± this. */
  readonly brightness?: number;
  /** Contrast is multiplied by up to 1 ± this. */
  readonly contrast?: number;
  /** Saturation is multiplied by up to 1 ± this. */
  readonly saturation?: number;
}

/** What an input is written with. */
export type InputForm = Pick<Preprocessing, "width" | "height" | "channelOrder" | "mean" | "std">;

/**
 * Writes one picture, changed at random, as a network's input: height × width × 3, (value − mean) ÷ std. One cut,
 * resampled between neighbouring pixels; then mirrored; then brightness, contrast and saturation.
 *
 * @param pixels interleaved RGB, height · width · 3 bytes
 * @param random the picture's own source of random numbers; always the same number of them is taken
 */
export function writeAugmented(
  target: Float32Array,
  slot: number,
  pixels: Uint8Array,
  form: InputForm,
  augmentation: Augmentation,
  random: Random,
): void {
  const { width, height } = form;
  const view = cutOf(augmentation, width, height, random);
  const colour = colourOf(augmentation, pixels, random);
  const columns = tapsOf(width, view.left, view.width, view.mirrored);
  const rows = tapsOf(height, view.top, view.height, false);
  const [red, blue] = form.channelOrder === "RGB" ? [0, 2] : [2, 0];
  const [meanR, meanG, meanB] = [form.mean[red], form.mean[1], form.mean[blue]];
  const [scaleR, scaleG, scaleB] = [1 / form.std[red], 1 / form.std[1], 1 / form.std[blue]];
  const { own, towardsGrey, shift } = colour;
  let to = slot * width * height * 3;
  for (let y = 0; y < height; y++) {
    const [upper, lower, down] = [rows.low[y] * width * 3, rows.high[y] * width * 3, rows.share[y]];
    for (let x = 0; x < width; x++, to += 3) {
      if (rows.outside[y] || columns.outside[x]) {
        target[to] = target[to + 1] = target[to + 2] = 0;
        continue;
      }
      const [left, right, across] = [columns.low[x] * 3, columns.high[x] * 3, columns.share[x]];
      const r = sample(pixels, upper + left, upper + right, lower + left, lower + right, across, down);
      const g = sample(pixels, upper + left + 1, upper + right + 1, lower + left + 1, lower + right + 1, across, down);
      const b = sample(pixels, upper + left + 2, upper + right + 2, lower + left + 2, lower + right + 2, across, down);
      const grey = (0.299 * r + 0.587 * g + 0.114 * b) * towardsGrey + shift;
      target[to + red] = (limited(r * own + grey) - meanR) * scaleR;
      target[to + 1] = (limited(g * own + grey) - meanG) * scaleG;
      target[to + blue] = (limited(b * own + grey) - meanB) * scaleB;
    }
  }
}

/** Writes a picture as it is. */
export function writePlain(target: Float32Array, slot: number, pixels: Uint8Array, form: InputForm): void {
  const { width, height, channelOrder, mean, std } = form;
  const start = slot * width * height * 3;
  for (let channel = 0; channel < 3; channel++) {
    const from = channelOrder === "RGB" ? channel : 2 - channel;
    for (let i = 0; i < width * height * 3; i += 3) {
      target[start + i + channel] = (pixels[i + from] - mean[channel]) / std[channel];
    }
  }
}

/** @throws CamlabError for ranges that cannot be used */
export function checkAugmentation(augmentation: Augmentation): void {
  for (const name of ["scale", "aspect"] as const) {
    const range = augmentation[name];
    if (range === undefined) continue;
    const fits = Array.isArray(range) && range.length === 2 && range[0] > 0 && range[0] <= range[1];
    if (!fits || range[1] === Infinity) throw invalid(`augmentation.${name}`, range, "[from, to], above 0");
  }
  for (const name of ["brightness", "contrast", "saturation"] as const) {
    const part = augmentation[name];
    if (part !== undefined) check.share(`augmentation.${name}`, part);
  }
}

interface Cut {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly mirrored: boolean;
}

function cutOf(augmentation: Augmentation, width: number, height: number, random: Random): Cut {
  const { scale = [1, 1], aspect = [1, 1], flip = false } = augmentation;
  const area = scale[0] + (scale[1] - scale[0]) * random();
  const ratio = Math.exp(Math.log(aspect[0]) + Math.log(aspect[1] / aspect[0]) * random());
  const widest = Math.max(1, Math.sqrt(scale[1]));
  const part = { x: Math.min(Math.sqrt(area * ratio), widest), y: Math.min(Math.sqrt(area / ratio), widest) };
  const [left, top] = [random() * width * (1 - part.x), random() * height * (1 - part.y)];
  return { left, top, width: width * part.x, height: height * part.y, mirrored: random() < 0.5 && flip };
}

interface Colour {
  /** A pixel's own value, its grey value, and a constant are mixed in these parts. */
  readonly own: number;
  readonly towardsGrey: number;
  readonly shift: number;
}

function colourOf(augmentation: Augmentation, pixels: Uint8Array, random: Random): Colour {
  const { brightness = 0, contrast = 0, saturation = 0 } = augmentation;
  const factor = (reach: number) => 1 + reach * (2 * random() - 1);
  const [bright, strong, vivid] = [factor(brightness), factor(contrast), factor(saturation)];
  const shift = contrast > 0 ? (1 - strong) * bright * meanGrey(pixels) : 0;
  return { own: bright * strong * vivid, towardsGrey: bright * strong * (1 - vivid), shift };
}

/** Of every 17th pixel. */
function meanGrey(pixels: Uint8Array): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i + 2 < pixels.length; i += 51, count++) {
    sum += 0.299 * pixels[i] + 0.587 * pixels[i + 1] + 0.114 * pixels[i + 2];
  }
  return sum / count;
}

interface Taps {
  /** The two neighbours of each place, and the share of the second. */
  readonly low: Int32Array;
  readonly high: Int32Array;
  readonly share: Float32Array;
  readonly outside: Uint8Array;
}

function tapsOf(count: number, start: number, length: number, mirrored: boolean): Taps {
  const places = Float64Array.from({ length: count }, (_, i) => {
    const place = mirrored ? count - 1 - i : i;
    return start + ((place + 0.5) * length) / count - 0.5;
  });
  const { low, high, share } = linearTaps(places, count);
  const outside = Uint8Array.from(places, (at) => (at < -0.5 || at > count - 0.5 ? 1 : 0));
  return { low, high, share: Float32Array.from(share), outside };
}

function sample(p: Uint8Array, a: number, b: number, c: number, d: number, across: number, down: number): number {
  const above = p[a] + (p[b] - p[a]) * across;
  const below = p[c] + (p[d] - p[c]) * across;
  return above + (below - above) * down;
}

function limited(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value;
}
