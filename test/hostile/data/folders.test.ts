import assert from "node:assert/strict";
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { readers, readFolderPerClass } from "../../../src/index.js";
import type { PictureSet } from "../../../src/kernel-helpers/images/picture.js";
import { CamlabError } from "../../../src/kernel-helpers/support/errors.js";

const CLASSES = ["cat", "dog ", "\nowl", "\u2028eel"];
const KINDS = ["picture", "other", "not UTF-8", "link to one of the class", "link to another class", "link to nothing"] as const; // prettier-ignore

const entries = fc.array(
  fc.record({ kind: fc.constantFrom(...KINDS), name: fc.nat(5), folder: fc.nat(CLASSES.length - 1) }),
  { minLength: 1, maxLength: 12 },
);

type Reader = (folder: string) => Promise<PictureSet>;
const READERS: readonly (readonly [name: string, inner: string, read: Reader])[] = [
  ["a folder for each class", "", readFolderPerClass],
  ["Caltech-101", "101_ObjectCategories", (folder) => readers.readCaltech101(folder, { train: 1 })],
  ["Scene-15", "scene_categories", (folder) => readers.readScene15(folder, { train: 1 })],
  ["Event8", "event_dataset", (folder) => readers.readEvent8(folder, { train: 1, test: 100 })],
];

for (const [name, inner, read] of READERS) {
  test(`${name}: whatever lies in its folders is read or named, with any slashes behind`, async () => {
    const property = fc.asyncProperty(entries, fc.constantFrom("", "/", "//", "/."), async (list, slashes) => {
      const root = await realpath(await mkdtemp(join(tmpdir(), "camlab-folders-")));
      try {
        const count = await planted(join(root, inner), list);
        const { pictures, notes = [] } = await read(root + slashes);
        const leftOut = Number(/ files of .*?; (\d+) left out/s.exec(notes.join("\n"))?.[1] ?? 0);
        assert.equal(pictures.length + leftOut, count, JSON.stringify(notes));
      } finally {
        await rm(root, { recursive: true, force: true });
      }
    });
    await fc.assert(property, { numRuns: 25, seed: 11 });
  });
}

/** Two pictures in each class, and what was drawn; how many entries that makes. */
async function planted(
  root: string,
  list: readonly { kind: (typeof KINDS)[number]; name: number; folder: number }[],
): Promise<number> {
  let count = 0;
  const tried = async (work: Promise<void>) => {
    // A name that is taken already, or that the file system does not take, is nothing to count.
    if (await work.then(() => true, () => false)) count++; // prettier-ignore
  };
  for (const folder of CLASSES) {
    await mkdir(join(root, folder), { recursive: true });
    for (const own of ["p.png", "q.jpe"]) await tried(writeFile(join(root, folder, own), folder));
  }
  for (const { kind, name, folder } of list) {
    const own = join(root, CLASSES[folder]);
    const other = join(root, CLASSES[(folder + 1) % CLASSES.length], "p.png");
    const path = join(own, `${name}.png`);
    if (kind === "picture") await tried(writeFile(path, "", { flag: "wx" }));
    else if (kind === "other") await tried(writeFile(join(own, `${name}.txt`), "", { flag: "wx" }));
    else if (kind === "link to one of the class") await tried(symlink("p.png", path));
    else if (kind === "link to another class") await tried(symlink(other, path));
    else if (kind === "link to nothing") await tried(symlink(join(root, "nowhere.png"), path));
    else await tried(writeFile(Buffer.concat([Buffer.from(`${own}/${name}`), Buffer.of(0xe9), Buffer.from(".png")]), "", { flag: "wx" })); // prettier-ignore
  }
  return count;
}

test("a folder that is none, or is not there, is refused by name", async () => {
  for (const [, , read] of READERS) await assert.rejects(read("/nowhere/at all\n"), CamlabError);
});
