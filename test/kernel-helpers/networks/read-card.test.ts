import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { checkPreprocessing } from "../../../src/kernel-helpers/images/input/check-preprocessing.js";
import { checkedBytes, readCard } from "../../../src/kernel-helpers/networks/read-card.js";
import { packageRoot } from "../../../src/kernel-helpers/support/package-root.js";

const folder = mkdtempSync(join(tmpdir(), "camlab-card-"));
after(() => rmSync(folder, { recursive: true }));

function json(name: string, value: unknown): string {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify(value));
  return file;
}

test("every card that camlab keeps can be read, and its preprocessing is sound", async () => {
  const cards = join(packageRoot(), "models", "cards");
  const files = readdirSync(cards).map((file) => join(cards, file));
  assert.ok(files.length >= 2);
  const beside = ["teaching", "objects-gap"].map((name) => join(packageRoot(), "models", name, "card.json"));
  for (const file of [...files, ...beside]) {
    const card = await readCard(file);
    checkPreprocessing(card.preprocessing);
    assert.match(card.hashes["model.onnx"], /^[0-9a-f]{64}$/);
  }
});

test("a card with a field missing names the field, a file with another hash is refused", async () => {
  const card = { name: "x", title: "x", licence: "x", origin: "x", preprocessing: {}, classes: ["a"], hashes: {} };
  await assert.doesNotReject(readCard(json("card.json", card)));
  const least = await readCard(json("short.card.json", { preprocessing: {} }));
  assert.deepEqual([least.name, least.title, least.licence, least.hashes], ["short", "short", "not stated", {}]);
  await assert.rejects(readCard(json("none.json", { name: "x" })), /preprocessing should be an object/);
  await assert.rejects(readCard(folder), /it is no file/);
  await assert.rejects(readCard(json("card.json", { ...card, title: 3 })), /title should be a text/);
  await assert.rejects(readCard(json("card.json", { ...card, classes: "a" })), /classes should be a list of names/);
  await assert.rejects(
    readCard(json("card.json", { ...card, hashes: { "model.onnx": 5 } })),
    /hashes\["model\.onnx"\] should be/,
  );
  for (const file of ["../../etc/passwd", "/etc/passwd", "below/../../names", "..\\names", "C:\\names", ""]) {
    const pattern = /classes\.file should be a file in the card's own folder/;
    await assert.rejects(readCard(json("card.json", { ...card, classes: { file } })), pattern);
  }
  await assert.doesNotReject(readCard(json("card.json", { ...card, classes: { file: "below/names..json" } })));
  writeFileSync(join(folder, "marked.json"), `\uFEFF${JSON.stringify(card)}`);
  assert.equal((await readCard(join(folder, "marked.json"))).title, "x");
  writeFileSync(join(folder, "abc"), "abc");
  // The SHA-256 of "abc" in FIPS 180-2's example.
  await checkedBytes(join(folder, "abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  await assert.rejects(checkedBytes(join(folder, "abc"), "00"), /not the file that its card describes/);
});

test("what suits the network in tasks of discovery is checked, field by field", async () => {
  const withTasks = (tasks: unknown) => readCard(json("tasks.json", { preprocessing: {}, tasks }));
  const tasks = {
    scenes: { size: 240, hot: 0, rivals: false },
    text: { size: { width: 640, height: 480 } },
    units: {},
  };
  assert.deepEqual((await withTasks(tasks)).tasks, tasks);
  for (const [wrong, says] of [
    [3, /tasks\.json: invalid options of tasks: 3/],
    [{ scene: {} }, /tasks has no option "scene", did you mean "scenes"\?/],
    [{ text: { hot: 0.2 } }, /tasks\.text has no option "hot"/],
    [{ text: { size: 0 } }, /invalid tasks\.text\.size: 0 \(expected a whole number from 1 to 4096\)/],
    [{ text: { size: { width: 2.5, height: 3 } } }, /invalid tasks\.text\.size\.width: 2\.5/],
    [{ scenes: { rivals: 1 } }, /invalid tasks\.scenes\.rivals: 1 \(expected true or false\)/],
    [{ scenes: { hot: 1 } }, /invalid tasks\.scenes\.hot: 1 \(expected 0 ≤ h < 1\)/],
  ] as const) {
    await assert.rejects(withTasks(wrong), says);
  }
});
