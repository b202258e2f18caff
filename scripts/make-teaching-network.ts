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
  TEACHING_COLOURS,
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

const signed = (value: number) => (value === 0 ? "0" : value > 0 ? `+${value}` : `−${-value}`);
const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
const table = (head: readonly string[], rows: readonly string[][]) =>
  [row(head), row(head.map(() => "---")), ...rows.map(row)].join("\n");
const page = `# The teaching network

A GAP network that can be checked with pencil and paper: every weight was set by hand, none was trained. It knows six
things on a drawn beach (\`beach.png\`). This page and the files beside it are written by
\`npx tsx scripts/make-teaching-network.ts\`.

1. A 3×3 convolution with stride 2, then ReLU. Four maps are colours of the middle pixel, R, G and B from 0 to 1:

${table(
  ["map", "R", "G", "B", "threshold"],
  Object.entries(TEACHING_COLOURS).map(([name, { weights, bias }]) => [name, ...weights.map(signed), `${-bias}`]),
)}

   Four more are changes in brightness: lighter rightwards, leftwards, downwards and upwards.

2. The mean over 4×4 places: 28×28 cells of 8×8 pixels each.
3. A 9×9 convolution, then ReLU, gives the feature maps f_k. The colours pass unchanged. *Upright stripes* are many
   changes along a row and few along a column, on average over 5×5 cells; *level stripes* the other way round. A *disc*
   is much of a colour within 3.6 cells and little around.
4. The mean of each map, F_k, then the class weights w_k^c, without a bias. What is evidence against a class is negative:
   stripes speak against a ball, red as they may be.

${table(
  ["", ...TEACHING_CHANNELS],
  Object.entries(TEACHING_CLASS_WEIGHTS).map(([name, weights]) => [`**${name}**`, ...weights.map(signed)]),
)}

The score of a class is S_c = Σ_k w_k^c F_k, and its map M_c(x, y) = Σ_k w_k^c f_k(x, y): the same sum, where it came from.
`;
writeFileSync(join(folder, "README.md"), await prettier.format(page, { ...style, parser: "markdown" }));

const { svg } = teachingScene(1);
await sharp(Buffer.from(svg)).removeAlpha().png({ compressionLevel: 9 }).toFile(join(folder, "beach.png"));
