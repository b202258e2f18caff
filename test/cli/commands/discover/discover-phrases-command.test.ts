import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { camlab } from "../../camlab.js";

const temporary = mkdtempSync(join(tmpdir(), "camlab-discover-phrases-"));
after(() => rmSync(temporary, { recursive: true, force: true }));

test("discover phrases: drawn pictures, one JSON document with maps, a page; then the same as text", async () => {
  process.env.CAMLAB_CACHE = join(temporary, "cache");
  const out = join(temporary, "page");
  const flags = ["--network", "teaching", "--train", "40", "--test", "30", "--phrase", "person on the bench"];
  const { code, stdout, stderr } = await camlab("discover", "phrases", ...flags, "--json", "--out", out);
  assert.equal(code, 0, stderr);
  const { train, heldOut, phrases } = JSON.parse(stdout) as {
    train: number;
    heldOut: number;
    phrases: {
      text: string;
      rounds: { weights: number[]; negatives: number }[];
      located: { after: { map: { width: number; height: number; data: number[] } } }[];
    }[];
  };
  assert.deepEqual([train, heldOut, phrases.length, phrases[0].text], [40, 30, 1, "person on the bench"]);
  assert.equal(phrases[0].rounds[0].weights.length, 8);
  for (const { after: view } of phrases[0].located)
    assert.equal(view.map.data.length, view.map.width * view.map.height);
  assert.match(readFileSync(join(out, "index.html"), "utf8"), /Phrases in pictures/);
  const again = await camlab("discover", "phrases", ...flags);
  assert.match(again.stdout, /^40 images to learn from, 30 held out\nphrase .*\nperson on the bench {2}/);
});

test("discover phrases: sources that do not go together are wrong usage; a list without captions says so", async () => {
  for (const flags of [
    ["--coco", "x", "--csv", "y"],
    ["--coco-test", "x"],
    ["--images", "x"],
    ["--coco", "x", "--images-test", "y"],
  ]) {
    assert.equal((await camlab("discover", "phrases", ...flags)).code, 2, flags.join(" "));
  }
  const list = join(temporary, "captions.csv");
  writeFileSync(list, "image,caption\na.jpg,\n");
  const { code, stderr } = await camlab("discover", "phrases", "--csv", list, "--network", "teaching");
  assert.equal(code, 1);
  assert.match(stderr, /none of the 1 images has a caption/);
});
