// How values are shown: as tables, as pictures, as text of bounded size. Without a kernel process.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { table } from "arquero";
import sharp from "sharp";
import { mimeBundle } from "../../../src/kernel/display/mime-bundle.js";

const typesOf = async (value: unknown) => Object.keys(await mimeBundle(value)).sort();
const html = async (value: unknown) => String((await mimeBundle(value))["text/html"]);
const text = async (value: unknown) => String((await mimeBundle(value))["text/plain"]);
const square = (side = 8) => sharp({ create: { width: side, height: side, channels: 3, background: "#c03020" } });

describe("a table", () => {
  test("of 500 columns shows twenty and says so, as HTML and as text of a screen's width", async () => {
    const columns = Array.from({ length: 500 }, (_, i): [string, number[]] => [`column ${i}`, [i, -i]]);
    const wide = table(Object.fromEntries(columns));
    assert.equal((await html(wide)).match(/<th>/g)?.length, 20);
    assert.match(await html(wide), /2 rows × 500 columns; the first 20 columns shown/);
    const lines = (await text(wide)).split("\n");
    assert.ok(lines.every((line) => line.length < 170));
    assert.match(lines[1], /^0 +1 +2 .*…$/);
    assert.ok(
      (await html(columns.map(() => Object.fromEntries(columns.map(([name]) => [name, 1] as const))))).length < 50_000,
    );
  });

  test("with a column wider than the screen is cut there in the text, and nothing narrow is lost for it", async () => {
    const long = "on the road, ".repeat(30);
    const lines = (await text(table({ question: ["where?"], answers: [long], last: [7] }))).split("\n");
    assert.match(lines[0], /^question {2}answers +last$/);
    assert.match(lines[1], /^where\? {4}on the road, .*… {2}7$/);
    assert.equal(lines[1].length, "question  ".length + 160 - 2 * 3 - 8 - 4 + "  7".length);
    const three = (await text(table({ a: [long], b: [long], c: ["short"] }))).split("\n");
    assert.match(three[1], /^on the road.{50,}… {2}on the road.{50,}… {2}short$/);
  });

  test("is what a list of like objects is, in the order of their names, escaped, with gaps", async () => {
    const records = [
      { name: "<b>", score: 0.123456789 },
      { name: "dog", score: 1, extra: null },
    ];
    const shown = await html(records);
    assert.match(shown, /<th>name<\/th><th>score<\/th><th>extra<\/th>/);
    assert.match(shown, /<td>&#60;b&#62;<\/td><td style="text-align:right">0.123457<\/td><td><\/td>/);
    assert.match(await text(records), /^\[ { name: '<b>', score: 0.123456789 }, /);
    assert.equal((await html(Array.from({ length: 10_000 }, (_, i) => ({ i })))).match(/<tr>/g)?.length, 51);
  });

  test("is not what unlike objects, single ones, nested ones, classes and things that show themselves are", async () => {
    class Thing {
      readonly a = 1;
    }
    const own = { a: 1, [Symbol.for("Jupyter.display")]: () => ({ "text/plain": "mine" }) };
    const lists: unknown[] = [
      [{ a: 1 }],
      [{ a: 1 }, { b: 2 }],
      [{ a: 1 }, 2],
      [{ a: 1 }, null],
      [{}, {}],
      [new Thing(), new Thing()],
      [own, own],
      [{ a: { b: 1 } }, { a: { b: 2 } }],
      [
        [1, 2],
        [3, 4],
      ],
      [1, 2],
      [],
    ];
    for (const list of lists) assert.deepEqual(await typesOf(list), ["text/plain"]);
  });
});

describe("a picture", () => {
  for (const format of ["avif", "tiff"] as const) {
    test(`in ${format.toUpperCase()} is shown as JPEG, no larger than a screen`, async () => {
      const bundle = await mimeBundle(await square(2000).toFormat(format).toBuffer());
      const shown = sharp(Buffer.from(String(bundle["image/jpeg"]), "base64"));
      const { width, height } = await shown.metadata();
      assert.deepEqual([width, height], [1600, 1600]);
      const [red, green, blue] = await shown.resize(1, 1).raw().toBuffer();
      assert.ok(Math.abs(red - 0xc0) < 6 && Math.abs(green - 0x30) < 6 && Math.abs(blue - 0x20) < 6);
      assert.match(
        await text(await square().toFormat(format).toBuffer()),
        new RegExp(`^${format.toUpperCase()} image, 8 × 8$`),
      );
    });
  }

  for (const format of ["png", "jpeg", "gif", "webp"] as const) {
    test(`in ${format.toUpperCase()} stays as it is, in whatever holds its bytes`, async () => {
      const bytes = await square().toFormat(format).toBuffer();
      const type = `image/${format}`;
      const whole = new Uint8Array(bytes);
      for (const value of [bytes, whole, whole.buffer])
        assert.equal((await mimeBundle(value))[type], bytes.toString("base64"));
    });
  }

  const drawing =
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><script>alert(1)</script><rect width="40" height="20" fill="red"/></svg>';
  const drawings: [name: string, svg: string][] = [
    ["bare", drawing],
    ["with a declaration and comments", `<?xml version="1.0"?>\n<!-- made by hand -->\n${drawing}\n`],
  ];
  for (const [name, svg] of drawings) {
    test(`that is an SVG drawing, ${name}, in text or bytes, is drawn; its scripts are not shown`, async () => {
      for (const value of [svg, Buffer.from(svg)]) {
        const bundle = await mimeBundle(value);
        assert.deepEqual(Object.keys(bundle).sort(), ["image/png", "text/plain"]);
        const { width, height } = await sharp(Buffer.from(String(bundle["image/png"]), "base64")).metadata();
        assert.deepEqual([width, height], [40, 20]);
      }
    });
  }

  test("of a drawing that claims to be enormous is small", async () => {
    const bundle = await mimeBundle(
      Buffer.from(drawing.replace('width="40" height="20"', 'width="30000" height="30000"')),
    );
    const { width, height } = await sharp(Buffer.from(String(bundle["image/png"]), "base64")).metadata();
    assert.deepEqual([width, height], [1600, 1600]);
  });

  test("is not what damaged files, other bytes and other texts are", async () => {
    const cut = (await square(64).tiff().toBuffer()).subarray(0, 60);
    assert.match(await text(cut), /^TIFF image, 60 bytes, that cannot be shown: /);
    for (const value of [
      Buffer.from("text"),
      Buffer.from("BMW is no picture"),
      Buffer.alloc(0),
      "<p>text</p>",
      "<svg",
      "a < b",
      "<svg> is an element",
    ]) {
      assert.deepEqual(await typesOf(value), ["text/plain"]);
    }
  });
});
