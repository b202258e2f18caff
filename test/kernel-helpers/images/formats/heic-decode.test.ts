import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { decodeHeic } from "../../../../src/kernel-helpers/images/formats/heic.js";
import { CamlabError } from "../../../../src/kernel-helpers/support/errors.js";

/** A package that stands in for the optional one. */
const decoder = (body: string) => `data:text/javascript,export default ${encodeURIComponent(body)}`;
const FOUR = decoder(`async () => ({ width: 2, height: 2, data: [
  10, 20, 30, 255,  10, 20, 30, 0,  10, 20, 30, 51,  255, 0, 128, 128] })`);

/** A box of the ISO base media format: its length, its name, its content. */
function box(name: string, content: Uint8Array, size = content.length + 8): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(size, 0);
  head.write(name, 4, "latin1");
  return Buffer.concat([head, content]);
}

test("transparent pixels show white, in proportion", async () => {
  const { width, height, data } = await decodeHeic(Buffer.alloc(0), "x.heic", FOUR);
  assert.deepEqual([width, height], [2, 2]);
  const over = (value: number, alpha: number) => Math.round((value * alpha + 255 * (255 - alpha)) / 255);
  assert.deepEqual(
    [...data],
    [
      ...[10, 20, 30],
      ...[255, 255, 255],
      ...[10, 20, 30].map((value) => over(value, 51)),
      ...[255, 0, 128].map((value) => over(value, 128)),
    ],
  );
});

describe("data that were never written", () => {
  const bytes = (length: number, zeros: number) =>
    Buffer.concat([Buffer.alloc(length - zeros, 7), Buffer.alloc(zeros)]);
  const ends = async (...boxes: Uint8Array[]) =>
    decodeHeic(Buffer.concat(boxes), "x.heic", FOUR).then(
      () => false,
      (error: unknown) => {
        assert.ok(error instanceof RangeError);
        return true;
      },
    );
  const ftyp = box("ftyp", Buffer.from("heic"));

  test("end in 24 zeros or more", async () => {
    assert.equal(await ends(ftyp, box("mdat", bytes(100, 24))), true);
    assert.equal(await ends(ftyp, box("mdat", bytes(100, 23))), false);
    assert.equal(await ends(ftyp, box("mdat", bytes(25, 25))), true);
    assert.equal(await ends(ftyp, box("mdat", bytes(24, 24))), false, "nothing but zeros, too short to say");
  });

  test("lie in the box of the data alone, wherever it is and however its length is said", async () => {
    assert.equal(await ends(ftyp, box("free", bytes(100, 60)), box("mdat", bytes(100, 0))), false);
    assert.equal(await ends(ftyp, box("free", bytes(100, 0)), box("mdat", bytes(100, 60))), true);
    assert.equal(await ends(ftyp, box("mdat", bytes(100, 60)), box("free", bytes(50, 0))), true);
    assert.equal(await ends(ftyp, box("mdat", bytes(100, 0)), box("free", bytes(50, 40))), false);
    assert.equal(await ends(ftyp, box("mdat", bytes(100, 60), 0)), true, "0: up to the end");
    assert.equal(await ends(ftyp, box("mdat", bytes(100, 60), 1)), true, "1: a length of 64 bits");
    assert.equal(await ends(ftyp, box("mdat", bytes(100, 60), 5000)), true, "longer than the file");
    assert.equal(await ends(ftyp, box("mdat", bytes(100, 60), 60)), false, "the zeros lie behind it");
    assert.equal(
      await ends(ftyp, box("junk", Buffer.alloc(0), 3), box("mdat", bytes(100, 60))),
      true,
      "a length of nonsense",
    );
    assert.equal(await ends(ftyp), false);
    assert.equal(await ends(ftyp, Buffer.from("\0\0\0\x64mda", "latin1")), false);
  });
});

test("a package that is not there, or is broken, is named with what to do", async () => {
  const refused = (module: string, message: RegExp) =>
    assert.rejects(decodeHeic(Buffer.alloc(0), "x.heic", module), (error) => {
      assert.ok(error instanceof CamlabError);
      assert.match(error.message, message);
      return true;
    });
  await refused("no-such-package", /cannot read x\.heic: .* npm install heic-decode; or convert it to JPEG first/);
  await refused(
    "data:text/javascript,throw new Error('worn out')",
    /npm install heic-decode \(it is there, but: worn out\); or/,
  );
});

test("one after the other; what libheif says to the console is kept off it, what others say is not, and errors come through", async () => {
  const said: unknown[][] = [];
  const { log } = console;
  const own = (...words: unknown[]) => void said.push(words);
  console.log = own;
  try {
    const noisy = decoder(`async ({ buffer }) => {
      globalThis.camlabOpen = (globalThis.camlabOpen ?? 0) + 1;
      globalThis.camlabMost = Math.max(globalThis.camlabMost ?? 0, globalThis.camlabOpen);
      console.log("Decoding image failed"); console.log("Could not parse HEIF file", 1); console.log("hello", 2);
      await new Promise((resolve) => setTimeout(resolve, 5));
      globalThis.camlabOpen -= 1;
      if (buffer.length === 1) throw new Error("broken");
      return { width: 1, height: 1, data: [1, 2, 3, 255] };
    }`);
    const results = await Promise.allSettled([0, 1, 0].map((length) => decodeHeic(Buffer.alloc(length), "x", noisy)));
    assert.deepEqual(
      results.map(({ status }) => status),
      ["fulfilled", "rejected", "fulfilled"],
    );
    assert.equal((globalThis as { camlabMost?: number }).camlabMost, 1);
    assert.deepEqual(said, [
      ["hello", 2],
      ["hello", 2],
      ["hello", 2],
    ]);
    assert.equal(console.log, own, "the console is as it was");
  } finally {
    console.log = log;
  }
});
