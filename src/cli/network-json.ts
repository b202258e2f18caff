import type { Network } from "../kernel-helpers/networks/network.js";

/** What documents for programs say of the network: how pictures reach it, where that was read and what was assumed. */
export function networkJson({ name, device, view, preprocessing, sources, notes }: Network) {
  return { network: name, device, ...(view && { view }), preprocessing, ...(sources && { sources }), notes };
}
