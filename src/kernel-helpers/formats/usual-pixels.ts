import type { FoundSettings } from "./format.js";

/** Pixels from −1 to 1: what the networks take that Google publishes, and Teachable Machine's. */
export function usualPixels(format: string): FoundSettings {
  const half = [127.5, 127.5, 127.5] as const;
  return { settings: { channelOrder: "RGB", mean: half, std: half }, from: `what is usual with ${format}` };
}
