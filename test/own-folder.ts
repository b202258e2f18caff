import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";

/** A new folder for the tests of the file or the group that asks; it is gone when they are done. */
export function ownFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `camlab-${name}-`));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The same, and commands keep their cache in it. */
export function ownFolderWithCache(name: string): string {
  const folder = ownFolder(name);
  before(() => {
    process.env.CAMLAB_CACHE = join(folder, "cache");
  });
  return folder;
}
