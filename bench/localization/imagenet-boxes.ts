// 250 photographs of ILSVRC's validation part, ten classes, with boxes, where $CAMLAB_REAL has them.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type images, type Network, openNetwork, readers } from "../../src/index.js";

/** The networks that were trained on ImageNet, as their folders are called. */
export const IMAGENET_NETWORKS = [
  "efficientnet_lite2",
  "efficientnet_lite0",
  "mobilenet_v2_coral",
  "mobilenet_v1_0.75_224",
];

/** The pictures, and WordNet's numbers of all 1,000 classes. */
export interface ImagenetBoxes {
  readonly pictures: readonly (images.AnnotatedPicture & { readonly label: string })[];
  readonly wnids: readonly string[];
}

/** Reads `data/imagenet-boxes`; undefined where it is not. */
export async function readImagenetBoxes(real: string | undefined): Promise<ImagenetBoxes | undefined> {
  if (real === undefined) return undefined;
  const boxes = join(real, "data", "imagenet-boxes", "boxes.csv");
  const list = join(real, "models", "mobilenet_v1_0.75_224", "classes.json");
  if (!existsSync(boxes) || !existsSync(list)) return undefined;
  const { pictures } = await readers.readBoxesCsv(boxes);
  const wnids = (JSON.parse(readFileSync(list, "utf8")) as { wnid: string }[]).map(({ wnid }) => wnid);
  // All boxes of a picture are of its one class.
  return { pictures: pictures.map((each) => ({ ...each, label: each.labels![0] })), wnids };
}

/**
 * Opens one of the networks, pictures squashed to its input. The photographs lie there squashed to 224 × 224, their boxes
 * in those pixels, and the figures that are compared with were measured so: the crop in the middle that a network's card
 * may ask for would cut again what is already all of the photograph.
 *
 * @param scale of the input, beside the network's own size
 */
export async function openImagenetNetwork(
  real: string,
  name: string,
  maps: "own" | "finer" = "own",
  scale = 1,
): Promise<Network> {
  const halves: readonly [number, number, number] = [127.5, 127.5, 127.5];
  // MobileNet v1 lies there without a card.
  const range = name.startsWith("mobilenet_v1") ? { mean: halves, std: halves } : {};
  const open = (size?: number) =>
    openNetwork(join(real, "models", name), { maps, size, preprocessing: { fit: "squash", ...range } });
  const network = await open();
  if (scale === 1) return network;
  const { width } = network.preprocessing;
  network.dispose();
  return open(Math.round(scale * width));
}

/** The label of each output: some networks have one more, for the background. */
export function outputLabels({ classes }: Network, wnids: readonly string[]): readonly string[] {
  return classes.length === wnids.length + 1 ? ["background", ...wnids] : wnids;
}
