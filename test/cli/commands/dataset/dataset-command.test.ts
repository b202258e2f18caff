import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import sharp from "sharp";
import { camlab } from "../../camlab.js";

const temporary = mkdtempSync(join(tmpdir(), "camlab-dataset-"));
after(() => rmSync(temporary, { recursive: true, force: true }));

test("dataset make draws a part, info counts it, and making it again changes nothing", async () => {
  const folder = join(temporary, "scenes");
  const make = ["dataset", "make", "scenes", "--out", folder, "--train", "10", "--test", "10", "--json"];
  const made = await camlab(...make);
  assert.equal(made.code, 0, made.stderr);
  const info = JSON.parse(made.stdout) as { images: number; labels: { label: string; train: number; test: number }[] };
  assert.equal(info.images, 20);
  assert.deepEqual(
    info.labels.map(({ train, test }) => [train, test]),
    Array.from({ length: 10 }, () => [1, 1]),
  );
  assert.equal((await camlab(...make)).stdout, made.stdout);
  assert.match((await camlab("dataset", "info", folder)).stdout, /scenes, seed 0, 20 pictures/);
  const other = await camlab("dataset", "make", "birds", "--out", folder);
  assert.equal(other.code, 1);
});

test("dataset show draws a contact sheet; a part that does not exist is wrong usage", async () => {
  const sheet = join(temporary, "birds.jpg");
  assert.equal((await camlab("dataset", "show", "birds", "--out", sheet, "--count", "2", "--boxes")).code, 0);
  assert.equal((await sharp(sheet).metadata()).format, "jpeg");
  const wrong = await camlab("dataset", "show", "dragons", "--out", sheet);
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /objects, scenes/);
});
