import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import sharp from "sharp";
import { camGridSpec } from "../../../../src/widgets/cam-grid/cam-grid-spec.js";
import { loadFonts } from "../../../../src/widgets/kit/draw/fonts.js";
import { drawSpec } from "../../../../src/widgets/kit/draw/draw-spec.js";
import { missingEverywhere } from "../../../../src/widgets/kit/draw/system-fonts.js";
import type { VegaSpec } from "../../../../src/widgets/kit/vega-spec.js";
import { HOSTILE, sampleGrid } from "../../sample-grid.js";

const lite = "https://vega.github.io/schema/vega-lite/v5.json";

const renderSvg = async (spec: VegaSpec) => (await drawSpec(spec)).svg;

describe("drawSpec", () => {
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

describe("writings that the typeface lacks", () => {
  const chart = (...texts: string[]) => ({
    ...{
      $schema: lite,
      width: 200,
      height: 60,
      padding: 0,
      data: { values: texts.map((text, row) => ({ text, row })) },
    },
    mark: { type: "text", fontSize: 14 },
    encoding: { text: { field: "text", type: "nominal" }, y: { field: "row", type: "ordinal", axis: null } },
  });

  test("stay text in SVG; other lines are outlines as ever", async () => {
    const { svg } = await drawSpec(chart("鹦鹉", "बिल्ली", "🦜", "tench", "пёс"));
    assert.deepEqual(
      [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text),
      ["鹦鹉", "बिल्ली", "🦜"],
    );
    assert.ok(svg.includes('aria-label="'));
  });

  test("two names never give the same picture, whatever they are written in", async () => {
    const names = [
      "日本",
      "中文",
      "한국어",
      "カナ",
      "かな",
      "बिल्ली",
      "แมว",
      "🦜",
      "🦉",
      "𠀀",
      "𠀁",
      "كلب",
      "قطة",
      "כלב",
      "חתול",
      "ⴰⴱ",
      "ꦏꦸ",
    ];
    const pictures = await Promise.all(
      names.map(async (name) => {
        const { printed } = await drawSpec(chart(name));
        const { data } = await sharp(Buffer.from(printed)).flatten({ background: "#fff" }).raw().toBuffer({ resolveWithObject: true }); // prettier-ignore
        assert.ok(
          data.some((value) => value < 128),
          `${name} is blank`,
        );
        return createHash("sha256").update(data).digest("hex");
      }),
    );
    assert.equal(new Set(pictures).size, names.length);
  });

  test("a character that no font has is a box with its code point, and is said once", async () => {
    const warnings: string[] = [];
    const listen = (warning: Error) => warnings.push(warning.message);
    process.on("warning", listen);
    // Two characters for private use, which a font gives no meaning.
    const { printed, svg } = await drawSpec(chart("\u{10fff0}\u{10fff1}"));
    await drawSpec(chart("\u{10fff0}"));
    await new Promise((resolve) => setImmediate(resolve));
    process.off("warning", listen);
    assert.equal(/<text\b/.test(printed), false);
    assert.equal(/<text\b/.test(svg), true);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0], /^no font on this machine has .*U\+10FFF0.*U\+10FFF1.*: pictures show boxes/);
  });
});

describe("the fonts of a machine", () => {
  const folder = mkdtempSync(join(tmpdir(), "camlab-fonts-"));
  after(() => rmSync(folder, { recursive: true }));

  test("are asked for single characters, in collections too; what is no font has none", async () => {
    const one = await fontWith("鹦", "a");
    const two = await fontWith("鹉", "b");
    mkdirSync(join(folder, "deep", "er"), { recursive: true });
    writeFileSync(join(folder, "deep", "er", "one.otf"), one);
    writeFileSync(join(folder, "collection.ttc"), collectionOf([one, two]));
    writeFileSync(join(folder, "broken.ttf"), one.subarray(0, 40));
    writeFileSync(join(folder, "empty.ttf"), "");
    assert.deepEqual(missingEverywhere(["鹦", "鹉", "猫", "鹉"], [folder]), ["猫"]);
    assert.deepEqual(missingEverywhere(["猫"], [join(folder, "no such folder")]), ["猫"]);
  });
});

/** A font that has two characters. */
async function fontWith(...characters: string[]): Promise<Buffer> {
  const module = await import("opentype.js");
  const { Font, Glyph, Path } = (module as unknown as { default?: typeof module }).default ?? module;
  const path = () => {
    const drawn = new Path();
    drawn.moveTo(0, 0);
    drawn.lineTo(500, 0);
    drawn.lineTo(0, 500);
    return drawn;
  };
  const glyphs = [".notdef", ...characters].map(
    (name, i) =>
      new Glyph({ name: i === 0 ? name : `g${i}`, advanceWidth: 600, path: path(), ...(i > 0 && { unicode: name.codePointAt(0) }) }), // prettier-ignore
  );
  const names = { familyName: "Test", styleName: "Regular" };
  return Buffer.from(new Font({ ...names, unitsPerEm: 1000, ascender: 800, descender: -200, glyphs }).toArrayBuffer());
}

/** Fonts in one file, each with its table of contents moved to where its tables now lie. */
function collectionOf(fonts: readonly Buffer[]): Buffer {
  const header = Buffer.alloc(12 + 4 * fonts.length);
  header.write("ttcf", 0, "latin1");
  header.writeUInt32BE(0x00010000, 4);
  header.writeUInt32BE(fonts.length, 8);
  let at = header.length;
  const moved = fonts.map((font, i) => {
    const copy = Buffer.from(font);
    header.writeUInt32BE(at, 12 + 4 * i);
    for (let table = 0; table < copy.readUInt16BE(4); table++) {
      const offset = 12 + 16 * table + 8;
      copy.writeUInt32BE(copy.readUInt32BE(offset) + at, offset);
    }
    at += copy.length;
    return copy;
  });
  return Buffer.concat([header, ...moved]);
}

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
