import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import os from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { openDecoder } from "../../../../src/kernel-helpers/features/decode/decoder.js";
import { drawTeachingScene, teachingScene } from "../../../../src/kernel-helpers/networks/teaching-scene.js";
import { encodePng } from "../../../../src/kernel-helpers/images/files/encode.js";
import { preprocessing } from "../../images/pictures.js";

const folder = mkdtempSync(join(os.tmpdir(), "camlab-decoder-"));
const cores = os.availableParallelism;
after(() => {
  rmSync(folder, { recursive: true, force: true });
  withCores(cores);
});

test("threads of many cores fill a batch as few cores do, one view or ten, memory used again", async () => {
  const files = [0, 1, 2].map((i) => join(folder, `${i}.png`));
  for (const [i, file] of files.entries()) {
    writeFileSync(file, await encodePng(await drawTeachingScene(teachingScene(i, ["sun"]))));
  }
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
  assert.deepEqual(await filled(16), await filled(2));
});

function withCores(parallelism: typeof os.availableParallelism): void {
  os.availableParallelism = parallelism;
  syncBuiltinESMExports();
}
