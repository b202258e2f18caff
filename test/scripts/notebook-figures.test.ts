import assert from "node:assert/strict";
import { test } from "node:test";
import sharp from "sharp";
import { figureDifferences } from "../../scripts/notebook-figures.js";

/** A figure: text as a widget has it, on white, and a hot place. */
async function figure({ word = "1. dog 0.97", x = 120, width = 480, colour = "#d95f02" } = {}): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="200"><rect width="100%" height="100%" fill="white"/>
    <text x="10" y="20" font-size="14">${word}</text><rect x="10" y="30" width="160" height="160" fill="#445"/>
    <circle cx="${x}" cy="110" r="30" fill="${colour}"/></svg>`;
  return sharp(Buffer.from(svg)).png({ palette: true }).toBuffer();
}

const notebook = (...cells: Buffer[][]) => ({
  cells: cells.map((figures) => ({
    cell_type: "code",
    outputs: figures.map((png) => ({ output_type: "display_data", data: { "image/png": png.toString("base64") } })),
  })),
});
const differ = async (a: Parameters<typeof figure>[0], b: Parameters<typeof figure>[0]) =>
  figureDifferences(notebook([await figure(a)]), notebook([await figure(b)]));

test("the same figure, and one with the noise of another processor, are the same", async () => {
  assert.deepEqual(await differ({}, {}), []);
  const png = await figure();
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const noisy = Buffer.from(data.map((value, i) => Math.min(255, Math.max(0, value + ((i * 7919) % 7) - 3))));
  const again = await sharp(noisy, { raw: info }).png().toBuffer();
  assert.deepEqual(await figureDifferences(notebook([png]), notebook([again])), []);
});

test("a hot place elsewhere, another colour, another size, a figure more or less are told", async () => {
  assert.match((await differ({}, { x: 60 }))[0], /^cell 0: figure 1 looks different/);
  assert.match((await differ({}, { colour: "#1b9e77" }))[0], /looks different/);
  assert.match((await differ({}, { width: 520 }))[0], /was 480 × 200, is 520 × 200/);
  const png = await figure();
  assert.deepEqual(await figureDifferences(notebook([], [png]), notebook([], [png, png])), [
    "cell 1: had 1 figures, has 2",
  ]);
  assert.deepEqual(await figureDifferences(notebook([png]), notebook()), ["cell 0: had 1 figures, has 0"]);
});
