import type { Network } from "../../../../src/kernel-helpers/networks/network.js";
import type { Picture } from "../../../../src/kernel-helpers/images/picture.js";
import { fakeNetwork } from "../../networks/fake-network.js";

/**
 * A network that knows "a" by its red and "b" by its green, and maps each where the colour is: 4 × 4 places.
 *
 * @param onRun told of each run how many pictures it was of
 */
export function twoColours(onRun?: (count: number) => void): Network {
  const network = fakeNetwork((red, green) => [red, green, 0], onRun);
  const head = { ...network.head, weights: Float32Array.of(1, 0, 0, 1, 0, 0) };
  return { ...network, head, fingerprint: "two colours" };
}

/** A black photo with a rectangle of one colour. */
export function coloured(
  colour: "red" | "green",
  box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  size = 4,
): Picture["file"] & object {
  const data = new Uint8Array(size * size * 3);
  for (let y = box.y; y < box.y + box.height; y++) {
    for (let x = box.x; x < box.x + box.width; x++) data[3 * (y * size + x) + (colour === "red" ? 0 : 1)] = 200;
  }
  return { width: size, height: size, data };
}
