import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { checkAnswer } from "../../../src/kernel/display/check-answer.js";

const said = (...args: Parameters<typeof checkAnswer>) => {
  const { state, text } = checkAnswer(...args);
  return `${state}: ${text}`;
};

test("numbers: right within what is allowed, else too large or too small", () => {
  assert.equal(said(17.81, 17.8059), "right: ✓ Right.");
  assert.equal(said(17.5, 17.8059, { within: 0.5, because: "It is the mean." }), "right: ✓ Right. It is the mean.");
  assert.equal(said(18, 17.8059), "off: ✗ Not yet: 18 is close, but too large.");
  assert.equal(said(-3, 17.8059, { hint: "Mind the sign." }), "off: ✗ Not yet: -3 is too small. Mind the sign.");
  assert.equal(said(195, 196), "off: ✗ Not yet: 195 is too small.");
  assert.match(said("196", 196), /“196” is a text, expected is a number/);
  assert.match(said(NaN, 2.5), /NaN is no number/);
  fc.assert(
    fc.property(
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.double({ min: 0.01, max: 1, noNaN: true }),
      (right, within) => {
        const state = (answer: number) => checkAnswer(answer, right, { within }).state;
        assert.deepEqual([right, right + 0.9 * within, right - 1.2 * within].map(state), ["right", "right", "off"]);
      },
    ),
    { seed: 7 },
  );
});

test("texts: capitals do not count; lists of texts in any order, with what is missing and what does not belong", () => {
  assert.equal(checkAnswer(" Cup ", "cup").state, "right");
  assert.match(said("cat", "cup"), /“cat” is not it/);
  assert.equal(checkAnswer(["b", "A"], ["a", "b"]).state, "right");
  assert.match(said(["a", "c"], ["a", "b"]), /“c” does not belong, and 1 is missing/);
  assert.match(said(["a", "b"], ["a", "a", "b"]), /1 is missing/);
  assert.match(said(["a", "b", "b"], ["a", "b"]), /“b” does not belong/);
  assert.match(said("a", ["a"]), /“a” is a text, expected is a list/);
});

test("lists of numbers: in order, the first that is off is named", () => {
  assert.equal(checkAnswer<ArrayLike<number>>(new Float32Array([1, 2.5]), [1, 2.5]).state, "right");
  assert.match(said([1, 3], [1, 2.5]), /entry 2 of 2: 3 is too large/);
  assert.match(said([1], [1, 2]), /1 entries, expected are 2/);
});

test("a judge gives true, false or a sentence; what it throws is said", () => {
  assert.equal(checkAnswer(4, (n: number) => n % 2 === 0).state, "right");
  assert.match(
    said(3, (n: number) => n % 2 === 0),
    /3 is not it/,
  );
  assert.match(
    said(3, (n: number) => n % 2 === 0 || "it is odd."),
    /Not yet: it is odd\.$/,
  );
  assert.match(
    said({}, (f: () => void) => (f(), true)),
    /failed with “f is not a function”/,
  );
});

test("what is open, what is a promise, and how it is shown", () => {
  assert.equal(checkAnswer(undefined, 3).state, "open");
  assert.match(said(Promise.resolve(3), 3), /write `await`/);
  const shown = checkAnswer("<b>", "c") as unknown as Record<symbol, () => Record<string, string>>;
  assert.deepEqual(shown[Symbol.for("Jupyter.display")](), {
    "text/html": "<p>✗ Not yet: “&#60;b&#62;” is not it.</p>",
    "text/plain": "✗ Not yet: “<b>” is not it.",
  });
  assert.throws(() => checkAnswer(1, 1, JSON.parse('{"wihtin":2}') as object), /wihtin/);
});
