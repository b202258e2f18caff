import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { recorded } from "../../../bench/scale/recorded.js";
import type { RecordedWorker } from "../../../bench/scale/recorded-worker.js";
import { extractFeatures } from "../../../src/kernel-helpers/features/extract-features.js";
import { featuresToArrow } from "../../../src/kernel-helpers/features/feature-arrow.js";
import { nameOf } from "../../../src/kernel-helpers/images/picture.js";
import { openNetwork } from "../../../src/kernel-helpers/networks/open-network.js";
import { Roots } from "../../../src/kernel-helpers/queue/roots.js";
import { addressOf } from "../../../src/kernel-helpers/queue/queue-place.js";
import { submitFeatures } from "../../../src/kernel-helpers/queue/submit-features.js";
import { type ShardEvent, workQueue, workWith } from "../../../src/kernel-helpers/queue/work-queue.js";
import { seededRandom } from "../../../src/kernel-helpers/support/random.js";
import { drawPhotos } from "../features/photos.js";
import { RedisServer, redisOfSuite, withoutRedis } from "./redis-server.js";

const script = (name: string) => fileURLToPath(new URL(`../../../bench/scale/${name}.ts`, import.meta.url));

function start(name: string, options: object): ChildProcess {
  return spawn(process.execPath, ["--import", "tsx", script(name), JSON.stringify(options)], { stdio: "ignore" });
}

