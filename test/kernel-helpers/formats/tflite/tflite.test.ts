import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { importGraph } from "../../../../src/kernel-helpers/formats/import-graph.js";
import { isSkipped, lookAtAll } from "../../../../src/kernel-helpers/networks/look-at-all.js";
import { openNetwork } from "../../../../src/kernel-helpers/networks/open-network.js";
import { readNpy } from "../../../../src/kernel-helpers/support/files/npy.js";
import { checkCuts, numbers, relativeDifference, runImported } from "../run-imported.js";

const golden = join("test", "fixtures", "formats", "tflite");
const folder = mkdtempSync(join(tmpdir(), "camlab-tflite-"));
after(() => rmSync(folder, { recursive: true, force: true }));

describe("TensorFlow Lite", () => {
  // Written by bench/formats/tflite.py, and by keras_models.py --lite with TensorFlow's converter; what is expected was
  // computed with Google's interpreter.
  for (const name of readdirSync(golden)) {
    test(`gives what its interpreter gives: ${name}`, async () => {
      const [input, expected] = await Promise.all(
        ["input", "expected"].map((each) => readNpy(join(golden, name, `${each}.npy`))),
      );
      const found = await runImported(join(golden, name, "net.tflite"), input.shape, input.data as Float32Array);
      assert.ok(relativeDifference(found, expected.data as Float32Array) < 1e-5);
    });
  }

  test("its content makes it one, not its name; a cut or changed file is refused in words", async () => {
    const whole = readFileSync(join(golden, readdirSync(golden)[0], "net.tflite"));
    await checkCuts(whole, join(folder, "network.bin"), 8, 40);
  });

  // Written by fixtures/make.py with the tools' own schema.
  test("what a file says of its pixels and its classes is taken", async () => {
    const at = join("test", "kernel-helpers", "formats", "tflite", "fixtures");
    const { preprocessing, classes, notes, graph } = await importGraph(join(at, "described.tflite"));
    assert.deepEqual(preprocessing, [
      {
        settings: { channelOrder: "RGB", mean: [123.5, 117, 104.25], std: [58, 57, 56] },
        from: "the file's metadata",
      },
    ]);
    const count = Number(graph.outputs[0].dims?.at(-1));
    assert.deepEqual(classes, {
      names: Array.from({ length: count }, (_, i) => `kind ${i}`),
      from: "labels.txt in the file",
    });
    assert.deepEqual(notes, []);
    const other = await importGraph(join(at, "mismatched.tflite"));
    assert.equal(other.classes, undefined);
    assert.match(other.notes.join(), new RegExp(`labels.txt in the file has ${count + 2} names for ${count} scores`));
    // A list that is gone is no reason not to open the network.
    const path = join(folder, "damaged.tflite");
    writeFileSync(path, readFileSync(join(at, "described.tflite")).subarray(0, -30));
    assert.match((await importGraph(path)).notes.join(), /the file's metadata were left out: .*cut off/);
  });
});

describe("real data: networks as published", { skip: !process.env.CAMLAB_REAL }, () => {
  const models = join(process.env.CAMLAB_REAL ?? "", "models");

  test("a quantised MobileNet v2 gives what its dequantised ONNX file gives", async () => {
    const data = numbers(3 * 224 * 224, "picture");
    const run = (path: string) => runImported(join(models, path), [1, 3, 224, 224], data);
    const [found, expected] = [
      await run("tflite/mobilenet_v2_1.0_224_quant.tflite"),
      await run("mobilenet_v2_coral/model.onnx"),
    ];
    assert.ok(relativeDifference(found, expected) < 1e-3);
  });

  test("class names that are packed into a file are found", async () => {
    using network = await openNetwork(join(models, "tflite/mobilenet_v2_1.0_224_quant.tflite"), { device: "cpu" });
    assert.equal(network.classes.length, 1001);
    assert.deepEqual(network.classes.slice(0, 2), ["background", "tench, Tinca tinca"]);
  });

  test("the TF.js MobileNet gives what its ONNX file gives", async () => {
    const data = numbers(3 * 224 * 224, "picture");
    const run = (path: string) => runImported(join(models, "mobilenet_v1_0.75_224", path), [1, 3, 224, 224], data);
    assert.ok(relativeDifference(await run("tfjs/model.json"), await run("model.onnx")) < 1e-5);
  });

  for (const [file, least] of [
    ["mobilenet_v1_0.75_192_quant", 20],
    ["tf2_mobilenet_v2_1.0_224_ptq", 20],
  ] as const) {
    test(`${file} opens with what its input says, and is right on most photographs`, async (t) => {
      const list = JSON.parse(readFileSync(join(models, "mobilenet_v1_0.75_224", "classes.json"), "utf8")) as {
        wnid: string;
      }[];
      const classes = ["background", ...list.map(({ wnid }) => wnid)];
      using network = await openNetwork(join(models, "tflite", `${file}.tflite`), { classes, device: "cpu" });
      const photos = join(process.env.CAMLAB_REAL ?? "", "data", "imagenet-photos");
      assert.ok(existsSync(photos));
      const pictures = readdirSync(photos)
        .filter((name) => /\.jpe?g$/i.test(name))
        .sort()
        .filter((_, i) => i % 4 === 0);
      let right = 0;
      for await (const seen of lookAtAll(
        network,
        pictures.map((name) => ({ file: join(photos, name) })),
      )) {
        if (!isSkipped(seen) && String(seen.picture.file).includes(`${seen.top[0].name}_`)) right++;
      }
      t.diagnostic(`${right} of ${pictures.length}`);
      assert.equal(pictures.length, 25);
      assert.ok(right >= least, `${right}`);
    });
  }
});
