import { open } from "node:fs/promises";
import type { ArchiveBytes } from "../../support/files/archive-bytes.js";

/** An archive on disk, read where it is asked for; close it by disposing of it. */
export async function openArchive(path: string): Promise<ArchiveBytes & AsyncDisposable> {
  const handle = await open(path, "r");
  const { size } = await handle.stat();
  return {
    size,
    async bytesAt(start, length) {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, start);
      return buffer.subarray(0, bytesRead);
    },
    [Symbol.asyncDispose]: () => handle.close(),
  };
}
