// Tests make their folder while their file is loaded and remove it once they are done; here they are run again and again.
import fs from "node:fs";
import promises from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";

const [rmSync, rm] = [fs.rmSync, promises.rm];

/** Runs the hooks that come after tests, in which no folder is removed. */
export async function keepingFolders<Result>(work: () => Promise<Result>): Promise<Result> {
  replace(
    (path, options) => options?.recursive || rmSync(path, options),
    async (path, options) => void (options?.recursive || (await rm(path, options))),
  );
  try {
    return await work();
  } finally {
    replace(rmSync, rm);
  }
}

function replace(now: (...given: Parameters<typeof rmSync>) => unknown, later: typeof rm): void {
  fs.rmSync = now;
  promises.rm = later;
  syncBuiltinESMExports();
}
