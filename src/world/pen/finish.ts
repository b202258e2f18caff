import type { Image } from "../../kernel-helpers/images/image.js";
import { type Random, seededRandom } from "../../kernel-helpers/support/random.js";
import { between, happens } from "./chance.js";
import { cloudNoise, NOISE_SIDE, speckleNoise } from "./noise.js";
import { type Grain, grainOf } from "./materials.js";
import type { Shape } from "./pen.js";

/** Light and camera of one picture: what happens to the drawing after the vectors are down. */
export interface Film {
  /** Direction that the light comes from, in pixels: x to the right, y downwards; about unit length. */
  readonly light: { readonly x: number; readonly y: number };
  /** The darkening of the corner farthest from the light, 0–1. */
  readonly falloff: number;
  /** Multiplies red, green and blue: exposure and white balance. */
  readonly balance: readonly [number, number, number];
  /** 1 leaves the colours, 0 makes the picture grey. */
  readonly saturation: number;
  readonly gamma: number;
  /** Radius of the blur, pixels; 0 for none. */
  readonly blur: number;
  /** Deviation of the sensor's noise, of 255. */
  readonly noise: number;
  readonly seed: number;
}

/** A film of the everyday kind: some are too dark, some too warm, some noisy, a few nearly colourless. */
export function everydayFilm(random: Random): Film {
  const exposure = between(random, 0.78, 1.16);
  const warmth = between(random, -0.13, 0.13);
  const tint = between(random, -0.05, 0.05);
  return {
    light: { x: between(random, -1, 1), y: between(random, -1, -0.4) },
    falloff: between(random, 0.05, 0.4),
    balance: [exposure * (1 + warmth), exposure * (1 + tint), exposure * (1 - warmth)],
    saturation: happens(random, 0.06) ? between(random, 0, 0.2) : between(random, 0.6, 1.1),
    gamma: between(random, 0.82, 1.25),
    blur: happens(random, 0.35) ? between(random, 0.3, 0.9) : 0,
    noise: between(random, 0.5, 6),
    seed: Math.floor(random() * 2 ** 31),
  };
}

/**
 * Lays grain, rounding and soft shadows over a rendered drawing and exposes it.
 *
 * @param picture the drawing, `width × height` pixels of `channels` bytes
 * @param keys object · 256 + shape of each pixel
 * @param horizon the row where receding grounds vanish
 */
export function finish(
  picture: { readonly data: Uint8Array; readonly channels: number; readonly width: number; readonly height: number },
  keys: Uint16Array,
  shapes: readonly Shape[],
  film: Film,
  horizon: number,
): Image {
  const { width, height, channels, data } = picture;
  const surfaces = surfacesOf(shapes);
  const ranks = ranksOf(keys, shapes);
  const light = shadeOf(ranks, surfaces, width, height, film);
  layGrain(light, ranks, surfaces, width, height, film, horizon);
  return expose(data, channels, light, width, height, film);
}

/** What the finishing needs of each shape, by rank from 1; rank 0 is where nothing was drawn. */
interface Surfaces {
  readonly grains: readonly Grain[];
  readonly objects: Uint8Array;
  readonly round: Float32Array;
}

function surfacesOf(shapes: readonly Shape[]): Surfaces {
  const grains: Grain[] = [grainOf("plain"), ...shapes.map(({ material }) => grainOf(material))];
  return {
    grains,
    objects: Uint8Array.of(0, ...shapes.map(({ object }) => object)),
    round: Float32Array.from(grains, ({ round }) => round * 0.085),
  };
}

function ranksOf(keys: Uint16Array, shapes: readonly Shape[]): Uint16Array {
  const rankOfKey = new Uint16Array(65536);
  for (const { object, serial, rank } of shapes) rankOfKey[(object << 8) | serial] = rank + 1;
  const ranks = new Uint16Array(keys.length);
  for (let i = 0; i < keys.length; i++) ranks[i] = rankOfKey[keys[i]];
  return ranks;
}

function layGrain(
  light: Float32Array,
  ranks: Uint16Array,
  { grains, objects }: Surfaces,
  width: number,
  height: number,
  film: Film,
  horizon: number,
): void {
  const random = seededRandom(film.seed);
  const [dx, dy] = [Math.floor(random() * NOISE_SIDE), Math.floor(random() * NOISE_SIDE)];
  const clouds = cloudNoise();
  const last = NOISE_SIDE - 1;
  for (let y = 0, i = 0; y < height; y++) {
    const away = y - horizon + 6;
    const far = away > 1 ? 60 / away : 60;
    const depth = away > 1 ? 2600 / away : 2600;
    for (let x = 0; x < width; x++, i++) {
      const rank = ranks[i];
      const { strength, across, down, receding } = grains[rank];
      // Objects get their own corner of the noise, so that the grain stops at their edges.
      const shift = objects[rank] * 37;
      const column = ((receding ? (x - width / 2) * far : x) * across + dx + shift) & last;
      const row = ((receding ? depth : y) * down + dy + shift * 3) & last;
      const corner = 0.5 + ((x / width - 0.5) * film.light.x + (y / height - 0.5) * film.light.y) * 0.7;
      light[i] *= (1 + strength * clouds[row * NOISE_SIDE + column]) * (1 - film.falloff * (1 - corner));
    }
  }
}

