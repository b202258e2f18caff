import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { isPytorch, readPytorch } from "../../../../src/kernel-helpers/formats/pytorch/read-pytorch.js";
import { namedInWeights, PickledTensor, type Storage } from "../../../../src/kernel-helpers/formats/pytorch/tensors.js";
import { weightsIn } from "../../../../src/kernel-helpers/formats/pytorch/weights-in.js";
import { unpickle } from "../../../../src/kernel-helpers/formats/pytorch/unpickle.js";
import { readWeights } from "../../../../src/kernel-helpers/formats/weights/read-weights.js";
import { CamlabError } from "../../../../src/kernel-helpers/support/errors.js";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";

const file = (name: string) => readFileSync(join(import.meta.dirname, "fixtures", name));
const read = (name: string) => readPytorch(file(name), name);
const chr = (code: number) => String.fromCharCode(code);
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

  for (const name of ["beside.pth", "beside-old.pth"]) {
    it(`finds the state dict of ${name} among a tensor, an empty dictionary and facts`, () => {
      const { tensors, notes } = read(name);
      assert.deepEqual([...tensors.keys()], ["weight", "repeated"]);
      assert.deepEqual([...tensors.get("repeated")!.floats()], new Array(6).fill(0.5));
      assert.match(notes[0], /state_dict/);
    });
  }

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
    assert.throws(
      () => read("list.pth"),
      /a list, whose parts have no names: torch\.save\(model\.state_dict\(\), PATH\)/,
    );
    assert.throws(() => read("quantised.pth"), /a kind that camlab does not read \(torch\.\w+.*Save them as float32/s);
  });

  it("reads a file by its content", async () => {
    const path = join(import.meta.dirname, "fixtures", "small.pth");
    assert.equal((await readWeights(path)).tensors.size, 10);
    await assert.rejects(readWeights(import.meta.filename), /neither a file of PyTorch's.*nor a safetensors file/);
  });

  // Forty pairs, each of the one before twice: a few bytes that take for ever to write out.
  const pairs = [...Array(40).keys()].map((i) => `h${chr(i)}h${chr(i)}\x86q${chr(i + 1)}`).join("");
  const [laughing, none] = [`K\x01\x85q\x00${pairs}`, { named: namedInWeights, persistent: () => undefined }];
  const unpickled = (program: string) => unpickle(Buffer.from(`\x80\x02${program}.`, "latin1"), 0, none).value;

  it("names nothing by a list, which may hold itself many times over", () => {
    const soon = performance.now();
    for (const dict of [`(${laughing}1}h(K\x01s`, `(${laughing}1}h(K\x01sK\x02K\x03s`]) {
      assert.throws(() => weightsIn(unpickled(dict)), /calls something by neither a text nor a number/);
    }
    assert.throws(() => unpickled(`(${laughing}1h(h(\x93`), /calls something by neither a text nor a number/);
    assert.ok(performance.now() - soon < 5000);
  });

  it("ends after some millions of steps, whatever they are", () => {
    const long = "]q\x01(" + "K\x01K\x02\x86".repeat(10_000) + "e";
    const handedOn = `ccollections\nOrderedDict\nq\x00${long}${"h\x00h\x01\x85R".repeat(10_000)}`;
    for (const program of ["]".repeat(3_000_000), handedOn]) {
      assert.throws(() => unpickled(program), /takes more than \d+ steps to read/);
    }
  });

  it("puts a tensor's numbers in a row when they are asked for, not all at once", () => {
    const side = 1000;
    const storage: Storage = { key: "0", type: 1, count: side ** 2, bytes: new Uint8Array(4 * side ** 2) };
    const turned = () => new PickledTensor({ storage, first: 0 }, 0, [side, side], [1, side]);
    const before = process.memoryUsage().arrayBuffers;
    const { tensors } = weightsIn(new Map([...Array(200).keys()].map((i) => [`w${i}`, turned()])));
    assert.ok(process.memoryUsage().arrayBuffers - before < 100e6);
    assert.equal(tensors.get("w7")!.floats().length, side ** 2);
    const one = new PickledTensor({ storage, first: 0 }, 0, [1], [1]);
    const many = new Map([...Array(50_001).keys()].map((i) => [`w${i}`, one]));
    assert.throws(() => weightsIn(many), /50001 tensors, and files of at most 50000/);
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
