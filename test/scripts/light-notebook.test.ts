import assert from "node:assert/strict";
import { test } from "node:test";
import sharp from "sharp";
import { lightNotebook } from "../../scripts/light-notebook.js";
import type { NotebookCells } from "../../scripts/notebook-differences.js";
import { figureDifferences } from "../../scripts/notebook-figures.js";

const noise = Buffer.from(
  Array.from(
    { length: 300 * 200 * 3 },
    (_, i) => 128 + 60 * Math.sin((i % 900) / 90) * Math.cos(i / 900 / 30) + ((i * 7919) % 7),
  ),
);
const photo = await sharp(noise, { raw: { width: 300, height: 200, channels: 3 } })
  .png()
  .toBuffer();
const chart = await sharp({ create: { width: 300, height: 200, channels: 3, background: "white" } })
  .png({ palette: true })
  .toBuffer();
const shown = (png: Buffer, spec: object) => ({
  output_type: "display_data",
  data: { "image/png": png.toString("base64"), "application/vnd.vegalite.v5+json": spec, "text/plain": "words" },
});

test("photographs become JPEG without their spec, charts stay as they are, and both look the same", async () => {
  const heavy = { data: "x".repeat(40_000) };
  const cells: NotebookCells["cells"] = [
    { cell_type: "markdown" },
    {
      cell_type: "code",
      outputs: [shown(photo, heavy), shown(chart, { mark: "bar" }), { output_type: "stream", text: "a" }],
    },
  ];
  const light = await lightNotebook({ cells });
  assert.deepEqual(light.cells[0], cells[0]);
  const [first, second, third] = light.cells[1].outputs!;
  assert.deepEqual(Object.keys(first.data!).sort(), ["image/jpeg", "text/plain"]);
  assert.deepEqual(second, cells[1].outputs![1]);
  assert.deepEqual(third, cells[1].outputs![2]);
  assert.deepEqual(await figureDifferences({ cells }, light), []);
  assert.deepEqual(await lightNotebook(light), light);
});
