import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, existsSync } from "node:fs";
import {
  appendFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  truncate,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { drawWorld } from "../../src/world/draw-world.js";
import { makeDataset } from "../../src/world/make-dataset.js";
import { readWorld } from "../../src/world/read-world.js";

const MODULE = new URL("../../src/world/draw-world.ts", import.meta.url).href;
const OPTIONS = { seed: 3, train: 55, test: 5 };

/** Draws in another process, which says how many pictures it drew itself and what it got. */
function drawing(folder: string, { killAfter = Infinity }: { killAfter?: number } = {}) {
  const script = `
    import { drawWorld } from ${JSON.stringify(MODULE)};
    import { statSync } from "node:fs";
    let drawn = 0;
    const onProgress = ({ done }) => {
      drawn++;
      if (done >= ${killAfter === Infinity ? "Infinity" : killAfter}) process.kill(process.pid, "SIGKILL");
    };
    const set = await drawWorld("birds", { ...${JSON.stringify({ ...OPTIONS, folder })}, onProgress });
    const sizes = set.pictures.map(({ file }) => statSync(file).size);
    console.log(JSON.stringify({ drawn, pictures: set.pictures.length, least: Math.min(...sizes) }));`;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  return { child, said: output(child) };
}

async function output(child: ChildProcess): Promise<{ drawn: number; pictures: number; least: number } | undefined> {
  let text = "";
  child.stdout!.on("data", (chunk: Buffer) => (text += chunk.toString()));
  await new Promise((resolve) => child.once("close", resolve));
  return text === "" ? undefined : (JSON.parse(text) as { drawn: number; pictures: number; least: number });
}

describe("several processes that draw the same part", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "camlab-at-once-"));
  });
  after(() => rm(folder, { recursive: true }));

  /** Nothing is left beside the sets. */
  async function leftOver(cache: string): Promise<string[]> {
    const names = await readdir(join(cache, "world"), { recursive: true });
    return names.filter((name) => /unfinished|damaged/.test(name));
  }

  test("all four have the whole set, and one of them drew it", async () => {
    const cache = join(folder, "four");
    const said = await Promise.all(Array.from({ length: 4 }, () => drawing(cache).said));
    assert.deepEqual(
      said.map((one) => one?.pictures),
      [60, 60, 60, 60],
    );
    assert.ok(said.every((one) => one!.least > 1000));
    assert.equal(
      said.reduce((sum, one) => sum + one!.drawn, 0),
      60,
    );
    assert.deepEqual(await leftOver(cache), []);
  });

  test("one is killed in the middle: the others go on where it stopped", async () => {
    const cache = join(folder, "killed");
    const first = drawing(cache, { killAfter: 30 });
    const others = [drawing(cache), drawing(cache)];
    const [dead, ...said] = await Promise.all([first, ...others].map((one) => one.said));
    // Which of them draws is chance: the one that was to die may have waited. What it drew whole is not drawn again.
    const drawn = said.reduce((sum, one) => sum + one!.drawn, 0);
    assert.ok(dead !== undefined || (drawn >= 35 && drawn < 60), `${drawn}`);
    assert.deepEqual(
      said.map((one) => one?.pictures),
      [60, 60],
    );
    assert.deepEqual(await leftOver(cache), []);
  });

  test("within one process, too", async () => {
    const cache = join(folder, "one");
    const options = { folder: cache, train: 3, test: 1 };
    const sets = await Promise.all([drawWorld("objects", options), drawWorld("objects", options)]);
    assert.deepEqual(sets[0], sets[1]);
    assert.deepEqual(await leftOver(cache), []);
  });

  test("a process that lost its place waits for the one that took it", async () => {
    const cache = join(folder, "stolen");
    const options = { folder: cache, train: 30, test: 0 };
    let stolen: string | undefined;
    const set = await drawWorld("objects", {
      ...options,
      onProgress: ({ done }) => {
        if (done !== 10 || stolen !== undefined) return;
        stolen = "";
        void steal(cache).then((name) => (stolen = name));
      },
    });
    assert.match(stolen!, /unfinished-free/);
    assert.equal(set.pictures.length, 30);
    assert.deepEqual(await leftOver(cache), []);
  });

  /** Moves the workplace away under the hands of its owner, as another process does. */
  async function steal(cache: string): Promise<string> {
    const all = await readdir(join(cache, "world"), { recursive: true, withFileTypes: true });
    const { parentPath, name } = all.find((entry) => entry.isDirectory() && /unfinished/.test(entry.name))!;
    const taken = join(parentPath, name.replace(/unfinished.*/, "unfinished-free-00"));
    await rename(join(parentPath, name), taken);
    return taken;
  }
});

