import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import os from "node:os";
import { after, test } from "node:test";
import { openDecoder } from "../../../../src/kernel-helpers/features/decode/decoder.js";
import { preprocessing } from "../../images/pictures.js";
import { drawPhotos, temporaryFolder } from "../photos.js";

const folder = temporaryFolder();
const cores = os.availableParallelism;
after(() => {
  rmSync(folder, { recursive: true, force: true });
  withCores(cores);
});

test("threads of many cores fill a batch as few cores do, one view or ten, memory used again", async () => {
  const files = await drawPhotos(folder, 3);
  const setting = { preprocessing: preprocessing({ width: 56, height: 56, fit: "squash" }) };
  const filled = async (parallel: number) => {
    withCores(() => parallel);
    const decoder = openDecoder(setting, 100, 8, false);
    const batches: Float32Array[] = [];
    try {
      for (let round = 0; round < 20; round++) {
        for (const crops of ["one", "ten"] as const) {
          const views = await decoder.prepare({ source: files[round % 3], crops, identify: true });
          if ("error" in views) throw new Error(views.error);
          const batch = new Float32Array(2 * 3 * 56 * 56);
          views.fill(batch, 1, crops === "ten" ? 7 : 0);
          assert.match(views.identity!.hash, /^[0-9a-f]{64}$/);
          views.release();
          batches.push(batch);
        }
      }
    } finally {
      await decoder.close();
    }
    return batches;
  };
  assert.deepEqual(await filled(8), await filled(2));
});

function withCores(parallelism: typeof os.availableParallelism): void {
  os.availableParallelism = parallelism;
  syncBuiltinESMExports();
}
