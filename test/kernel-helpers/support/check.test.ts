import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { check } from "../../../src/kernel-helpers/support/check.js";

const refuses = (act: () => unknown, message: string) => assert.throws(act, { name: "CamlabError", message });

describe("whole numbers", () => {
  test("a count is a whole number from 1, given back", () => {
    assert.equal(check.count("top", 5), 5);
    for (const [value, shown] of [
      [0, "0"],
      [-1, "-1"],
      [2.5, "2.5"],
      [NaN, "NaN"],
      [Infinity, "Infinity"],
      [2 ** 53, "9007199254740992"],
      ["5", '"5"'],
      [null, "null"],
      [undefined, "undefined"],
    ] as const) {
      refuses(() => check.count("top", value), `invalid top: ${shown} (expected a whole number from 1)`);
    }
  });

  test("counts names the one that is wrong and passes over those that are not given", () => {
    check.counts({ top: 1, images: undefined });
    refuses(() => check.counts({ top: 1, images: 0 }), "invalid images: 0 (expected a whole number from 1)");
    refuses(() => check.counts({ a: 0 }, "x[1]."), "invalid x[1].a: 0 (expected a whole number from 1)");
  });

  test("a whole number has an end on one side or on both", () => {
    assert.equal(check.wholeNumber("start", 0), 0);
    assert.equal(check.wholeNumber("quality", 100, { from: 1, to: 100 }), 100);
    refuses(() => check.wholeNumber("start", -1), "invalid start: -1 (expected a whole number from 0)");
    const quality = () => check.wholeNumber("quality", 101, { from: 1, to: 100 });
    refuses(quality, "invalid quality: 101 (expected a whole number from 1 to 100)");
  });
});

describe("numbers", () => {
  test("each end of a range is in it or not, as it says", () => {
    const half = { from: 0, below: 1 };
    assert.equal(check.number("threshold", 0, half), 0);
    refuses(() => check.number("threshold", 1, half), "invalid threshold: 1 (expected 0 ≤ t < 1)");
    refuses(
      () => check.number("options.quantile", 0, { above: 0, to: 1 }),
      "invalid options.quantile: 0 (expected 0 < q ≤ 1)",
    );
    assert.equal(check.number("quantile", 1, { above: 0, to: 1 }), 1);
    refuses(() => check.number("x", 2, { to: 1 }), "invalid x: 2 (expected a number up to 1)");
    refuses(() => check.number("x", 1, { below: 1 }), "invalid x: 1 (expected a number below 1)");
    refuses(() => check.number("x", -1, { from: 0 }), "invalid x: -1 (expected a number from 0)");
  });

  test("what is no finite number is refused, whatever the range", () => {
    for (const value of [NaN, Infinity, "1", null, undefined, [1]]) {
      assert.throws(() => check.number("x", value), /^CamlabError: invalid x: .* \(expected a number\)$/);
    }
  });

  test("positive and share", () => {
    assert.equal(check.positive("C", 0.1), 0.1);
    refuses(() => check.positive("C", 0), "invalid C: 0 (expected a number above 0)");
    assert.equal(check.share("part", 1), 1);
    assert.equal(check.share("part", 0), 0);
    refuses(() => check.share("part", 1.01), "invalid part: 1.01 (expected 0 ≤ p ≤ 1)");
  });
});

test("one of several values, which are named", () => {
  const method: "a" | "b" = check.oneOf("method", "a", ["a", "b"]);
  assert.equal(method, "a");
  refuses(() => check.oneOf("method", "c", ["a", "b"]), 'invalid method: "c" (expected a or b)');
  refuses(() => check.oneOf("split", 3, ["train", "val", "test"]), "invalid split: 3 (expected train, val or test)");
  refuses(() => check.oneOf("grid", null, ["map"]), "invalid grid: null (expected map)");
  refuses(() => check.oneOf("method", "toString", ["a", "b"]), 'invalid method: "toString" (expected a or b)');
});

describe("known options", () => {
  const known = (options: object | undefined) =>
    check.known(options as Record<string, unknown>, ["threshold", "rule"], "boxOf");

  test("known names pass, and so does what is not given", () => {
    known(undefined);
    known({});
    known({ threshold: 0.2 });
    known({ colour: undefined });
  });

  test("a misspelt one is refused with the nearest known one, any other with all", () => {
    refuses(
      () => known({ treshold: 1 }),
      'boxOf has no option "treshold", did you mean "threshold"? (it has threshold, rule)',
    );
    refuses(() => known({ colour: 1 }), 'boxOf has no option "colour" (it has threshold, rule)');
    refuses(() => check.known({ a: 1 }, [], "tour"), 'tour has no option "a" (it has none)');
  });

  test("what is no object is refused", () => {
    for (const options of [null, 5, "x", [1]]) {
      assert.throws(() => known(options as unknown as object), {
        name: "CamlabError",
        message: /^invalid options of boxOf: .*\(expected an object with any of threshold, rule\)$/,
      });
    }
  });
});
