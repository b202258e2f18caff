import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { recorded } from "../../../bench/scale/recorded.js";
import { nameOf } from "../../../src/kernel-helpers/images/picture.js";
import { doShard, type Extract } from "../../../src/kernel-helpers/queue/do-shard.js";
import {
  attemptPath,
  type JobParts,
  readJob,
  readPart,
  writeJob,
} from "../../../src/kernel-helpers/queue/job-folder.js";
import { Roots } from "../../../src/kernel-helpers/queue/roots.js";

const play = recorded({ columns: 4, delay: 0 });

describe("a shard", () => {
  const root = mkdtempSync(join(tmpdir(), "camlab-shard-"));
  after(() => rmSync(root, { recursive: true, force: true }));

  const submitted = async (name: string, parts: Partial<JobParts> = {}) => {
    const folder = join(root, name);
    const pictures = Array.from({ length: 5 }, (_, i) => ({ file: join(root, `photo-${i}.jpg`) }));
    const { sum } = await writeJob(folder, { opening: {}, extracting: {}, ...parts }, pictures, 5);
    const task = { folder, index: 1, sum };
    return { task, folder, made: async () => readPart(folder, await readJob(folder, sum), 1) };
  };

  test("that fails again and again after a worker's end leaves no picture out", async () => {
    const { task, folder, made } = await submitted("failing");
    writeFileSync(attemptPath(folder, 1), JSON.stringify({ ends: {} }));
    const roots = await Roots.open([root]);
    const failing: Extract = (job, pictures) =>
      nameOf(pictures[0]).endsWith("-2.jpg") ? Promise.reject(new Error("the disk is full")) : play(job, pictures);
    for (let i = 0; i < 4; i++) await assert.rejects(doShard(task, roots, failing), /the disk is full/);
    assert.equal(await doShard(task, roots, play), 5);
    assert.equal((await made())?.rows, 5);
  });

  test("whose part or memory is a link out of the roots is refused, and nothing is written there", async () => {
    const outside = mkdtempSync(join(tmpdir(), "camlab-outside-"));
    const target = join(outside, "target");
    writeFileSync(target, "{}");
    for (const name of ["part-000001.arrow", "attempt-000001.json"]) {
      const { task, folder } = await submitted(`linked-${name}`);
      symlinkSync(target, join(folder, name));
      await assert.rejects(doShard(task, await Roots.open([root]), play), new RegExp(`${name} does not lie under`));
      assert.equal(readFileSync(target, "utf8"), "{}");
    }
    rmSync(outside, { recursive: true });
  });

  test("whose network lies where the worker happens to be is refused; one that it has by name is not", async () => {
    const roots = await Roots.open([root]);
    const here = process.cwd();
    process.chdir(mkdtempSync(join(root, "here-")));
    try {
      mkdirSync("folder");
      for (const file of ["net.onnx", "objects-gap", "folder/model.onnx"]) writeFileSync(file, "");
      for (const [i, network] of ["net.onnx", "folder", "..", ".", "objects-gap"].entries()) {
        const { task } = await submitted(`here-${i}`, { network });
        await assert.rejects(doShard(task, roots, play), /does not lie under the roots/, network);
      }
      rmSync("objects-gap");
      const { task } = await submitted("named", { network: "objects-gap" });
      assert.equal(await doShard(task, roots, play), 5);
    } finally {
      process.chdir(here);
    }
  });

  test("whose network lies elsewhere is refused, however that is said", async () => {
    const roots = await Roots.open([root]);
    for (const [i, parts] of [
      { network: "/elsewhere/net.onnx" },
      { network: "net", opening: { models: "/elsewhere" } },
      { opening: { card: "/elsewhere/card.json" } },
      { opening: { classes: "/elsewhere/classes.txt" } },
    ].entries()) {
      const { task, made } = await submitted(`refused-${i}`, parts);
      await assert.rejects(doShard(task, roots, play), /elsewhere.* does not lie under the roots/);
      assert.equal(await made(), undefined);
    }
  });
});
