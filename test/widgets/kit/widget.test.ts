import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import sharp from "sharp";
import { camGridSpec } from "../../../src/widgets/cam-grid/cam-grid-spec.js";
import { Widget, type MimeBundle } from "../../../src/widgets/kit/widget.js";
import { HOSTILE, sampleGrid } from "../sample-grid.js";

const display = (widget: Widget) =>
  (widget as unknown as Record<symbol, () => Promise<MimeBundle>>)[Symbol.for("Jupyter.display")]();

describe("Widget", () => {
  test("shows itself in a notebook as spec, page fragment, picture and sentence", async () => {
    const bundle = await display(new Widget(camGridSpec(sampleGrid())));
    assert.deepEqual(Object.keys(bundle), ["application/vnd.vegalite.v5+json", "text/html", "image/png", "text/plain"]);
    assert.equal(typeof bundle["application/vnd.vegalite.v5+json"], "object");
    const png = await sharp(Buffer.from(bundle["image/png"] as string, "base64")).metadata();
    assert.equal(png.format, "png");
    assert.match(bundle["text/plain"] as string, /^Class activation maps of shapes.png: /);
    assert.match(bundle["text/html"] as string, /^<figure[^>]*><img src="data:image\/webp;base64,/);
    assert.ok(!/<script>/.test(bundle["text/html"] as string), "the fragment holds no runtime");
  });

  test("names the type of a Vega spec as Vega", async () => {
    const widget = new Widget({ $schema: "https://vega.github.io/schema/vega/v5.json", width: 10, height: 10 });
    assert.equal(Object.keys(await display(widget))[0], "application/vnd.vega.v5+json");
  });

  test("escapes what is hostile wherever it stands", async () => {
    const data = sampleGrid([HOSTILE]);
    const widget = new Widget(camGridSpec({ ...data, photos: [{ ...data.photos[0], name: HOSTILE }] }));
    const bundle = await display(widget);
    const page = await widget.toHtml({ title: HOSTILE });
    for (const html of [bundle["text/html"] as string, page]) {
      assert.ok(!html.includes("<script>alert"));
      assert.ok(!/<b>/.test(html));
    }
    // eslint-disable-next-line no-control-regex
    assert.ok(!/[\u0000-\u001f\u202e]/.test(bundle["text/plain"] as string));
  });

  test("saves what the file name's ending says, and draws at any scale", async () => {
    const widget = new Widget(async () => Promise.resolve(camGridSpec(sampleGrid())));
    const folder = await mkdtemp(join(tmpdir(), "camlab-"));
    try {
      for (const ending of ["svg", "png", "html", "json"]) await widget.save(join(folder, `grid.${ending}`));
      const svg = await readFile(join(folder, "grid.svg"), "utf8");
      const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(svg) ?? [];
      const png = await sharp(join(folder, "grid.png")).metadata();
      assert.deepEqual([png.width, png.height], [2 * Number(width), 2 * Number(height)]);
      assert.deepEqual(JSON.parse(await readFile(join(folder, "grid.json"), "utf8")), await widget.spec());
      assert.match(await readFile(join(folder, "grid.html"), "utf8"), /^<!doctype html>/);
    } finally {
      await rm(folder, { recursive: true });
    }
    await assert.rejects(widget.save("grid.bmp"), /invalid file name: "grid.bmp" \(expected an ending .svg/);
    await assert.rejects(widget.toPng({ scale: 0 }), /invalid scale: 0/);
  });

  test("calls its maker once, and only when it is looked at", async () => {
    let calls = 0;
    const widget = new Widget(() => (calls++, camGridSpec(sampleGrid())));
    assert.equal(calls, 0);
    await Promise.all([widget.toPng(), widget.toSvg(), widget.toHtml()]);
    assert.equal(calls, 1);
  });
});

test("a notebook is not given more than it can show, and is told what to do", async () => {
  const spec = { $schema: "https://vega.github.io/schema/vega-lite/v5.json", data: { values: ["x".repeat(11e6)] } };
  const display = new Widget(spec) as unknown as Record<symbol, () => Promise<unknown>>;
  await assert.rejects(
    display[Symbol.for("Jupyter.display")](),
    /this widget is 11 MB, and a notebook shows 10 MB at most: show fewer photographs or classes/,
  );
});
