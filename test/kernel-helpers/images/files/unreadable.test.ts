import assert from "node:assert/strict";
import { test } from "node:test";
import { cutShort, unreadable } from "../../../../src/kernel-helpers/images/files/unreadable.js";
import { CamlabError } from "../../../../src/kernel-helpers/support/errors.js";

const CUT = "cannot read x.jpg: it is damaged or cut short, get it again from where it came from";

test("what decoders say is put in words: memory, kinds that are not read, halves, and damage with its line", () => {
  const of = (said: string) => unreadable("x.jpg", new Error(said)).message;
  for (const said of ["vips: out of memory", "alloc failed", "std::bad_alloc", "unable to allocate 9 bytes"]) {
    assert.equal(of(said), `cannot read x.jpg: there is not enough memory to decode it (${said})`);
  }
  for (const said of [
    "unsupported colour space",
    "JPEG 12 bits not supported",
    "unimplemented",
    "no AV1 decoder found",
  ]) {
    assert.equal(
      of(said),
      `cannot read x.jpg: it is of a kind that is not read (${said}), convert it to PNG or JPEG first`,
    );
  }
  for (const said of [
    ...[
      "Input buffer contains unsupported image format",
      "VipsJpeg: premature end of JPEG image",
      "unexpected end of data",
    ],
    ...[
      "end of file",
      "data too small",
      "truncated strip",
      "read error",
      "bad huffman code",
      "extraneous bytes",
      "found RST3",
    ],
  ]) {
    assert.equal(of(said), CUT, said);
  }
  assert.equal(of("first line\nlast line\n"), "cannot read x.jpg: it is damaged (last line)");
  assert.equal(of(""), "cannot read x.jpg: it is damaged ()");
  assert.equal(of(`a${"b".repeat(300)}`).length < 200, true);
});

test("what is an error of camlab stays it; a range that was left is a file that was cut short; causes are kept", () => {
  const own = new CamlabError("in words already");
  assert.equal(unreadable("x.jpg", own), own);
  const range = new RangeError("out of bounds: out of memory");
  assert.deepEqual([unreadable("x.jpg", range).message, unreadable("x.jpg", range).cause], [CUT, range]);
  assert.equal(cutShort("x.jpg").message, CUT);
  const cause = new Error("odd");
  assert.equal(unreadable("x.jpg", cause).cause, cause);
});
