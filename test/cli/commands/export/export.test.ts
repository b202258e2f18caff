import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { encodePng } from "../../../../src/kernel-helpers/images/files/encode.js";
import { look } from "../../../../src/kernel-helpers/networks/look.js";
import { openNetwork } from "../../../../src/kernel-helpers/networks/open-network.js";
import { loadLinearSvm } from "../../../../src/kernel-helpers/svm/linear-svm-file.js";
import { temporaryFolder } from "../../../kernel-helpers/features/photos.js";
import { draw } from "../../../kernel-helpers/images/pictures.js";
import { relativeError } from "../../../kernel-helpers/cam/export/compare.js";
import { beach, camlab } from "../../camlab.js";

const folder = temporaryFolder();
const at = (name: string) => join(folder, name);

async function done(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await camlab(...args);
  assert.equal(code, 0, stderr);
  return stdout;
}

describe("camlab export", () => {
  before(async () => {
    process.env.CAMLAB_CACHE = at("cache");
    for (const [label, colour] of [
      ["red", [230, 30, 30]],
      ["blue", [30, 30, 230]],
    ] as const) {
      mkdirSync(at(`photos/${label}`), { recursive: true });
      for (let i = 0; i < 6; i++) {
        const inside = (x: number, y: number) => x >= 4 + 3 * i && x < 30 + 3 * i && y >= 10 && y < 40;
        const picture = draw(64, 64, (x, y) => (inside(x, y) ? colour : [120, 120, 120]));
        writeFileSync(at(`photos/${label}/${i}.png`), await encodePng(picture));
      }
    }
  });
  after(() => {
    delete process.env.CAMLAB_CACHE;
    rmSync(folder, { recursive: true, force: true });
  });

  test("a network, with maps of some classes", async () => {
    const text = await done("export", "teaching", "--out", at("teaching.onnx"), "--classes", "sun", "0", "--heat");
    assert.match(text, /^wrote .*teaching\.onnx \(\d+\.\d MB\)\ntakes \S+ N×3×\d+×\d+\ngives scores N×\d+, maps N×2×/);
    using own = await openNetwork("teaching", { device: "cpu" });
    using again = await openNetwork(at("teaching.onnx"), { device: "cpu" });
    assert.deepEqual([again.classes, again.preprocessing], [own.classes, own.preprocessing]);
    const [first, second] = [await look(own, beach), await look(again, beach)];
    assert.ok(relativeError(second.logits, first.logits) < 1e-5);
  });

  test("a probe: its decision values and maps, in a file that opens as a network", async () => {
    await done("features", at("photos"), "--folders", "--network", "teaching", "--out", at("features.arrow"));
    await done("probe", "train", "--features", at("features.arrow"), "--out", at("probe.json"));
    const report = JSON.parse(await done("export", at("probe.json"), "-o", at("probe.onnx"), "--pixels", "--json")) as {
      inputs: { name: string; type: string }[];
      outputs: { name: string; dims: (string | number)[] }[];
      classes: string[];
      maps: string[];
      network: string;
    };
    assert.deepEqual([report.classes, report.maps, report.network], [["blue", "red"], ["blue", "red"], "teaching"]);
    assert.deepEqual(
      report.inputs.map(({ name, type }) => [name, type]),
      [["pixels", "uint8"]],
    );
    assert.deepEqual(
      report.outputs.map(({ name, dims }) => [name, dims.slice(0, 2)]),
      [
        ["scores", ["N", 2]],
        ["maps", ["N", 2]],
      ],
    );
    using own = await openNetwork("teaching", { device: "cpu" });
    using again = await openNetwork(at("probe.onnx"), { device: "cpu" });
    const svm = await loadLinearSvm(at("probe.json"));
    const photo = at("photos/red/2.png");
    const { classes } = svm.predict(await look(own, photo));
    const seen = await look(again, photo);
    assert.equal(seen.top[0].name, classes[0].label);
    assert.ok(
      relativeError(
        seen.top.map(({ score }) => score),
        classes.map(({ score }) => score),
      ) < 1e-5,
    );
  });

  test("what is wrong is said, and nothing is left behind", async () => {
    const before = readdirSync(folder);
    for (const [args, code, message] of [
      [
        ["teaching", "--out", at("a.onnx"), "--classes", "red bal"],
        2,
        /no class is named "red bal"; near it: "red ball"/,
      ],
      [["teaching", "--out", at("a.txt")], 2, /should end in \.onnx/],
      [["teaching", "--out", at("nowhere/a.onnx")], 1, /cannot write .*a\.onnx: its folder does not exist/],
      [["nothing", "--out", at("a.onnx")], 1, /no network is called "nothing"/],
      [[at("missing.json"), "--out", at("a.onnx")], 1, /cannot read an SVM from .*missing\.json/],
      [["teaching", "--network", "teaching", "--out", at("a.onnx")], 2, /--network belongs to a probe/],
      [
        [at("probe.json"), "--network", "objects-gap", "--out", at("a.onnx")],
        1,
        /the probe was trained on features of/,
      ],
      [["teaching"], 2, /required option '-o, --out <file>'/],
    ] as const) {
      const result = await camlab("export", ...args);
      assert.equal(result.code, code, result.stderr);
      assert.match(result.stderr, message);
    }
    assert.deepEqual(readdirSync(folder), before);
    assert.ok(!existsSync(at("a.onnx")));
  });
});