describe("a set that is not whole", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "camlab-whole-"));
  });
  after(() => rm(folder, { recursive: true }));

  const damages: [string, (set: string) => Promise<unknown>][] = [
    ["a picture is missing", rmFirst],
    ["a picture is cut short", async (set) => truncate(await firstImage(set), 100)],
    ["a picture is empty", async (set) => truncate(await firstImage(set), 0)],
    ["the records end early", async (set) => cutHalf(join(set, "records.jsonl"))],
    ["an annotation file is missing", (set) => rm(join(set, "annotations", "captions.json"))],
    ["the list of files is missing", (set) => rm(join(set, "files.csv"))],
    ["the list of files ends early", (set) => cutHalf(join(set, "files.csv"))],
    ["a list grew", (set) => appendFile(join(set, "labels.csv"), "x.jpg,a,train\n")],
  ];

  async function firstImage(set: string): Promise<string> {
    return join(set, "images", (await readdir(join(set, "images"))).sort()[0]);
  }

  async function rmFirst(set: string): Promise<void> {
    await rm(await firstImage(set));
  }

  async function cutHalf(path: string): Promise<void> {
    const text = await readFile(path, "utf8");
    await writeFile(path, text.slice(0, text.length / 2));
  }

  for (const [name, damage] of damages) {
    test(`${name}: the cache draws it anew, a folder of one's own is refused by name`, async () => {
      const options = { folder: join(folder, name), train: 2, test: 1 };
      const { folder: kept } = await drawWorld("birds", options);
      await damage(kept);
      await assert.rejects(readWorld(kept), { name: "CamlabError", message: /is not whole/ });
      await assert.rejects(makeDataset("birds", kept, { train: 2, test: 1 }), {
        name: "CamlabError",
        message: /is not whole any more/,
      });
      const again = await drawWorld("birds", options);
      assert.equal(again.pictures.length, 3);
      assert.deepEqual(again, await readWorld(kept));
    });
  }

  test("a manifest that is damaged does not block the cache", async () => {
    const options = { folder: join(folder, "manifest"), train: 2, test: 1 };
    const { folder: kept } = await drawWorld("birds", options);
    const file = join(kept, "manifest.json");
    const manifest = JSON.parse(await readFile(file, "utf8")) as object;
    for (const text of ["", "{", "null", JSON.stringify({ ...manifest, counts: 5 })]) {
      await writeFile(file, text);
      await assert.rejects(readWorld(kept), { name: "CamlabError", message: /manifest/ });
      assert.equal((await drawWorld("birds", options)).pictures.length, 3);
    }
  });

  test("files that were added are left alone", async () => {
    const options = { folder: join(folder, "added"), train: 2, test: 1 };
    const { folder: kept } = await drawWorld("birds", options);
    await writeFile(join(kept, "images", "mine.jpg"), "mine");
    await drawWorld("birds", options);
    assert.ok(existsSync(join(kept, "images", "mine.jpg")));
  });

  test("without a list of files, as camlab 0.1 wrote it, the pictures are counted", async () => {
    const kept = join(folder, "old");
    await makeDataset("birds", kept, { train: 2, test: 1 });
    const { files: _, ...old } = JSON.parse(await readFile(join(kept, "manifest.json"), "utf8")) as { files: unknown };
    await writeFile(join(kept, "manifest.json"), JSON.stringify(old));
    await rm(join(kept, "files.csv"));
    assert.equal((await readWorld(kept)).pictures.length, 3);
    await rmFirst(kept);
    await assert.rejects(readWorld(kept), /is not whole/);
  });

  test("what an older camlab or a machine without power left is not taken over as it is", async () => {
    const kept = join(folder, "power");
    const work = `${kept}.unfinished`;
    await mkdir(join(work, "shards"), { recursive: true });
    await writeFile(join(work, "shards", "train-0000000.jsonl"), "{}\n{}");
    await utimes(work, 1, 1);
    await makeDataset("birds", kept, { train: 2, test: 1 });
    assert.equal((await readWorld(kept)).pictures.length, 3);
    assert.ok(!existsSync(work));
  });

  test("a cache that cannot be written costs the cache alone, and the set says so", async (t) => {
    const cache = join(folder, "read-only");
    // A file where the cache's folder should be refuses the administrator, too.
    await writeFile(cache, "");
    chmodSync(cache, 0o400);
    const before = process.env.CAMLAB_CACHE;
    process.env.CAMLAB_CACHE = cache;
    t.after(() => {
      if (before === undefined) delete process.env.CAMLAB_CACHE;
      else process.env.CAMLAB_CACHE = before;
    });
    const set = await drawWorld("birds", { train: 2, test: 1 });
    assert.equal(set.pictures.length, 3);
    assert.match(set.notes!.join(), /could not be kept in/);
  });
});
