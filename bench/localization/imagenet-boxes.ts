// 250 photographs of ILSVRC's validation part, ten classes, with boxes, where $CAMLAB_REAL has them.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Box, type Network, openNetwork, type Picture } from "../../src/index.js";

/** The networks that were trained on ImageNet, and how each is opened beside being squashed to. */
export const IMAGENET_NETWORKS = [
  "efficientnet_lite2",
  "efficientnet_lite0",
  "mobilenet_v2_coral",
  "mobilenet_v1_0.75_224",
];

/** The pictures, and WordNet's numbers of all 1,000 classes. */
export interface ImagenetBoxes {
  readonly pictures: readonly Picture[];
  readonly wnids: readonly string[];
}

/** Reads `data/imagenet-boxes`; undefined where it is not. */
export function readImagenetBoxes(real: string | undefined): ImagenetBoxes | undefined {
  if (real === undefined) return undefined;
  const folder = join(real, "data", "imagenet-boxes");
  const list = join(real, "models", "mobilenet_v1_0.75_224", "classes.json");
  if (!existsSync(join(folder, "boxes.csv")) || !existsSync(list)) return undefined;
  const boxes = new Map<string, { label: string; boxes: Box[] }>();
  const [, ...lines] = readFileSync(join(folder, "boxes.csv"), "utf8").trim().split(/\r?\n/);
  for (const line of lines) {
    const [image, label, , ...corners] = line.split(",");
    const [left, top, right, bottom] = corners.map(Number);
    const one = boxes.get(image) ?? { label, boxes: [] };
    one.boxes.push({ x: left, y: top, width: right - left, height: bottom - top });
    boxes.set(image, one);
  }
  const pictures = [...boxes].map(([image, { label, boxes: found }]): Picture => ({
    file: join(folder, image),
    id: image,
    label,
    objects: found.map((box) => ({ name: label, box })),
  }));
  const wnids = (JSON.parse(readFileSync(list, "utf8")) as { wnid: string }[]).map(({ wnid }) => wnid);
  return { pictures, wnids };
}

/** Opens one of the networks, pictures squashed to its input. */
export function openImagenetNetwork(real: string, name: string, maps: "own" | "finer" = "own"): Promise<Network> {
  const halves: readonly [number, number, number] = [127.5, 127.5, 127.5];
  const scale = name.startsWith("mobilenet_v1") ? { mean: halves, std: halves } : {};
  return openNetwork(join(real, "models", name), { maps, preprocessing: { fit: "squash", ...scale } });
}

/** The label of each output: some networks have one more, for the background. */
export function outputLabels({ classes }: Network, wnids: readonly string[]): readonly string[] {
  return classes.length === wnids.length + 1 ? ["background", ...wnids] : wnids;
}
