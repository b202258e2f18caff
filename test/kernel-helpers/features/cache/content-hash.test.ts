import assert from "node:assert/strict";
import { rmSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import files from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { identifyFile, sameState } from "../../../../src/kernel-helpers/features/cache/content-hash.js";
import { FileIndex } from "../../../../src/kernel-helpers/features/cache/file-index.js";
import { prepareViews } from "../../../../src/kernel-helpers/features/decode/prepare-views.js";
import { encodePng } from "../../../../src/kernel-helpers/images/files/encode.js";
import { SMALL_FILE } from "../../../../src/kernel-helpers/images/files/read-input.js";
import { sha256 } from "../../../../src/kernel-helpers/support/hash.js";
import { draw, preprocessing } from "../../images/pictures.js";
import { temporaryFolder } from "../photos.js";

const folder = temporaryFolder();
const stat = files.stat;
const setting = { preprocessing: preprocessing({ width: 8, height: 8, fit: "squash" }) };

after(() => rmSync(folder, { recursive: true, force: true }));

/** Has something happen right after the state of a file was looked up for the first time. */
function onceLookedUp(change: (() => void) | undefined): void {
  const changing = async (...given: Parameters<typeof stat>) => {
    const found = await stat(...given);
    change?.();
    change = undefined;
    return found;
  };
  files.stat = change ? (changing as typeof stat) : stat;
  syncBuiltinESMExports();
}

/** A PNG of one colour; `size` bytes of it, most of them behind its end. */
async function drawn(name: string, red: number, size?: number): Promise<string> {
  const file = join(folder, name);
  writeFileSync(file, await encodePng(draw(8, 8, () => [red, 0, 0])));
  if (size !== undefined) truncateSync(file, size);
  utimesSync(file, 1000, 1000);
  return file;
}

describe("a file that changes", () => {
  for (const [kind, size] of [
    ["small", 1000],
    ["large", SMALL_FILE + 1],
  ] as const) {
    test(`while it is read: what was found is not believed of what is there now (${kind})`, async () => {
      const file = await drawn(`${kind}.png`, 9, size);
      const calm = await identifyFile(file);
      assert.equal(calm.hash, sha256(await files.readFile(file)));
      assert.equal(await sameState(file, calm), true);

      onceLookedUp(() => utimesSync(file, 2000, 2000));
      const identity = await identifyFile(file);
      onceLookedUp(undefined);
      assert.equal(await sameState(file, identity), false);
      const index = await FileIndex.open(join(folder, `${kind}.txt`));
      index.add(file, { ...identity, settled: true });
      assert.equal(await index.hashOf(file), undefined);
    });
  }

  test("of a small file the bytes that were hashed are decoded, whatever is there by then", async () => {
    const file = await drawn("exchanged.png", 10);
    const wanted = sha256(await files.readFile(file));
    const other = await files.readFile(await drawn("other.png", 200));
    const read = files.readFile;
    files.readFile = (async (...given: Parameters<typeof read>) => {
      const bytes = await read(...given);
      writeFileSync(file, other);
      return bytes;
    }) as typeof read;
    syncBuiltinESMExports();
    try {
      const { pixels, identity } = await prepareViews({ source: file, crops: "one", identify: true }, setting);
      assert.deepEqual([identity?.hash, pixels[0][0]], [wanted, 10]);
    } finally {
      files.readFile = read;
      syncBuiltinESMExports();
    }
  });

  test("a large file that is another one once it is decoded has no identity", async () => {
    const file = await drawn("large.png", 9, SMALL_FILE + 1);
    const task = { source: file, crops: "one", identify: true } as const;
    const calm = await prepareViews(task, setting);
    assert.match(calm.identity?.hash ?? "", /^[0-9a-f]{64}$/);
    onceLookedUp(() => utimesSync(file, 3000, 3000));
    const changed = await prepareViews(task, setting);
    onceLookedUp(undefined);
    assert.equal(changed.identity, undefined);
    assert.deepEqual(changed.pixels, calm.pixels);
  });

  test("lately is not settled; a file that is gone has no state", async () => {
    const file = await drawn("young.png", 1);
    assert.equal((await identifyFile(file)).settled, false, "its name and times were changed just now");
    const identity = await identifyFile(file);
    rmSync(file);
    assert.equal(await sameState(file, identity), false);
    await assert.rejects(identifyFile(folder), /is not a regular file/);
  });
});
