import type { Architecture } from "../architecture.js";
import { torchvisionInput } from "../parts/preprocessing.js";

/** A network as torchvision has it, fed as torchvision feeds its networks. `title`: what it is and whose. */
export function torchvisionNetwork(own: Omit<Architecture, "preprocessing">): Architecture {
  return { ...own, title: `${own.title}, torchvision's form`, preprocessing: torchvisionInput() };
}
