import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { openNetwork } from "../../../../src/kernel-helpers/networks/open-network.js";
import { numbers, relativeDifference, runImported } from "../../../kernel-helpers/formats/run-imported.js";
import { writeTeachableMachine } from "../../../kernel-helpers/formats/tfjs/teachable-machine.js";
import { camlab } from "../../camlab.js";

const folder = mkdtempSync(join(tmpdir(), "camlab-convert-"));
const at = (name: string) => join(folder, name);
after(() => rmSync(folder, { recursive: true, force: true }));

interface Card {
  readonly classes?: readonly string[];
  readonly preprocessing: { readonly mean: readonly number[]; readonly fit: string };
}

describe("camlab convert", () => {
  test("Teachable Machine's download, as it is: its labels and how it is fed go into the card", async () => {
    const model = await writeTeachableMachine(folder);
    using own = await openNetwork(folder, { device: "cpu" });
    assert.deepEqual(own.classes, ["cat", "dog", "neither"]);
    const { code, stdout, stderr } = await camlab("convert", folder, "--out", at("mine.onnx"));
    assert.equal(code, 0, stderr);
    assert.match(
      stdout,
      /wrote .*mine\.onnx\ntakes \S+ N×3×32×32\ngives \S+ N×3\nwrote .*mine\.card\.json \(cover 32×32, RGB.*; 3 class names\)\n$/,
    );
    const card = JSON.parse(readFileSync(at("mine.card.json"), "utf8")) as Card;
    assert.deepEqual([card.classes, card.preprocessing.fit], [["cat", "dog", "neither"], "cover"]);
    const picture = numbers(3 * 32 * 32, "picture");
    const [before, now] = [
      await runImported(model, [1, 3, 32, 32], picture),
      await runImported(at("mine.onnx"), [1, 3, 32, 32], picture),
    ];
    assert.ok(relativeDifference(now, before) < 1e-6);
    using again = await openNetwork(at("mine.onnx"), { device: "cpu" });
    assert.deepEqual(
      [again.classes, again.preprocessing, again.head.form],
      [own.classes, own.preprocessing, own.head.form],
    );
  });

  test("a TFLite file, with names and means of one's own", async () => {
    writeFileSync(at("names.txt"), "a\nb\nc\nd\ne\n");
    const source = join("test", "fixtures", "formats", "tflite", "00", "net.tflite");
    const args = [
      "convert",
      source,
      "--out",
      at("lite.onnx"),
      "--classes",
      at("names.txt"),
      "--mean",
      "1,2,3",
      "--json",
    ];
    const { code, stdout, stderr } = await camlab(...args);
    assert.equal(code, 0, stderr);
    const { card } = JSON.parse(stdout) as { card: Card };
    assert.deepEqual(
      [card.classes, card.preprocessing.mean],
      [
        ["a", "b", "c", "d", "e"],
        [1, 2, 3],
      ],
    );
    const twice = await camlab(...args);
    assert.equal(twice.code, 1);
    assert.match(twice.stderr, /refused to overwrite .*lite\.card\.json: give another path, or force \(--force\)/);
    assert.equal((await camlab(...args, "--force")).code, 0);
  });

  test("what it cannot do is said: another ending, no network", async () => {
    const wrong = await camlab("convert", folder, "--out", at("mine.caffemodel"));
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /should end in \.onnx/);
    writeFileSync(at("photo.tflite"), "no network");
    const none = await camlab("convert", at("photo.tflite"), "--out", at("none.onnx"));
    assert.equal(none.code, 1);
    assert.match(none.stderr, /cannot open .*photo\.tflite/);
  });
});
