import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { ahead } from "../../../src/kernel-helpers/support/ahead.js";
import { seededRandom } from "../../../src/kernel-helpers/support/random.js";

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const result: T[] = [];
  for await (const item of items) result.push(item);
  return result;
}

describe("results", () => {
  for (const limit of [1, 2, 5, 100]) {
    test(`come in the order of the items, at most ${limit} under way`, async () => {
      const random = seededRandom(limit);
      let [underWay, most] = [0, 0];
      const slow = async (item: number) => {
        most = Math.max(most, ++underWay);
        await delay(5 * random());
        underWay--;
        return item * item;
      };
      assert.deepEqual(
        await all(ahead(numbers(20), slow, { limit })),
        numbers(20).map((i) => i * i),
      );
      assert.equal(most, Math.min(limit, 20));
    });
  }

  test("what waits counts, too: a slow reader does not make it run on", async () => {
    let begun = 0;
    const items = ahead(numbers(50), (item) => Promise.resolve((begun++, item)), { limit: 4 });
    for (let i = 0; i < 10; i++) {
      await items.next();
      await delay(1);
      assert.equal(begun, Math.min(50, i + 4));
    }
    await items.return();
  });

  test("the limit may depend on the item", async () => {
    let begun = 0;
    const limit = (item: number) => (item < 10 ? 5 : 1);
    const items = ahead(numbers(20), (item) => Promise.resolve((begun++, item)), { limit });
    await items.next();
    assert.equal(begun, 5);
    assert.equal((await all(items)).length, 19);
  });

  test("a source that is asynchronous, or empty, will do", async () => {
    const source = async function* () {
      for (const i of numbers(5)) yield await Promise.resolve(i);
    };
    const double = (item: number) => Promise.resolve(2 * item);
    assert.deepEqual(await all(ahead(source(), double, { limit: 3 })), [0, 2, 4, 6, 8]);
    assert.deepEqual(await all(ahead(new Set<number>(), double, { limit: 3 })), []);
  });
});

describe("failures", () => {
  test("come in their turn, after what was before them, and begin nothing more", async () => {
    const begun: number[] = [];
    const seen: number[] = [];
    const prepare = (item: number) => {
      begun.push(item);
      if (item === 3) throw new Error("three");
      return delay(5 - item, item);
    };
    await assert.rejects(async () => {
      for await (const item of ahead(numbers(50), prepare, { limit: 4 })) seen.push(item);
    }, /three/);
    assert.deepEqual(seen, [0, 1, 2]);
    assert.ok(begun.length <= 7);
  });

  test("of the source come after the results of what it gave", async () => {
    const source = function* () {
      yield 1;
      yield 2;
      throw new Error("source");
    };
    const seen: number[] = [];
    await assert.rejects(async () => {
      for await (const item of ahead(source(), (i) => Promise.resolve(i), { limit: 8 })) seen.push(item);
    }, /source/);
    assert.deepEqual(seen, [1, 2]);
  });

  test("of what is no longer wanted do not end the process", async () => {
    const prepare = async (item: number) => {
      await delay(item);
      if (item > 0) throw new Error("late");
      return item;
    };
    for await (const item of ahead(numbers(5), prepare, { limit: 4, waits: false })) if (item === 0) break;
    await delay(20);
  });
});

describe("an early end", () => {
  test("waits for what was begun, and closes the source", async () => {
    let [underWay, closed] = [0, false];
    const source = function* () {
      try {
        yield* numbers(100);
      } finally {
        closed = true;
      }
    };
    const slow = async (item: number) => {
      underWay++;
      await delay(10);
      underWay--;
      return item;
    };
    for await (const item of ahead(source(), slow, { limit: 5 })) if (item === 2) break;
    assert.equal(underWay, 0);
    assert.ok(closed);
  });

  test("without waiting where it is told so", async () => {
    let underWay = 0;
    const slow = async (item: number) => {
      underWay++;
      await delay(item === 0 ? 0 : 30);
      underWay--;
      return item;
    };
    for await (const item of ahead(numbers(9), slow, { limit: 5, waits: false })) if (item === 0) break;
    assert.ok(underWay > 0);
    await delay(50);
  });

  test("the signal's reason is thrown, though source or work never answer", { timeout: 5000 }, async () => {
    const never = new Promise<never>(() => {});
    const reason = new Error("enough");
    const endless: AsyncIterable<number> = { [Symbol.asyncIterator]: () => ({ next: () => never }) };
    for (const [items, prepare] of [
      [endless, (item: number) => Promise.resolve(item)],
      [numbers(3), () => never],
    ] as const) {
      const stop = new AbortController();
      setTimeout(() => stop.abort(reason), 10);
      const results = ahead(items, prepare, { limit: 2, signal: stop.signal, waits: false });
      await assert.rejects(all(results), (error) => error === reason);
    }
  });

  test("once aborted nothing is begun", async () => {
    let begun = 0;
    const results = ahead(numbers(3), (item) => Promise.resolve((begun++, item)), {
      limit: 2,
      signal: AbortSignal.abort(),
    });
    await assert.rejects(all(results), { name: "AbortError" });
    assert.equal(begun, 0);
  });
});
