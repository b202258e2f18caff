import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { convertNetwork } from "../../../src/kernel-helpers/networks/convert-network.js";
import { look } from "../../../src/kernel-helpers/networks/look.js";
import { openNetwork } from "../../../src/kernel-helpers/networks/open-network.js";
import { sha256OfFile } from "../../../src/kernel-helpers/support/hash.js";

const folder = mkdtempSync(join(tmpdir(), "camlab-convert-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);
const beach = fileURLToPath(new URL("../../../models/teaching/beach.png", import.meta.url));

test("what is written sees what was read, and its card knows the file", async () => {
  const written = await convertNetwork("teaching", at("new/copy.onnx"));
  assert.equal(written.card!.file, at("new/copy.card.json"));
  const card = JSON.parse(readFileSync(written.card!.file, "utf8")) as { hashes: object };
  assert.deepEqual(card.hashes, { "copy.onnx": await sha256OfFile(written.file) });
  using before = await openNetwork("teaching");
  using now = await openNetwork(written.file);
  const [old, copy] = [await look(before, beach), await look(now, beach)];
  assert.deepEqual(copy.logits, old.logits);
  assert.deepEqual(copy.top, old.top);
});

test("a card that is there stays, unless it is said otherwise", async () => {
  const out = at("kept.onnx");
  const { card } = await convertNetwork("teaching", out);
  const written = readFileSync(card!.file, "utf8");
  writeFileSync(card!.file, "{}");
  await assert.rejects(convertNetwork("teaching", out), /refused to overwrite .*kept\.card\.json.*--force/);
  assert.equal(readFileSync(card!.file, "utf8"), "{}");
  await convertNetwork("teaching", out, { force: true, classes: undefined });
  assert.equal(readFileSync(card!.file, "utf8"), written);
});

test("a network that is there stays, too", async () => {
  const out = at("own.onnx");
  writeFileSync(out, "mine");
  await assert.rejects(convertNetwork("teaching", out), /refused to overwrite .*own\.onnx: .*--force/);
  assert.equal(readFileSync(out, "utf8"), "mine");
  await convertNetwork("teaching", out, { force: true });
  assert.notEqual(readFileSync(out, "utf8"), "mine");
});

test("a card that cannot be written is said, and that the network is", async () => {
  mkdirSync(at("blocked.card.json"));
  const out = at("blocked.onnx");
  await assert.rejects(
    convertNetwork("teaching", out, { force: true }),
    /blocked\.onnx is written, but not its card: /,
  );
  assert.ok(existsSync(out));
});

test("a path that is no ONNX file's, and options that do not exist, are refused before anything is read", async () => {
  await assert.rejects(convertNetwork("nowhere", at("network.txt")), /invalid out: .*the path of an \.onnx file/);
  const misspelt = { clases: ["a"] } as object;
  await assert.rejects(convertNetwork("nowhere", at("a.onnx"), misspelt), /clases.*classes/);
});
