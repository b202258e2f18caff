// For `camlab doctor`: which backends of TF.js work here, and how fast they convolve.
import type { Rank } from "@tensorflow/tfjs-core";
import { messageOf } from "../../support/errors.js";
import type { TfjsDevice } from "../engine.js";
import { activate, loadBackend, TFJS_DEVICES, type LoadedBackend } from "./backends.js";

/** A backend of TF.js, and whether it can be used here. */
export interface TfjsBackendReport {
  readonly device: TfjsDevice;
  readonly usable: boolean;
  /** What it runs on; for one that cannot be used why, and how to get it. */
  readonly reason: string;
  /** Billions of additions and multiplications a second in a 3×3 convolution 128→128 on 28×28, forward. */
  readonly gflops?: number;
}

/**
 * Which backends of TF.js work here, best first, each with its speed. Takes a second or two and loads every one that
 * is installed.
 *
 * @example
 * for (const { device, usable, reason, gflops } of await engines.describeTfjsBackends()) console.log(device, usable, reason, gflops);
 */
export async function describeTfjsBackends(): Promise<TfjsBackendReport[]> {
  const reports: TfjsBackendReport[] = [];
  for (const device of TFJS_DEVICES) {
    try {
      const loaded = await loadBackend(device);
      reports.push({ device, usable: true, reason: loaded.reason, gflops: measured(loaded) });
    } catch (error) {
      reports.push({ device, usable: false, reason: messageOf(error) });
    }
  }
  return reports;
}

const SIZE = 28;
const CHANNELS = 128;
const OPERATIONS = 2 * 9 * CHANNELS * CHANNELS * SIZE * SIZE;

/** The best of several runs within a third of a second; a single one where that takes longer. */
function measured(loaded: LoadedBackend): number {
  const { tf } = loaded;
  const before = tf.getBackend();
  activate(loaded);
  const image = tf.ones<Rank.R4>([1, SIZE, SIZE, CHANNELS]);
  const filter = tf.ones<Rank.R4>([3, 3, CHANNELS, CHANNELS]);
  try {
    let best = Infinity;
    const start = performance.now();
    do {
      const from = performance.now();
      tf.tidy(() => void tf.conv2d(image, filter, 1, "same").dataSync());
      best = Math.min(best, performance.now() - from);
    } while (performance.now() - start < 333);
    return OPERATIONS / best / 1e6;
  } finally {
    image.dispose();
    filter.dispose();
    if (before) void tf.setBackend(before);
  }
}