/** Farthest that light and shadow are looked for, pixels. */
const REACH = 14;

/** Soft shadows that nearer objects throw on farther ones, and the rounding of every shape's edges. */
function shadeOf(
  ranks: Uint16Array,
  { objects, round }: Surfaces,
  width: number,
  height: number,
  { light }: Film,
): Float32Array {
  const stride = width + 2 * REACH;
  const padded = new Uint16Array(stride * (height + 2 * REACH));
  for (let y = -REACH; y < height + REACH; y++) {
    const row = Math.max(0, Math.min(height - 1, y)) * width;
    const start = (y + REACH) * stride;
    padded.fill(ranks[row], start, start + REACH);
    padded.set(ranks.subarray(row, row + width), start + REACH);
    padded.fill(ranks[row + width - 1], start + REACH + width, start + stride);
  }
  const step = (dx: number, dy: number) => Math.round(dy) * stride + Math.round(dx);
  const [rim1, rim2, rim3] = [1.5, 3.5, 6].map((far) => step(light.x * far, light.y * far));
  const [dark1, dark2] = [step(light.x * 3, light.y * 3), step(light.x * 7 - 2, light.y * 7 + 1)];
  const [dark3, dark4] = [step(light.x * 7 + 2, light.y * 7 - 1), step(light.x * 11, light.y * 11)];
  const raw = new Float32Array(width * height);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0, p = (y + REACH) * stride + REACH; x < width; x++, i++, p++) {
      const own = padded[p];
      const object = objects[own];
      let shade = 1;
      if (round[own] > 0) {
        let rim = 0;
        if (padded[p + rim1] < own) rim++;
        if (padded[p + rim2] < own) rim++;
        if (padded[p + rim3] < own) rim++;
        if (padded[p - rim1] < own) rim -= 1.2;
        if (padded[p - rim2] < own) rim -= 1.2;
        if (padded[p - rim3] < own) rim -= 1.2;
        shade += round[own] * rim;
      }
      let other = padded[p + dark1];
      if (other > own && objects[other] !== object) shade -= 0.085;
      other = padded[p + dark2];
      if (other > own && objects[other] !== object) shade -= 0.085;
      other = padded[p + dark3];
      if (other > own && objects[other] !== object) shade -= 0.085;
      other = padded[p + dark4];
      if (other > own && objects[other] !== object) shade -= 0.085;
      raw[i] = shade;
    }
  }
  return blurred(raw, width, height, 1, 4 / 3);
}

function expose(
  data: Uint8Array,
  channels: number,
  light: Float32Array,
  width: number,
  height: number,
  { balance, saturation, gamma, blur, noise, seed }: Film,
): Image {
  const count = width * height;
  const curve = new Float32Array(1024);
  for (let i = 0; i < 1024; i++) curve[i] = 255 * Math.pow(i / 1023, gamma);
  const [red, green, blue] = balance.map((value) => (value * 1023) / 255);
  const exposed = new Float32Array(count * 3);
  const at = (value: number) => (value < 0 ? 0 : value > 1023 ? 1023 : value | 0);
  for (let i = 0, p = 0, q = 0; i < count; i++, p += channels, q += 3) {
    const [r, g, b] = [data[p], data[p + 1], data[p + 2]];
    const grey = (0.3 * r + 0.59 * g + 0.11 * b) * (1 - saturation);
    const bright = light[i];
    exposed[q] = curve[at((grey + r * saturation) * bright * red)];
    exposed[q + 1] = curve[at((grey + g * saturation) * bright * green)];
    exposed[q + 2] = curve[at((grey + b * saturation) * bright * blue)];
  }
  const seen = blur > 0 ? blurred(exposed, width, height, 3, blur) : exposed;
  const speckles = speckleNoise();
  const last = NOISE_SIDE * NOISE_SIDE - 1;
  const result = new Uint8Array(count * 3);
  for (let i = 0, k = seed & last; i < result.length; i++) {
    k = (k + 1) & last;
    const value = seen[i] + noise * speckles[k] + 0.5;
    result[i] = value < 0 ? 0 : value > 255 ? 255 : value;
  }
  return { width, height, data: result };
}

/** A 3-tap blur, across and down; `radius` 1 is [1, 2, 1] / 4, 4/3 is [1, 1, 1] / 3. */
function blurred(values: Float32Array, width: number, height: number, channels: number, radius: number): Float32Array {
  const side = radius / 4;
  const middle = 1 - 2 * side;
  const row = width * channels;
  const rows = new Float32Array(values.length);
  const result = new Float32Array(values.length);
  for (let y = 0, i = 0; y < height; y++) {
    const end = (y + 1) * row;
    for (; i < y * row + channels; i++) rows[i] = (side + middle) * values[i] + side * values[i + channels];
    for (; i < end - channels; i++) rows[i] = side * (values[i - channels] + values[i + channels]) + middle * values[i];
    for (; i < end; i++) rows[i] = (side + middle) * values[i] + side * values[i - channels];
  }
  for (let y = 0, i = 0; y < height; y++) {
    const [up, down] = [y > 0 ? row : 0, y < height - 1 ? row : 0];
    for (let x = 0; x < row; x++, i++) result[i] = side * (rows[i - up] + rows[i + down]) + middle * rows[i];
  }
  return result;
}
