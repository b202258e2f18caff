import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { join } from "node:path";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { recorded } from "../../../bench/scale/recorded.js";
import { submitFeatures } from "../../../src/kernel-helpers/queue/submit-features.js";
import { workWith } from "../../../src/kernel-helpers/queue/work-queue.js";
import { redisOfSuite, withoutRedis } from "./redis-server.js";

type Extract = Parameters<typeof workWith>[1];

describe("a worker that is stopped", { skip: withoutRedis(), timeout: 90_000 }, () => {
  const { folder, server } = redisOfSuite("away");

  const worker = (extract: Extract) => {
    const controller = new AbortController();
    const options = { queue: server().url, roots: [folder], patience: 2, signal: controller.signal };
    const working = workWith(options, extract).then(
      () => "done",
      () => "ended",
    );
    return () => {
      controller.abort();
      return Promise.race([working, sleep(15_000, "goes on", { ref: false })]);
    };
  };
  const idle: Extract = () => Promise.reject(new Error("there is no work"));

  test("without work ends while Redis is away", async () => {
    const stop = worker(idle);
    await sleep(500);
    await server().kill();
    await sleep(1500);
    assert.equal(await stop(), "ended");
    await server().start();
  });

  test("without work ends when Redis is just back", async () => {
    const stop = worker(idle);
    await sleep(500);
    await server().kill();
    await sleep(1500);
    await server().start();
    assert.equal(await stop(), "ended");
  });

  for (const [how, leave, comeBack] of [
    ["is away", () => server().kill(), () => server().start()],
    ["is silent", () => server().pause(), () => server().resume()],
  ] as const) {
    test(`at work while Redis ${how} ends, and another does the shard when it is back`, async () => {
      const pictures = Array.from({ length: 4 }, (_, i) => ({ file: join(folder, `p-${i}.jpg`) }));
      const events = new EventEmitter();
      const begun = once(events, "begun");
      const stop = worker(async (job, some) => {
        events.emit("begun");
        await sleep(2000);
        return recorded({ columns: 8, delay: 0 })(job, some);
      });
      const place = { queue: server().url, folder: join(folder, `${how}.parts`), shardSize: 4 };
      const submitted = submitFeatures(pictures, place);
      await begun;
      await leave();
      assert.equal(await stop(), "ended");
      await comeBack();
      const stopOther = worker(recorded({ columns: 8, delay: 0 }));
      assert.equal((await (await submitted).merged()).rows, 4);
      assert.equal(await stopOther(), "ended");
    });
  }
});
