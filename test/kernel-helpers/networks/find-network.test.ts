import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { findNetwork } from "../../../src/kernel-helpers/networks/find-network.js";
import { userCacheFolder } from "../../../src/kernel-helpers/support/files/cache-folder.js";
import { listNetworks, networkFolders } from "../../../src/kernel-helpers/networks/network-folders.js";
import { CamlabError } from "../../../src/kernel-helpers/support/errors.js";

const folder = mkdtempSync(join(tmpdir(), "camlab-find-"));
after(() => rmSync(folder, { recursive: true }));

function put(...path: string[]): string {
  const file = join(folder, ...path);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, "");
  return file;
}

function refused(pattern: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof CamlabError && pattern.test(error.message);
}

test("a name is looked up in the given folder, $CAMLAB_MODELS, the cache folder and camlab's own, in that order", () => {
  const kept = { models: process.env.CAMLAB_MODELS, cache: process.env.XDG_CACHE_HOME };
  process.env.CAMLAB_MODELS = join(folder, "shared");
  process.env.XDG_CACHE_HOME = join(folder, "cache");
  try {
    const given = join(folder, "given");
    const folders = networkFolders(given);
    assert.deepEqual(folders.slice(0, 3), [given, join(folder, "shared"), join(userCacheFolder(), "camlab", "models")]);
    assert.equal(findNetwork("teaching").model, join(folders[3], "teaching", "model.onnx"));
    const inShared = put("shared", "teaching", "model.onnx");
    assert.equal(findNetwork("teaching").model, inShared);
    const inGiven = put("given", "teaching", "model.onnx");
    const card = put("given", "teaching", "card.json");
    assert.deepEqual(findNetwork("teaching", given), { name: "teaching", model: inGiven, card });
    assert.throws(() => findNetwork("mobilenet_v1_0.75_224"), refused(/does not fetch anything\. Put its model\.onnx/));
    put("shared", "mine", "model.onnx");
    assert.ok(listNetworks().some(({ name, folder: at }) => name === "mine" && at === join(folder, "shared", "mine")));
  } finally {
    restore("CAMLAB_MODELS", kept.models);
    restore("XDG_CACHE_HOME", kept.cache);
  }
});

test("the weights of a network with a card may lie elsewhere: the card is camlab's", () => {
  put("weights", "squeezenet_places365", "model.onnx");
  const found = findNetwork("squeezenet_places365", join(folder, "weights"));
  assert.match(found.card ?? "", /models.cards.squeezenet_places365\.json$/);
});

test("a path may be an .onnx file or a folder", () => {
  const model = put("paths", "resnet", "model.onnx");
  assert.deepEqual(findNetwork(model), { name: "resnet", model, card: undefined });
  assert.equal(findNetwork(join(folder, "paths", "resnet")).model, model);
  const other = put("paths", "other.onnx");
  assert.equal(findNetwork(other).name, "other");
});

test("a folder needs no ./ before it, and its only .onnx file no name", () => {
  const here = process.cwd();
  const model = put("bare", "export", "network.onnx");
  process.chdir(join(folder, "bare"));
  try {
    assert.equal(findNetwork("export").model, join("export", "network.onnx"));
    assert.equal(findNetwork("export").name, "network");
    put("bare", "teaching", "model.onnx");
    assert.notEqual(findNetwork("teaching").model, join("teaching", "model.onnx"));
    put("bare", "export", "other.onnx");
    assert.throws(() => findNetwork("export"), refused(/no model\.onnx, but network\.onnx, other\.onnx: name one/));
    assert.equal(findNetwork(model).model, model);
  } finally {
    process.chdir(here);
  }
});

test("what is not found says what is known, where it looked and what to do", () => {
  assert.throws(() => findNetwork("resnet5000"), refused(/no network is called "resnet5000".*teaching.*Looked in: /));
  assert.throws(() => findNetwork("nowhere/model.onnx"), refused(/no such file/));
  assert.throws(() => findNetwork(folder), refused(/holds no model\.onnx/));
  assert.throws(() => findNetwork("deploy.caffemodel"), refused(/deploy\.caffemodel: no such file/));
});

function restore(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}
