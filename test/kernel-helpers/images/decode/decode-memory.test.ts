import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { after, afterEach, before, describe, test } from "node:test";
import {
  forgetThread,
  holdMemory,
  memoryInUse,
  memoryLimit,
  shareMemoryCount,
} from "../../../../src/kernel-helpers/images/decode/decode-memory.js";
import { loadImage } from "../../../../src/kernel-helpers/images/files/load-image.js";
import { readImageInfo } from "../../../../src/kernel-helpers/images/files/read-image-info.js";
import { thumbnail } from "../../../../src/kernel-helpers/images/files/thumbnail.js";
import { prepareImage } from "../../../../src/kernel-helpers/images/input/prepare-image.js";
import { CamlabError } from "../../../../src/kernel-helpers/support/errors.js";
import { startWorker } from "../../../../src/kernel-helpers/support/workers.js";
import { draw, encode, preprocessing } from "../pictures.js";

const MB = 2 ** 20;

describe("memoryLimit", () => {
  const before = process.env.CAMLAB_MAX_MEMORY;
  afterEach(() => {
    if (before === undefined) delete process.env.CAMLAB_MAX_MEMORY;
    else process.env.CAMLAB_MAX_MEMORY = before;
  });

  test("is the option, else the environment's, else 1 GB", () => {
    delete process.env.CAMLAB_MAX_MEMORY;
    assert.equal(memoryLimit(), 2 ** 30);
    for (const [text, bytes] of [
      ["2GB", 2 ** 31],
      ["500 MB", 500 * MB],
      ["1.5g", 1.5 * 2 ** 30],
      ["64KiB", 65536],
      ["123456", 123456],
    ] as const) {
      process.env.CAMLAB_MAX_MEMORY = text;
      assert.equal(memoryLimit(), bytes, text);
      assert.equal(memoryLimit(7), 7);
    }
    for (const text of ["much", "-1", "0", "1TB"]) {
      process.env.CAMLAB_MAX_MEMORY = text;
      assert.throws(() => memoryLimit(), /invalid CAMLAB_MAX_MEMORY: .*such as 2GB/);
    }
    assert.throws(() => memoryLimit(0), /invalid maxMemory: 0/);
    assert.throws(() => memoryLimit(NaN), /invalid maxMemory: NaN/);
  });
});

describe("holdMemory", () => {
  test("lets pictures wait for each other, in the order of asking", async () => {
    const held: string[] = [];
    const first = await holdMemory(6 * MB, 10 * MB);
    const rest = (["large", "small", "other"] as const).map(async (name) => {
      const release = await holdMemory(name === "large" ? 8 * MB : MB, 10 * MB);
      held.push(name);
      return release;
    });
    await sleep(30);
    assert.deepEqual(held, [], "the small ones would fit, but the large one asked before them");
    assert.equal(memoryInUse(), 6 * MB);
    first();
    first();
    (await Promise.all(rest)).forEach((release) => release());
    assert.deepEqual(held, ["large", "small", "other"]);
    assert.equal(memoryInUse(), 0);
  });

  test("forgets who gives up", async () => {
    const first = await holdMemory(9 * MB, 10 * MB);
    const control = new AbortController();
    const gone = holdMemory(5 * MB, 10 * MB, control.signal);
    const next = holdMemory(MB, 10 * MB);
    control.abort(new Error("enough"));
    await assert.rejects(gone, /enough/);
    (await next)();
    first();
    assert.equal(memoryInUse(), 0);
  });

  test("counts over threads, those that ended excepted", async () => {
    shareMemoryCount();
    const start = async () => {
      const thread = startWorker(new URL("./memory-thread", import.meta.url), { bytes: 9 * MB, limit: 10 * MB });
      const { threadId } = thread;
      await once(thread, "message");
      return { thread, threadId };
    };
    const { thread } = await start();
    assert.equal(memoryInUse(), 9 * MB);
    let isHeld = false;
    const waiting = holdMemory(5 * MB, 10 * MB).then((release) => {
      isHeld = true;
      release();
    });
    await sleep(50);
    assert.equal(isHeld, false);
    thread.postMessage("go on");
    await waiting;
    await thread.terminate();

    const ended = await start();
    await ended.thread.terminate();
    forgetThread(ended.threadId);
    assert.equal(memoryInUse(), 0);
  });
});

