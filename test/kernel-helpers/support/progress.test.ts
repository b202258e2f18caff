import assert from "node:assert/strict";
import { test } from "node:test";
import {
  drawnNowAndThen,
  paceOf,
  type Progress,
  progressLine,
  progressWords,
  redrawnLine,
  tellProgress,
} from "../../../src/kernel-helpers/support/progress.js";

test("paceOf gives items a second and the seconds left, and neither before the first item", () => {
  assert.deepEqual(paceOf({ label: "", done: 50, total: 150, elapsed: 5000 }), { perSecond: 10, secondsLeft: 10 });
  assert.deepEqual(paceOf({ label: "", done: 50, elapsed: 5000 }), { perSecond: 10 });
  assert.deepEqual(paceOf({ label: "", done: 0, total: 5, elapsed: 0 }), { perSecond: 0 });
});

test("progressWords says how much, how fast and how long, and leaves out what cannot be told", () => {
  const words = (done: number, total: number | undefined, elapsed: number) =>
    progressWords({ label: "", done, total, elapsed });
  assert.deepEqual(words(29, 100, 10_000), {
    count: "29/100",
    share: 0.29,
    percent: 29,
    pace: "2.9/s",
    time: "25 s left",
  });
  assert.deepEqual(words(0, 5, 0), { count: "0/5", share: 0, percent: 0 });
  assert.deepEqual(words(7, undefined, 500), { count: "7", pace: "14/s" });
  assert.deepEqual(words(0, 0, 10), { count: "0/0", share: 1, percent: 100 });
  assert.equal(words(999, 1000, 1000).percent, 99);
  assert.equal(words(10, 10, 31_540).time, "31.5 s in all");
  assert.equal(words(10, 1010, 1000).time, "1 min 40 s left");
  assert.equal(words(1, 5001, 1000).time, "1 h 23 min left");
});

test("drawnNowAndThen draws the first, then one in 100 ms, and the end in any case", (t) => {
  let clock = 0;
  t.mock.method(performance, "now", () => clock);
  const drawn: [number, boolean][] = [];
  const onProgress = drawnNowAndThen(({ done }, isFinished) => drawn.push([done, isFinished]));
  for (let done = 1; done <= 10; done++, clock += 30) onProgress({ label: "", done, total: 10, elapsed: clock });
  assert.deepEqual(drawn, [
    [1, false],
    [5, false],
    [9, false],
    [10, true],
  ]);
});

test("tellProgress counts from when it was made, and says no total that is not known", async () => {
  const told: Progress[] = [];
  const tell = tellProgress((progress) => told.push(progress), "reading", 2);
  await new Promise((resolve) => setTimeout(resolve, 5));
  tell(1);
  tellProgress((progress) => told.push(progress), "mining")(3);
  tellProgress(undefined, "nobody listens")(1);
  assert.deepEqual(
    told.map(({ elapsed, ...rest }) => [rest, elapsed >= 0]),
    [
      [{ label: "reading", done: 1, total: 2 }, true],
      [{ label: "mining", done: 3 }, true],
    ],
  );
  assert.ok(told[0].elapsed >= 4, `${told[0].elapsed} ms`);
});

test("progressLine is label, bar, count, pace and time, as far as they are known", () => {
  const bar = (filled: number) => "━".repeat(filled) + "─".repeat(24 - filled);
  assert.equal(
    progressLine({ label: "looking", done: 5, total: 20, elapsed: 1000 }),
    `looking ${bar(6)} 5/20  5.0/s  3 s left`,
  );
  assert.equal(progressLine({ label: "looking", done: 7, elapsed: 500 }), "looking 7  14/s");
  assert.equal(progressLine({ label: "looking", done: 0, total: 9, elapsed: 0 }), `looking ${bar(0)} 0/9`);
  assert.equal(progressLine({ label: "looking", done: 0, total: 0, elapsed: 0 }), `looking ${bar(24)} 0/0`);
});

test("a terminal's line is drawn anew, no longer than it is, and shows what a name hides", () => {
  const drawn = redrawnLine({ label: "a\nb", done: 1, total: 2, elapsed: 0 }, 20);
  assert.ok(drawn.startsWith("\r\u001b[2Ka\\nb ━"), drawn);
  assert.equal(drawn.length, 5 + 19);
});
