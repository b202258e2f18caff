import assert from "node:assert/strict";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { classesOf, namesOf } from "../../../../src/kernel-helpers/networks/class-names/classes-of.js";
import type { ReadCard } from "../../../../src/kernel-helpers/networks/read-card.js";
import { temporaryFile } from "../open-small.js";

function folder(name: string, files: Readonly<Record<string, string>>): string {
  const path = temporaryFile(name);
  mkdirSync(path, { recursive: true });
  for (const [file, text] of Object.entries({ "model.onnx": "", ...files })) writeFileSync(join(path, file), text);
  return path;
}

async function classes(at: string, count: number, given?: readonly string[] | string, card?: object) {
  const notes: string[] = [];
  const model = join(at, "model.onnx");
  const { names: found } = await namesOf({ name: "x", model }, { card: card as ReadCard | undefined, given });
  const names = classesOf(found, count, model, notes);
  return { names, notes };
}

test("names lie beside the model in any form; a background without a score is left out, and said", async () => {
  const at = folder("beside", { "labels.txt": "background\na\nb\n" });
  assert.deepEqual(await classes(at, 3), { names: ["background", "a", "b"], notes: [] });
  const { names, notes } = await classes(at, 2);
  assert.deepEqual(names, ["a", "b"]);
  assert.match(notes[0], /"background", was left out/);
  await assert.rejects(classes(at, 4), /3 names \(expected 4, .*may know a "background" beside them/);
});

test("a single score wants the name of one thing", async () => {
  await assert.rejects(
    classes(folder("one", {}), 1, ["no cat", "cat"]),
    /2 names \(expected 1, .*give the name of that/,
  );
  await assert.rejects(
    classes(folder("one", {}), 2, { 0: "a" } as unknown as string[]),
    /invalid classes: .*a list of names/,
  );
});

test("a card's file of names must not lead out of its folder by a link, but a hub's links are followed", async () => {
  const secret = folder("secret", { "names.txt": "a\nb" });
  const at = folder("linked", {});
  symlinkSync(join(secret, "names.txt"), join(at, "names.txt"));
  await assert.rejects(
    classes(at, 2, undefined, { classes: { file: "names.txt" } }),
    /leads out of the card's own folder/,
  );
  const blobs = folder("blobs", { "1": "", "2": "a\nb" });
  const snapshot = temporaryFile("snapshot");
  mkdirSync(snapshot);
  symlinkSync(join(blobs, "1"), join(snapshot, "model.onnx"));
  symlinkSync(join(blobs, "2"), join(snapshot, "names.txt"));
  const found = await classes(snapshot, 2, undefined, { classes: { file: "names.txt" } });
  assert.deepEqual(found.names, ["a", "b"]);
});
