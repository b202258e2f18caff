// Writes models/teaching: the network that TEACHING_* describe, its card, and a picture to look at.
//   npx tsx scripts/make-teaching-network.ts
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as prettier from "prettier";
import sharp from "sharp";
import type { NetworkCard } from "../src/kernel-helpers/networks/network-card.js";
import {
  TEACHING_CHANNELS,
  TEACHING_CLASS_WEIGHTS,
  teachingNetwork,
} from "../src/kernel-helpers/networks/teaching-network.js";
import { teachingScene } from "../src/kernel-helpers/networks/teaching-scene.js";

const folder = fileURLToPath(new URL("../models/teaching/", import.meta.url));
mkdirSync(folder, { recursive: true });

const model = teachingNetwork();
writeFileSync(join(folder, "model.onnx"), model);

const card: NetworkCard = {
  name: "teaching",
  title: "Six things on a drawn beach: two convolutions and a class layer, every weight set by hand",
  preprocessing: { width: 224, height: 224, fit: "cover", channelOrder: "RGB", mean: [0, 0, 0], std: [255, 255, 255] },
  classes: Object.keys(TEACHING_CLASS_WEIGHTS),
  channels: TEACHING_CHANNELS,
  licence: "MIT, as camlab itself",
  origin: "written by scripts/make-teaching-network.ts; not trained",
  hashes: { "model.onnx": createHash("sha256").update(model).digest("hex") },
};
const style = await prettier.resolveConfig(folder);
writeFileSync(join(folder, "card.json"), await prettier.format(JSON.stringify(card), { ...style, parser: "json" }));

const { svg } = teachingScene(1);
await sharp(Buffer.from(svg)).removeAlpha().png({ compressionLevel: 9 }).toFile(join(folder, "beach.png"));
