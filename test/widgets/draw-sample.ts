// Run by draw-spec.test.ts with and without fonts: prints what a grid, and what ordinary SVG text, look like.
import { createHash } from "node:crypto";
import sharp from "sharp";
import { camGridSpec } from "../../src/widgets/cam-grid/cam-grid-spec.js";
import { Widget } from "../../src/widgets/kit/widget.js";
import { sampleGrid } from "./sample-grid.js";

const hash = (pixels: Buffer) => createHash("sha256").update(pixels).digest("hex");
const letters = `<svg xmlns="http://www.w3.org/2000/svg" width="99" height="30"><text y="20">letters</text></svg>`;
console.log(hash(await new Widget(camGridSpec(sampleGrid())).toPng()));
console.log(hash(await sharp(Buffer.from(letters)).raw().toBuffer()));
