import { alexnetTrunk } from "./alexnet.js";
import { trainingHeads, untilInception4e } from "./googlenet.js";
import { paperNetwork } from "./paper-network.js";
import { vggTrunk } from "./vgg16.js";

/** AlexNet-GAP: everything after conv5 replaced (section 3.1); maps of 13×13. */
export const alexnetGap = paperNetwork({
  name: "alexnet-gap",
  title: "AlexNet-GAP",
  side: 227,
  trunk: alexnetTrunk,
});

/** VGGnet-GAP: everything after conv5_3 replaced (section 3.1); maps of 14×14. */
export const vggnetGap = paperNetwork({ name: "vggnet-gap", title: "VGGnet-GAP", side: 224, trunk: vggTrunk });

/** GoogLeNet-GAP: everything after inception_4e replaced (section 3.1); maps of 14×14. */
export const googlenetGap = paperNetwork({
  name: "googlenet-gap",
  title: "GoogLeNet-GAP",
  side: 224,
  trunk: untilInception4e,
  passedOver: trainingHeads,
});

/** GoogLeNet-GMP: GoogLeNet-GAP with the maximum of each map for its mean (section 3.2). */
export const googlenetGmp = paperNetwork({
  name: "googlenet-gmp",
  title: "GoogLeNet-GMP",
  side: 224,
  trunk: untilInception4e,
  pooling: "max",
  passedOver: trainingHeads,
});