describe("a queue", { skip: withoutRedis() }, () => {
  const { folder, server } = redisOfSuite("queue");

  const photosIn = (name: string, count: number) => {
    mkdirSync(join(folder, name), { recursive: true });
    return Array.from({ length: count }, (_, i) => ({
      file: join(folder, name, `${i % 7 ? "p" : "broken"}-${i}.jpg`),
    }));
  };
  const withWorker = async <T>(
    extract: Parameters<typeof workWith>[1],
    work: () => Promise<T>,
    more = {},
  ): Promise<T> => {
    const controller = new AbortController();
    const options = { queue: server().url, roots: [folder], patience: 2, signal: controller.signal, ...more };
    const working = workWith(options, extract).catch(() => {});
    try {
      return await work();
    } finally {
      controller.abort();
      await working;
    }
  };

  test("gives what one machine gives, with a network, broken pictures named", async () => {
    const files = await drawPhotos(join(folder, "real"), 7);
    writeFileSync(files[2], "broken");
    using network = await openNetwork();
    const whole = await extractFeatures(network, files, { cache: false });
    const controller = new AbortController();
    const options = { queue: server().url, roots: [folder], cache: false, signal: controller.signal };
    const working = workQueue(options).catch(() => {});
    const said: number[] = [];
    const job = await submitFeatures(
      files.map((file) => ({ file })),
      {
        queue: server().url,
        folder: join(folder, "real.parts"),
        shardSize: 3,
        onProgress: ({ done }) => said.push(done),
      },
    );
    controller.abort();
    await working;
    assert.equal(said.at(-1), 7);
    assert.deepEqual(featuresToArrow(await job.merged()), featuresToArrow(whole));
  });

  test("Redis that dies and comes back, then one that has lost everything, cost nothing", async () => {
    const pictures = photosIn("dying", 60);
    const extract = recorded({ columns: 8, delay: 10 });
    const whole = await extract(undefined!, pictures);
    const place = { queue: server().url, folder: join(folder, "dying.parts"), shardSize: 5 };
    const notes: string[] = [];
    const job = await withWorker(extract, async () => {
      const submitted = submitFeatures(pictures, { ...place, onNote: (note) => notes.push(note) });
      await sleep(700);
      await server().kill();
      await sleep(1500);
      rmSync(join(folder, "appendonlydir"), { recursive: true, force: true });
      await server().start();
      return submitted;
    });
    assert.deepEqual(featuresToArrow(await job.merged()), featuresToArrow(whole));
  });

  test("a shard whose part is there is not made again; a damaged one is", async () => {
    const pictures = photosIn("again", 12);
    const place = { queue: server().url, folder: join(folder, "again.parts"), shardSize: 4 };
    let made = 0;
    const extract: Parameters<typeof workWith>[1] = async (job, some) => {
      made += some.length;
      return recorded({ columns: 8, delay: 0 })(job, some);
    };
    const first = await withWorker(extract, () => submitFeatures(pictures, place));
    const whole = featuresToArrow(await first.merged());
    await withWorker(extract, () => submitFeatures(pictures, place));
    assert.equal(made, 12);
    const part = join(place.folder, "part-000002.arrow");
    const bytes = readFileSync(part);
    bytes[Math.floor(bytes.length / 2)] ^= 1;
    writeFileSync(part, bytes);
    const again = await withWorker(extract, () => submitFeatures(pictures, place));
    assert.equal(made, 16);
    assert.deepEqual(featuresToArrow(await again.merged()), whole);
    await assert.rejects(submitFeatures(pictures.slice(1), place), /holds another job/);
  });

  test("a shard that fails is tried again with pauses, then named; the others are done", async () => {
    const pictures = photosIn("failing", 6);
    const tries: number[] = [];
    const extract: Parameters<typeof workWith>[1] = async (job, some) => {
      if (some.some(({ file }) => nameOf({ file }).endsWith("-4.jpg"))) {
        tries.push(performance.now());
        throw new Error("the disk is on fire");
      }
      return recorded({ columns: 8, delay: 0 })(job, some);
    };
    const place = { queue: server().url, folder: join(folder, "failing.parts"), shardSize: 2, attempts: 2 };
    await assert.rejects(
      withWorker(extract, () => submitFeatures(pictures, place)),
      /1 of 3 shards failed in every attempt: 3 \(the disk is on fire\)/,
    );
    assert.equal(tries.length, 2);
    assert.ok(tries[1] - tries[0] >= 450);
    const job = await withWorker(recorded({ columns: 8, delay: 0 }), () => submitFeatures(pictures, place));
    assert.equal((await job.merged()).rows, 5);
  });

  test("a shard under way in a worker that is stopped is given back: no try less, and nothing failed", async () => {
    const pictures = photosIn("stopped", 4);
    const place = { queue: server().url, folder: join(folder, "stopped.parts"), shardSize: 4, attempts: 1 };
    const events: ShardEvent[] = [];
    const stopping = new AbortController();
    const options = { queue: server().url, roots: [folder], onShard: (event: ShardEvent) => events.push(event) };
    const stopped = workWith({ ...options, signal: stopping.signal }, async () => {
      stopping.abort();
      return Promise.reject(stopping.signal.reason as Error);
    });
    const submitted = submitFeatures(pictures, place);
    await assert.rejects(stopped, /abort/i);
    assert.deepEqual(events, []);
    const job = await withWorker(recorded({ columns: 8, delay: 0 }), () => submitted);
    assert.equal((await job.merged()).rows, 3);
  });

  test("a picture that takes workers along is parked with its error, and no other", async () => {
    const pictures = photosIn("deadly", 9);
    const place = { queue: server().url, folder: join(folder, "deadly.parts"), shardSize: 5 };
    const options: RecordedWorker = {
      queue: server().url,
      roots: [folder],
      columns: 8,
      delay: 0,
      patience: 1,
      deadly: "p-3.jpg",
    };
    let isDone = false;
    const keepWorking = (async () => {
      while (!isDone) {
        const child = start("recorded-worker", options);
        const ended = once(child, "exit");
        while (!isDone && child.exitCode === null) await sleep(50);
        child.kill("SIGKILL");
        await ended;
      }
    })();
    const job = await submitFeatures(pictures, place).finally(() => (isDone = true));
    await keepWorking;
    const { rows, skipped } = await job.merged();
    assert.equal(rows, 6);
    const errors = skipped.map(({ picture, error }) => [nameOf(picture).replace(/.*\//, ""), /3 times/.test(error)]);
    assert.deepEqual(errors, [
      ["broken-0.jpg", false],
      ["p-3.jpg", true],
      ["broken-7.jpg", false],
    ]);
  });

  test("workers killed at random moments: the table is the undisturbed one, byte for byte", async () => {
    const pictures = photosIn("killed", 80);
    const whole = await recorded({ columns: 8, delay: 0 })(undefined!, pictures);
    const options: RecordedWorker = { queue: server().url, roots: [folder], columns: 8, delay: 10, patience: 1 };
    const random = seededRandom("kills");
    let kills = 0;
    let isDone = false;
    const killing = (async () => {
      while (!isDone) {
        const child = start("recorded-worker", options);
        const ended = once(child, "exit");
        const until = performance.now() + (kills < 3 ? 600 + 900 * random() : Infinity);
        while (!isDone && performance.now() < until) await sleep(50);
        if (!isDone) kills += 1;
        child.kill("SIGKILL");
        await ended;
      }
    })();
    const place = { queue: server().url, folder: join(folder, "killed.parts"), shardSize: 20 };
    const job = await submitFeatures(pictures, place).finally(() => (isDone = true));
    await killing;
    assert.equal(kills, 3);
    assert.deepEqual(featuresToArrow(await job.merged()), featuresToArrow(whole));
    assert.deepEqual(
      readdirSync(place.folder).filter((name) => /attempt|unfinished/.test(name) && !/unfinished/.test(name)),
      [],
    );
  });

  test("work that lies elsewhere is refused: folders, links, pictures, addresses", async () => {
    const [inside, outside] = [join(folder, "inside"), join(folder, "outside")];
    mkdirSync(inside);
    mkdirSync(outside);
    writeFileSync(join(outside, "a.jpg"), "");
    symlinkSync(join(outside, "a.jpg"), join(inside, "link.jpg"));
    symlinkSync(outside, join(inside, "folder"));
    const roots = await Roots.open([inside, "https://pictures.example/a"]);
    roots.checkPicture({ file: join(inside, "none.jpg") });
    roots.checkPicture({
      file: { kind: "address", pack: "https://pictures.example/a/b.jpg", entry: "", most: 9 },
    });
    for (const file of [
      join(outside, "a.jpg"),
      join(inside, "link.jpg"),
      `${inside}/../outside/a.jpg`,
      `${inside}x/a.jpg`,
      "a.jpg",
      join(inside, "folder/none.jpg"),
      join(inside, "folder/none/none.jpg"),
      `${inside}/a.jpg\0`,
      inside.toUpperCase(),
      ...["ab.jpg", "a/../b.jpg", "a/%2e%2E/b.jpg", "a/..\\b.jpg"].map(
        (way) => ({ kind: "address", pack: `https://pictures.example/${way}`, entry: "", most: 9 }) as const,
      ),
      { kind: "part", pack: "https://pictures.example/a/b.tar", entry: "a.jpg", start: 0, size: 9 } as const,
    ]) {
      assert.throws(() => roots.checkPicture({ file }), /does not lie under the roots/);
    }
    const events: ShardEvent[] = [];
    const place = { queue: server().url, folder: join(folder, "refused.parts"), attempts: 1 };
    await assert.rejects(
      withWorker(recorded({ columns: 8, delay: 0 }), () => submitFeatures([{ file: join(outside, "a.jpg") }], place), {
        roots: [inside],
        onShard: (event: ShardEvent) => events.push(event),
      }),
      /does not lie under the roots/,
    );
    assert.match(events[0].error!, /refused\.parts does not lie under the roots/);
    assert.equal(existsSync(join(place.folder, "part-000001.arrow")), false);
  });

  test("a password and a prefix", async () => {
    const own = mkdtempSync(join(folder, "secret-"));
    const secret = await RedisServer.start(own, ["--requirepass", "open sesame"]);
    try {
      const place = {
        queue: secret.url,
        password: "open sesame",
        prefix: "lab{7}",
        folder: join(folder, "secret.parts"),
      };
      const extract = recorded({ columns: 8, delay: 0 });
      const more = { queue: secret.url, password: "open sesame", prefix: "lab{7}" };
      const job = await withWorker(extract, () => submitFeatures(photosIn("secret", 3), place), more);
      assert.equal(job.shards, 1);
    } finally {
      await secret.kill();
    }
  });
});

test("the address of a queue", () => {
  const { host, port, username, password, db, isTls } = addressOf({ queue: "rediss://me:se%20cret@head:6380/2" });
  assert.deepEqual([host, port, username, password, db, isTls], ["head", 6380, "me", "se cret", 2, true]);
  assert.throws(() => addressOf({ queue: "http://me:secret@head" }), /invalid queue: "http:\/\/me:…@head"/);
  for (const queue of ["http://me:se:secret@head", "redis://me:secret/secret@head", "redis://:secret@secret@head:x"]) {
    assert.throws(
      () => addressOf({ queue }),
      ({ message }: Error) => message.includes(":…@head") && !message.includes("secret"),
    );
  }
  assert.throws(() => addressOf({ queue: undefined! }), /invalid queue: undefined/);
  assert.throws(() => addressOf({ queue: "redis://head", tls: { ca: "a" } }), /tls belongs to .* rediss/);
});
