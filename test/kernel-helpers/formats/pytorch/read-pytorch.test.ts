import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { isPytorch, readPytorch } from "../../../../src/kernel-helpers/formats/pytorch/read-pytorch.js";
import { unpickle } from "../../../../src/kernel-helpers/formats/pytorch/unpickle.js";
import { readWeights } from "../../../../src/kernel-helpers/formats/weights/read-weights.js";
import { CamlabError } from "../../../../src/kernel-helpers/support/errors.js";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";

const file = (name: string) => readFileSync(join(import.meta.dirname, "fixtures", name));
const read = (name: string) => readPytorch(file(name), name);
const counted = Array.from({ length: 24 }, (_, i) => i);

describe("reading PyTorch's files", () => {
  for (const name of ["small.pth", "small-old.pth"]) {
    it(`gives the tensors of ${name} by name, row by row`, () => {
      const { tensors } = read(name);
      const numbers = (of: string) => [...tensors.get(of)!.floats()];
      assert.deepEqual(
        numbers("plain"),
        counted.map((i) => i + 0.5),
      );
      assert.deepEqual(tensors.get("turned")!.dims, [4, 2, 3]);
      // turned[a][b][c] = whole[b][c][a]
      assert.deepEqual(
        numbers("turned"),
        counted.map((i) => (Math.floor(i / 3) % 2) * 12 + (i % 3) * 4 + Math.floor(i / 6)),
      );
      assert.deepEqual(numbers("part"), counted.slice(16));
      assert.deepEqual(numbers("half"), [0.5, -2, 1024]);
      assert.deepEqual(numbers("brain"), [0.5, -2, 1024]);
      assert.deepEqual(numbers("double"), [Math.fround(0.1)]);
      assert.deepEqual(numbers("count"), [7]);
      assert.deepEqual(tensors.get("count")!.dims, []);
      assert.deepEqual(numbers("flags"), [1, 0]);
      assert.deepEqual(numbers("none"), []);
      assert.deepEqual(numbers("same"), numbers("plain"));
      assert.equal(tensors.get("half")!.type, "float16");
    });
  }

  it("finds the state dict of a checkpoint, and parameters", () => {
    const { tensors, notes } = read("checkpoint.pth");
    assert.equal(tensors.size, 10);
    assert.ok(tensors.has("module.plain"));
    assert.match(notes[0], /state_dict/);
    assert.deepEqual([...read("parameter.pth").tensors.get("weight")!.floats()], counted);
  });

  it("refuses by name whatever is no tensor or container, and executes nothing", () => {
    for (const name of ["hostile.pth", "hostile-old.pth"]) {
      assert.throws(() => read(name), /names "(posix|nt|os)\.system".*nothing of it was executed.*state_dict/s);
    }
    const world = { named: () => undefined, persistent: () => undefined };
    assert.throws(() => unpickle(file("hostile.pkl"), 0, world), /system/);
    assert.throws(() => read("whole-network.pth"), /torch\.nn\.modules\.linear\.Linear/);
    assert.ok(!existsSync("camlab-was-executed"));
  });

  it("says what is in a file without weights", () => {
    assert.throws(() => read("no-weights.pth"), /no state dict, but a dictionary of epoch/);
  });

  it("reads a file by its content", async () => {
    const path = join(import.meta.dirname, "fixtures", "small.pth");
    assert.equal((await readWeights(path)).tensors.size, 10);
    await assert.rejects(readWeights(import.meta.filename), /neither a file of PyTorch's.*nor a safetensors file/);
  });

  it("gives tensors or an error for people, whatever is damaged", () => {
    const random = seededRandom("damaged pickles");
    for (const name of ["small.pth", "small-old.pth", "checkpoint.pth"]) {
      const bytes = file(name);
      for (let round = 0; round < 300; round++) {
        const damaged = Uint8Array.from(
          bytes.subarray(0, round % 3 === 0 ? Math.floor(random() * bytes.length) : undefined),
        );
        for (let n = 0; n < 1 + (round % 4) && damaged.length > 0; n++) {
          damaged[Math.floor(random() * damaged.length)] = Math.floor(random() * 256);
        }
        if (!isPytorch(damaged)) continue;
        try {
          for (const tensor of readPytorch(damaged, name).tensors.values()) tensor.floats();
        } catch (error) {
          assert.ok(error instanceof CamlabError, `${name}, round ${round}: ${String(error)}`);
        }
      }
    }
  });
});
