import assert from "node:assert/strict";
import { cp, mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { encodePng } from "../../../src/kernel-helpers/images/files/encode.js";
import { writeGraph } from "../../../src/kernel-helpers/graph/onnx/write-graph.js";
import type { Image } from "../../../src/kernel-helpers/images/image.js";
import { trainGapNetwork } from "../../../src/kernel-helpers/training/train-gap-network.js";
import type { Picture } from "../../../src/kernel-helpers/images/picture.js";
import { smallTraining } from "./small-training.js";
import { striped } from "./stripes.js";

describe("a training goes on with the same pictures, wherever they lie", () => {
  let folder: string;
  let items: readonly Picture[];
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "camlab-resume-"));
    await mkdir(join(folder, "one"));
    const made: Picture[] = [];
    for (const [i, item] of striped(16).entries()) {
      const file = join(folder, "one", `${String(i).padStart(2, "0")}.png`);
      await writeFile(file, await encodePng(item.file as Image));
      made.push({ ...item, file });
    }
    items = made;
  });
  after(() => rm(folder, { recursive: true, force: true }));

  /** The pictures in another folder. */
  function moved(name: string, ending = ".png"): Picture[] {
    return items.map((item) => ({
      ...item,
      file: (item.file as string).replace(join(folder, "one"), join(folder, name)).replace(/\.png$/, ending),
    }));
  }

  const checkpoint = () => ({ folder: join(folder, "kept"), everySteps: 1 });

  /** Trains, and stops after so many steps. */
  async function train(pictures: readonly Picture[], stopAfter = Infinity) {
    const stop = new AbortController();
    let steps = 0;
    const onEvent = ({ kind }: { kind: string }) => {
      if (kind === "step" && ++steps === stopAfter) stop.abort();
    };
    const options = smallTraining({ pictures, checkpoint: checkpoint(), signal: stop.signal, onEvent });
    const trained = await trainGapNetwork({ ...options, validation: undefined }).catch((error: unknown) => {
      if (stop.signal.aborted) return undefined;
      throw error;
    });
    return { trained, steps };
  }

  test("in another folder, under other names; a changed, relabelled, missing or moved one is named", async () => {
    const { trained: undisturbed } = await train(items);
    await rm(checkpoint().folder, { recursive: true });
    await train(items, 6);

    const refused = (images: readonly Picture[], message: RegExp) =>
      assert.rejects(train(images), { name: "CamlabError", message });

    await cp(join(folder, "one"), join(folder, "changed"), { recursive: true });
    const { data, width, height } = striped(16)[3].file as Image;
    const other = { width, height, data: Uint8Array.from(data, (value, i) => (i === 0 ? value ^ 1 : value)) };
    await writeFile(join(folder, "changed", "03.png"), await encodePng(other));
    await refused(moved("changed"), /changed\/03\.png has another content\)/);

    const labels = [...new Set(items.map(({ label }) => label))];
    const relabelled = items.map((item, i) =>
      i === 5 ? { ...item, label: labels.find((label) => label !== item.label) } : item,
    );
    await refused(relabelled, /05\.png has another label\)/);
    const swapped = [items[1], items[0], ...items.slice(2)];
    await refused(swapped, /come in another order from .*0[01]\.png on/);
    await refused(items.slice(1), /began with \d+ pictures, and these are \d+/);
    await rm(join(folder, "changed", "03.png"));
    await refused(moved("changed"), /03\.png can no longer be read\)/);

    await cp(join(folder, "one"), join(folder, "two"), { recursive: true });
    for (const { file } of moved("two")) await rename(file as string, (file as string).replace(/\.png$/, ".x.png"));
    const resumed = await train(moved("two", ".x.png"));
    assert.ok(resumed.steps < 16, `${resumed.steps} steps: it did not begin anew`);
    assert.deepEqual(writeGraph(resumed.trained!.graph), writeGraph(undisturbed!.graph));
  });
});
