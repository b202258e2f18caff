import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import sharp from "sharp";
import { camGridSpec } from "../../../../src/widgets/cam-grid/cam-grid-spec.js";
import { loadFonts } from "../../../../src/widgets/kit/draw/fonts.js";
import { renderSvg } from "../../../../src/widgets/kit/draw/render-svg.js";
import { HOSTILE, sampleGrid } from "../../sample-grid.js";

const lite = "https://vega.github.io/schema/vega-lite/v5.json";

describe("renderSvg", () => {
  test("leaves no text to a font, and says every word to a screen reader", async () => {
    const svg = await renderSvg(camGridSpec(sampleGrid()));
    assert.ok(!/<(text|tspan)\b/.test(svg));
    for (const words of ["1. red disc", "0.93", "&lt;0.001", "400 × 200", "strongest of each map"]) {
      assert.ok(svg.includes(words), words);
    }
    assert.match(svg, /<title>Class activation maps of shapes.png: 1. red disc 0.93, /);
  });

  test("draws hostile, missing and invisible characters as a well-formed picture", async () => {
    const data = sampleGrid([HOSTILE, "漢字 😀 \u0000é\ufe0f"]);
    const svg = await renderSvg(camGridSpec({ ...data, photos: [{ ...data.photos[0], name: HOSTILE }] }));
    assert.ok(!svg.includes("<script"));
    // librsvg reads XML strictly: anything malformed is an error here.
    const { width, height } = await sharp(Buffer.from(svg)).metadata();
    assert.ok(width > 100 && height > 100);
  });

  test("outlines lines, anchors and rotations where Vega would have set the text", async () => {
    const text = (mark: object) =>
      renderSvg({
        $schema: lite,
        width: 200,
        height: 100,
        padding: 0,
        config: { view: { stroke: null } },
        data: { values: [{}] },
        mark: { type: "text", x: 100, y: 50, fontSize: 20, ...mark },
      });
    const ink = async (svg: string) => {
      const { info } = await sharp(Buffer.from(svg)).flatten({ background: "white" }).trim().toBuffer({
        resolveWithObject: true,
      });
      return { left: -(info.trimOffsetLeft ?? 0), top: -(info.trimOffsetTop ?? 0), ...info };
    };
    const width = (await loadFonts()).measure("HHHH", { size: 20 });
    const left = await ink(await text({ text: "HHHH", align: "left" }));
    const right = await ink(await text({ text: "HHHH", align: "right" }));
    assert.ok(Math.abs(left.left - 100) <= 3 && Math.abs(right.left + right.width - 100) <= 3);
    assert.ok(Math.abs(left.width - width) <= 5);
    const lines = await ink(await text({ text: ["HHHH", "HHHH", "HHHH"], align: "left", lineHeight: 22 }));
    assert.ok(Math.abs(lines.height - left.height - 44) <= 1);
    const upright = await ink(await text({ text: "HHHH", angle: 90 }));
    assert.ok(Math.abs(upright.height - left.width) <= 1 && Math.abs(upright.width - left.height) <= 1);
  });

  test("cuts a text at its limit by the true widths of its letters", async () => {
    const { measure } = await loadFonts();
    const shown = async (text: string) => {
      const mark = { type: "text", text, limit: 100, fontSize: 12 };
      return /role="img" aria-label="([^"]*)"/.exec(
        await renderSvg({ $schema: lite, data: { values: [{}] }, mark }),
      )?.[1];
    };
    const narrow = "i".repeat(20);
    assert.ok(measure(narrow, { size: 12 }) < 100);
    assert.equal(await shown(narrow), narrow);
    const cut = (await shown("W".repeat(20))) ?? "";
    assert.match(cut, /^W+…$/);
    assert.ok(measure(cut, { size: 12 }) <= 100 && measure(`W${cut}`, { size: 12 }) > 100, cut);
  });

  test("refuses what it would have to fetch, and says what Vega cannot draw", async () => {
    const shown = (rest: object) => renderSvg({ $schema: lite, mark: "point", ...rest });
    await assert.rejects(shown({ data: { url: "https://example.org/x.json" } }), /cannot load "https:.*in itself/);
    await assert.rejects(shown({ data: { url: "package.json" } }), /cannot load "package.json"/);
    const mark = { type: "image", url: "file:///etc/hostname", width: 9, height: 9 };
    await assert.rejects(shown({ data: { values: [{}] }, mark }), /cannot load "file:/);
    await assert.rejects(renderSvg({ $schema: lite }), /^CamlabError: Vega cannot draw the spec: Invalid spec/);
  });
});

test("a machine without fonts draws the same picture, byte for byte", () => {
  const draw = (env: NodeJS.ProcessEnv) =>
    execFileSync(process.execPath, ["--import", "tsx", join(import.meta.dirname, "../../draw-sample.ts")], {
      env: { ...process.env, ...env },
      encoding: "utf8",
    }).split("\n");
  const [grid, letters] = draw({});
  const folder = mkdtempSync(join(tmpdir(), "camlab-"));
  const noFonts = join(folder, "fonts.conf");
  writeFileSync(noFonts, `<?xml version="1.0"?><fontconfig><cachedir>${folder}</cachedir></fontconfig>`);
  const [bareGrid, bareLetters] = draw({ FONTCONFIG_FILE: noFonts });
  rmSync(folder, { recursive: true });
  assert.equal(bareGrid, grid);
  assert.match(grid, /^[0-9a-f]{64}$/);
  // Where the machine has fonts, ordinary SVG text looks different without them: the second run truly had none.
  if (letters !== bareLetters) return;
  console.log("this machine has no fonts at all: the comparison with fonts was not made");
});
