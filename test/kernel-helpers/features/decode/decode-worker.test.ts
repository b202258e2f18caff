import assert from "node:assert/strict";
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Worker } from "node:worker_threads";
import type { DecodeReply, DecodeThreadSetting } from "../../../../src/kernel-helpers/features/decode/decoder.js";
import { fillInput } from "../../../../src/kernel-helpers/images/input/fill-input.js";
import { prepareViews, type PrepareSetting } from "../../../../src/kernel-helpers/features/decode/prepare-views.js";
import { startWorker } from "../../../../src/kernel-helpers/support/workers.js";
import { squashed } from "../../images/squashed.js";
import { drawPhotos, temporaryFolder } from "../photos.js";

describe("the thread that decodes", () => {
  const folder = temporaryFolder();
  const setting: PrepareSetting = {
    preprocessing: squashed(16, 12, [1, 2, 3], [4, 5, 6]),
  };
  let files: string[];
  let worker: Worker;
  before(async () => {
    const drawn = await drawPhotos(folder, 8);
    const bad = join(folder, "bad.png");
    writeFileSync(bad, "no picture");
    files = [...drawn.slice(0, 3), bad, ...drawn.slice(3)];
    const module = new URL("../../../../src/kernel-helpers/features/decode/decode-worker", import.meta.url);
    worker = startWorker(module, { setting, ahead: 16 } satisfies DecodeThreadSetting);
    assert.deepEqual(await once(worker, "message"), ["ready"]);
  });
  after(async () => {
    await worker.terminate();
    rmSync(folder, { recursive: true, force: true });
  });

  async function replies(count: number): Promise<Exclude<DecodeReply, "ready">[]> {
    const got: Exclude<DecodeReply, "ready">[] = [];
    const messages = Array.from({ length: count }, (_, id) => id);
    const all = new Promise<void>((resolve) => {
      worker.on("message", (reply: Exclude<DecodeReply, "ready">) => {
        got.push(reply);
        if (got.length === count) resolve();
      });
    });
    for (const id of messages) {
      const source = files[id % files.length];
      worker.postMessage({ id, task: { source, crops: "one", identify: false } });
    }
    await all;
    worker.removeAllListeners("message");
    return got;
  }

  test("gives what is prepared right here; what it cannot read is an answer, and the rest goes on", async () => {
    const got = await replies(16);
    assert.deepEqual(
      got.map(({ id }) => id).sort((a, b) => a - b),
      [...Array(16).keys()],
    );
    for (const reply of got) {
      const source = files[reply.id % files.length];
      if ("error" in reply) assert.match(reply.error, /bad\.png.*not a JPEG/s);
      else {
        const { pixels } = await prepareViews({ source, crops: "one", identify: false }, setting);
        const inputs = new Float32Array(reply.inputs.length);
        fillInput(inputs, 0, pixels[0], setting.preprocessing);
        assert.deepEqual(reply.inputs, inputs);
      }
    }
    assert.equal(got.filter((reply) => "error" in reply).length, 2);
  });

  test("works on one image at a time, in order, as long as the network has enough to go on with", async () => {
    assert.deepEqual(
      (await replies(8)).map(({ id }) => id),
      [...Array(8).keys()],
    );
  });
});
