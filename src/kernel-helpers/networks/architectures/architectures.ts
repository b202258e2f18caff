import { CamlabError, invalid } from "../../support/errors.js";
import { nearestNames } from "../../support/nearest-names.js";
import type { Architecture } from "./architecture.js";
import { efficientnetLites } from "./efficientnet-lite.js";
import { alexnetStarGap, bvlcAlexnet } from "./paper/alexnet.js";
import { alexnetGap, googlenetGap, googlenetGmp, vggnetGap } from "./paper/gap-networks.js";
import { bvlcGooglenet } from "./paper/googlenet.js";
import { ninImagenet } from "./paper/nin.js";
import { vggIlsvrc16 } from "./paper/vgg16.js";
import { alexnet } from "./torchvision/alexnet.js";
import { densenet121 } from "./torchvision/densenet.js";
import { efficientnetB0 } from "./torchvision/efficientnet-b0.js";
import { googlenet } from "./torchvision/googlenet.js";
import { mobilenetV2 } from "./torchvision/mobilenet-v2.js";
import { resnets } from "./torchvision/resnet.js";
import { squeezenets } from "./torchvision/squeezenet.js";
import { vggs } from "./torchvision/vgg.js";

/** Every architecture: the paper's networks and their GAP versions, torchvision's, EfficientNet-Lite. */
export const ARCHITECTURES: readonly Architecture[] = [
  bvlcAlexnet,
  vggIlsvrc16,
  bvlcGooglenet,
  ninImagenet,
  alexnetGap,
  alexnetStarGap,
  vggnetGap,
  googlenetGap,
  googlenetGmp,
  alexnet,
  ...vggs,
  ...resnets,
  googlenet,
  mobilenetV2,
  densenet121,
  ...squeezenets,
  efficientnetB0,
  ...efficientnetLites,
];

/**
 * An architecture by its name.
 *
 * @throws CamlabError that lists the names
 */
export function architectureCalled(name: string): Architecture {
  const found = ARCHITECTURES.find((architecture) => architecture.name === name);
  if (found) return found;
  const names = ARCHITECTURES.map((architecture) => architecture.name);
  if (typeof name !== "string") throw invalid("architecture", name, names.join(", "));
  const [near] = nearestNames(name, names);
  const hint = near === undefined ? "" : `, did you mean ${near}?`;
  throw new CamlabError(`no architecture is called ${JSON.stringify(name)}${hint} (there are ${names.join(", ")})`);
}
