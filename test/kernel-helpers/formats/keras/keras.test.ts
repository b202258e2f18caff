import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { importGraph } from "../../../../src/kernel-helpers/formats/import-graph.js";
import { readNpy } from "../../../../src/kernel-helpers/support/files/npy.js";
import { zipOf } from "../../datasets/packs/packs.js";
import { checkCuts, relativeDifference, runImported } from "../run-imported.js";

const golden = join("test", "fixtures", "formats", "keras");
const folder = mkdtempSync(join(tmpdir(), "camlab-keras-"));
after(() => rmSync(folder, { recursive: true, force: true }));

function modelIn(name: string): string {
  const file = readdirSync(join(golden, name)).find((each) => each.startsWith("net."))!;
  return join(golden, name, file);
}

/** A `.keras` archive of a description and weights. */
function archive(config: unknown, weights = readFileSync(modelIn("3-chain-1-h5"))): string {
  const path = join(folder, "model.keras");
  const files = [
    { name: "metadata.json", bytes: Buffer.from("{}") },
    { name: "config.json", bytes: Buffer.from(JSON.stringify(config)) },
    { name: "model.weights.h5", bytes: weights },
  ];
  writeFileSync(path, zipOf(files));
  return path;
}

describe("Keras", () => {
  // Written by bench/formats/keras_models.py: what is expected is what Keras predicted. 2 and 3 are Keras' versions.
  for (const name of readdirSync(golden)) {
    test(`gives what Keras predicts: ${name}`, async () => {
      const [input, expected] = await Promise.all(
        ["input", "expected"].map((each) => readNpy(join(golden, name, `${each}.npy`))),
      );
      const found = await runImported(modelIn(name), input.shape, input.data as Float32Array);
      assert.ok(relativeDifference(found, expected.data as Float32Array) < 1e-5);
    });
  }

  test("its content makes it one, not its name; a cut file is refused in words", async () => {
    for (const name of ["3-small-09-keras", "3-small-09-h5"])
      await checkCuts(readFileSync(modelIn(name)), join(folder, "network.bin"), 64, 30);
  });

  test("what is no network of known layers is refused by name: weights alone, a class of one's own, a program", async () => {
    const path = join(folder, "alone.h5");
    const whole = readFileSync(modelIn("3-chain-1-h5"));
    writeFileSync(path, Buffer.from(whole.toString("latin1").replaceAll("model_config", "model_konfig"), "latin1"));
    await assert.rejects(importGraph(path), /alone\.h5: it holds weights and no description.*model\.save/);
    const input = { class_name: "InputLayer", config: { name: "in", batch_shape: [null, 8, 8, 3] } };
    const sequential = (...layers: unknown[]) => ({ class_name: "Sequential", config: { layers: [input, ...layers] } });
    await assert.rejects(importGraph(archive({ class_name: "MyModel", config: {} })), /MyModel|no layers/);
    const lambda = { class_name: "Lambda", config: { name: "code", function: ["4wEAAAA=", null, null] } };
    await assert.rejects(importGraph(archive(sequential(lambda))), /"code" is of the class "Lambda"/);
    const conv = { class_name: "Conv2D", config: { name: "conv", filters: 4, kernel_size: [3, 3] } };
    await assert.rejects(importGraph(archive(sequential(conv))), /"conv" \(Conv2D\): the file has no weights "kernel"/);
  });

  test("what changes pictures at random while a network learns does nothing when it is used", async () => {
    const input = { class_name: "InputLayer", config: { name: "in", batch_shape: [null, 2, 2, 1] } };
    const layers = [
      "RandomFlip",
      "RandomRotation",
      "RandomZoom",
      "RandomTranslation",
      "RandomContrast",
      "RandomBrightness",
    ];
    const described = layers.map((each) => ({ class_name: each, config: { name: each, trainable: true } }));
    const path = archive({ class_name: "Sequential", config: { layers: [input, ...described] } });
    const found = await runImported(path, [1, 1, 2, 2], Float32Array.of(1, 2, 3, 4));
    assert.deepEqual([...found], [1, 2, 3, 4]);
  });

  test("arithmetic without a layer is not taken for a layer of the same name", async () => {
    const numbers = (args: unknown[], name: string, trainable: object) => ({
      class_name: "Multiply",
      name,
      config: { name, ...trainable },
      inbound_nodes: [{ args, kwargs: {} }],
    });
    const tensor = (layer: string) => ({ class_name: "__keras_tensor__", config: { keras_history: [layer, 0, 0] } });
    const model = (last: object) => ({
      class_name: "Functional",
      config: {
        name: "net",
        layers: [
          {
            class_name: "InputLayer",
            name: "in",
            config: { name: "in", batch_shape: [null, 2, 2, 1] },
            inbound_nodes: [],
          },
          last,
        ],
        input_layers: [["in", 0, 0]],
        output_layers: [["last", 0, 0]],
      },
    });
    const run = (last: object) => runImported(archive(model(last)), [1, 1, 2, 2], Float32Array.of(1, 2, 3, 4));
    assert.deepEqual([...(await run(numbers([tensor("in"), 0.5], "last", {})))], [0.5, 1, 1.5, 2]);
    assert.deepEqual(
      [...(await run(numbers([[tensor("in"), tensor("in")]], "last", { trainable: true })))],
      [1, 4, 9, 16],
    );
    const spatial = { ...numbers([tensor("in")], "last", {}), class_name: "SpatialDropout2D", module: "keras.layers" };
    assert.deepEqual([...(await run(spatial))], [1, 2, 3, 4]);
    await assert.rejects(
      run(numbers([tensor("in"), 0.5], "last", { trainable: true })),
      /"last" is called with a number/,
    );
  });
});
