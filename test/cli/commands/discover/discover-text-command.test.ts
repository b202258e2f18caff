import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { camlab } from "../../camlab.js";

const temporary = mkdtempSync(join(tmpdir(), "camlab-discover-text-"));
after(() => rmSync(temporary, { recursive: true, force: true }));

test("discover text: drawn streets, one JSON document with maps, a page, a detector", async () => {
  process.env.CAMLAB_CACHE = join(temporary, "cache");
  const [out, model] = [join(temporary, "page"), join(temporary, "text.json")];
  const flags = ["--network", "teaching", "--train", "12", "--test", "8", "--json", "--out", out, "--model", model];
  const { code, stdout, stderr } = await camlab("discover", "text", ...flags);
  assert.equal(code, 0, stderr);
  const { scores, views, train } = JSON.parse(stdout) as {
    scores: { images: number; withText: number; averagePrecision: { value: number } };
    views: { label: string; score: number; map: { width: number; data: number[] }; words: unknown[] }[];
    train: Record<string, number>;
  };
  assert.deepEqual(train, { text: 6, "no text": 6 });
  assert.deepEqual([scores.images, scores.withText, views.length], [8, 4, 8]);
  for (const { map, label, words } of views) {
    assert.equal(map.data.length, map.width ** 2);
    assert.equal(words.length > 0, label === "text");
  }
  assert.match(readFileSync(join(out, "index.html"), "utf8"), /Finding text/);
  assert.ok(existsSync(model));
  const again = await camlab("discover", "text", ...flags.slice(0, 6));
  assert.match(again.stdout, /trained on 6 pictures with text and 6 without; judged on 4 and 4\naverage precision/);
});

test("discover text: the embedded network is shown drawn letters larger, unless told otherwise", async () => {
  const flags = ["discover", "text", "--train", "4", "--test", "4", "--json"];
  const widthsOf = async (...more: string[]) => {
    const { views } = JSON.parse((await camlab(...flags, ...more)).stdout) as { views: { map: { width: number } }[] };
    return new Set(views.map(({ map }) => map.width));
  };
  assert.deepEqual(await widthsOf(), new Set([28]));
  assert.deepEqual(await widthsOf("--size", "168"), new Set([14]));
  assert.deepEqual(await widthsOf("--size", "168", "--zoom", "2"), new Set([28]));
  const { stdout } = await camlab(...flags.slice(0, 6), "--size", "168", "--zoom", "2");
  assert.match(
    stdout,
    /words' area under the boxes .*\nwords half under the boxes .*\nmaps are joined from 2 × 2 parts of each picture\n/,
  );
});

test("discover text: sources that do not go together are wrong usage", async () => {
  for (const flags of [
    ["--trap", "--icdar", "x"],
    ["--against", "x"],
    ["--icdar", "x", "--svt", "y"],
    ["--maps", "own2"],
    ["--zoom", "0"],
  ]) {
    assert.equal((await camlab("discover", "text", ...flags)).code, 2, flags.join(" "));
  }
  const gone = await camlab("discover", "text", "--icdar", join(temporary, "gone"), "--network", "teaching");
  assert.equal(gone.code, 1);
  assert.match(gone.stderr, /cannot read .*gone: there is no such file or folder/);
});
