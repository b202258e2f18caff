import type { Architecture } from "../architecture.js";
import { caffeInput } from "../parts/preprocessing.js";

/** A network as its authors' Caffe files have it, fed with pictures of this side as Caffe feeds its networks. */
export function caffeNetwork(side: number, own: Omit<Architecture, "preprocessing">): Architecture {
  return { ...own, preprocessing: caffeInput(side) };
}
