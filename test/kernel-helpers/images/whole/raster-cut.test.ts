import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isCutRaster } from "../../../../src/kernel-helpers/images/whole/raster-cut.js";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";

const LINE = 60;
const random = seededRandom("rasters");

/** Lines of which so many bytes were written, the rest zeros; `share` of the written ones are zeros, too. */
function lines(count: number, written: number, share = 0): Uint8Array {
  return Uint8Array.from({ length: count * LINE }, (_, i) =>
    i < written && (i === written - 1 || random() >= share) ? 1 + Math.floor(255 * random()) : 0,
  );
}

describe("lines that were never written", () => {
  test("begin within a line, with a full one above and at least one empty one below", () => {
    const isCut = (written: number, count = 10, share = 0) =>
      isCutRaster([{ bytes: lines(count, written, share), line: LINE }]);
    for (const column of [12, 20, 30, 47, 48]) assert.equal(isCut(5 * LINE + column), true, `column ${column}`);
    for (const column of [0, 1, 11, 49, 59]) assert.equal(isCut(5 * LINE + column), false, `column ${column}`);
    assert.equal(isCut(30), false, "no line above");
    assert.equal(isCut(LINE + 30), true);
    assert.equal(isCut(8 * LINE + 30), true, "one line below, and a half");
    assert.equal(isCut(9 * LINE + 30), false, "less than a line below");
    assert.equal(isCut(0), false, "nothing but zeros");
    assert.equal(isCut(10 * LINE), false);
    assert.equal(isCutRaster([]), false);
  });

  test("a line is full when under a quarter of it is zeros", () => {
    const at = 5 * LINE + 24;
    const of = (change: (bytes: Uint8Array) => void) => {
      const bytes = lines(10, at);
      change(bytes);
      return isCutRaster([{ bytes, line: LINE }]);
    };
    // 24 bytes before the cut, 36 above what is missing.
    assert.equal(
      of((bytes) => bytes.fill(0, 5 * LINE, 5 * LINE + 5)),
      true,
    );
    assert.equal(
      of((bytes) => bytes.fill(0, 5 * LINE, 5 * LINE + 6)),
      false,
    );
    assert.equal(
      of((bytes) => bytes.fill(0, 4 * LINE + 24, 4 * LINE + 24 + 8)),
      true,
    );
    assert.equal(
      of((bytes) => bytes.fill(0, 4 * LINE + 24, 4 * LINE + 24 + 9)),
      false,
    );
    assert.equal(
      of((bytes) => bytes.fill(0, 4 * LINE, 4 * LINE + 24)),
      true,
      "what is above the written part is not asked",
    );
    assert.equal(
      of((bytes) => bytes.fill(0, 0, 4 * LINE)),
      true,
    );
  });

  test("strips: the last with a byte in it is judged, by the line above in the strip before, with all that follows", () => {
    const strip = (written: number, count = 1) => ({ bytes: lines(count, written), line: LINE });
    const [full, empty] = [strip(LINE), strip(0)];
    assert.equal(isCutRaster([full, strip(30), empty]), true);
    assert.equal(isCutRaster([full, strip(30), strip(0), strip(0)]), true);
    assert.equal(isCutRaster([full, strip(30)]), false, "less than a line is missing");
    assert.equal(isCutRaster([empty, strip(30), empty]), false, "the line above is empty");
    assert.equal(isCutRaster([strip(30), empty]), false, "no line above");
    assert.equal(isCutRaster([full, strip(2 * LINE + 30, 4)]), true);
    assert.equal(isCutRaster([empty, empty]), false);
    assert.equal(isCutRaster([full, full, strip(30, 2), full]), false, "something is written after it");
  });
});
