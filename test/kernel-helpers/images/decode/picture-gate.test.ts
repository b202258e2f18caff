import assert from "node:assert/strict";
import { setImmediate as soon } from "node:timers/promises";
import { test } from "node:test";
import { inTurn } from "../../../../src/kernel-helpers/images/decode/picture-gate.js";

/** Work that ends when it is told to. */
function held() {
  const [begun, ends]: [number[], (() => void)[]] = [[], []];
  const start = (i: number, signal?: AbortSignal) =>
    inTurn(signal, () => {
      begun.push(i);
      return new Promise<number>((resolve) => (ends[i] = () => resolve(i)));
    });
  return { begun, ends, start };
}

test("eight are open at once; who waits longest comes next, whether others end well or not", async () => {
  const { begun, ends, start } = held();
  const all = Array.from({ length: 12 }, (_, i) => start(i));
  await soon();
  assert.deepEqual(begun, [0, 1, 2, 3, 4, 5, 6, 7]);
  ends[3]();
  await soon();
  assert.deepEqual(begun.slice(8), [8]);
  const failed = inTurn(undefined, () => Promise.reject(new Error("broken")));
  const refused = assert.rejects(failed, /broken/);
  for (let i = 0; i < 12; i++) {
    await soon();
    ends[i]();
  }
  assert.deepEqual(await Promise.all(all), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  await refused;
  assert.deepEqual(begun, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  // All places are free again.
  const next = held();
  const more = Array.from({ length: 9 }, (_, i) => next.start(i));
  await soon();
  assert.equal(next.begun.length, 8);
  for (let i = 0; i < 9; i++) {
    await soon();
    next.ends[i]();
  }
  await Promise.all(more);
});

test("who gave up while waiting does not begin, and gives its place on", async () => {
  const { begun, ends, start } = held();
  const stop = new AbortController();
  const first = Array.from({ length: 8 }, (_, i) => start(i));
  const given = assert.rejects(start(8, stop.signal), { name: "AbortError" });
  const last = start(9);
  stop.abort();
  await soon();
  ends[0]();
  await given;
  await soon();
  assert.deepEqual(begun, [0, 1, 2, 3, 4, 5, 6, 7, 9]);
  await assert.rejects(start(10, stop.signal), { name: "AbortError" });
  for (const i of [1, 2, 3, 4, 5, 6, 7, 9]) ends[i]();
  await Promise.all([...first, last]);
});