describe("pictures", () => {
  let folder: string;
  before(async () => (folder = await mkdtemp(join(tmpdir(), "camlab-memory-"))));
  after(() => rm(folder, { recursive: true }));
  const input = preprocessing({ width: 64, height: 64, fit: "cover" });

  test("a few bytes that claim 16,000 × 16,000 pixels are refused by name, wherever they are read", async () => {
    const small = await loadImage(oneColourWebp(40, 30));
    assert.deepEqual([small.width, small.height], [40, 30]);
    assert.ok(small.data.every((value, i) => value === [200, 100, 50][i % 3]));
    const file = join(folder, "vast.webp");
    await writeFile(file, oneColourWebp(16_000, 16_000));
    assert.deepEqual(await readImageInfo(file), { width: 16_000, height: 16_000, format: "webp" });
    const before = process.memoryUsage.rss();
    const reads = Array.from({ length: 8 }, () => [
      loadImage(file),
      prepareImage(file, input),
      thumbnail(file),
      prepareImage(file, input, { region: { x: 0, y: 0, width: 9, height: 9 } }),
    ]).flat();
    for (const read of await Promise.allSettled(reads)) {
      assert.ok(read.status === "rejected" && read.reason instanceof CamlabError);
      assert.match(
        read.reason.message,
        /vast\.webp: decoding its 16000×16000 pixels takes about \d\.\d GB of memory, more than the 1\.0 GB .*maxMemory.*CAMLAB_MAX_MEMORY/,
      );
    }
    assert.ok(process.memoryUsage.rss() - before < 64 * MB);
  });

  test("those that fit one by one are decoded one by one, and are what they are", async () => {
    const files = await Promise.all(
      Array.from({ length: 6 }, (_, i) =>
        encode(draw(900, 700, () => [40 * i, 9, 9]))
          .webp({ lossless: true })
          .toBuffer(),
      ),
    );
    let most = 0;
    const watch = setInterval(() => (most = Math.max(most, memoryInUse())), 1);
    const maxMemory = 12 * MB;
    const images = await Promise.all(files.map((file) => loadImage(file, { maxMemory })));
    clearInterval(watch);
    images.forEach(({ data }, i) => assert.ok(data[0] === 40 * i && data.at(-1) === 9));
    assert.ok(most > 5 * MB && most <= maxMemory, `${most}`);
    assert.equal(memoryInUse(), 0);
    await assert.rejects(
      loadImage(files[0], { maxMemory: 5 * MB }),
      /takes about \d+ MB of memory, more than the 5 MB/,
    );
    await assert.rejects(loadImage(files[0].subarray(0, 30)), CamlabError);
    assert.equal(memoryInUse(), 0, "failures give their memory back");
  });
});

/** A lossless WebP (RFC 9649) of one colour, whatever its size: its pixels take no bits at all. */
function oneColourWebp(width: number, height: number): Buffer {
  const bits: number[] = [];
  const put = (value: number, count: number) => {
    for (let i = 0; i < count; i++) bits.push((value >> i) & 1);
  };
  put(width - 1, 14);
  put(height - 1, 14);
  put(0, 1 + 3 + 1 + 1 + 1);
  for (const symbol of [100, 200, 50, 255, 0]) {
    put(1, 1);
    put(0, 1);
    put(1, 1);
    put(symbol, 8);
  }
  const data = Buffer.alloc(Math.ceil(bits.length / 8) + 1);
  data[0] = 0x2f;
  bits.forEach((bit, i) => (data[1 + (i >> 3)] |= bit << (i & 7)));
  const padded = Buffer.concat([data, Buffer.alloc(data.length & 1)]);
  const head = Buffer.from("RIFF____WEBPVP8L____");
  head.writeUInt32LE(12 + padded.length, 4);
  head.writeUInt32LE(data.length, 16);
  return Buffer.concat([head, padded]);
}
