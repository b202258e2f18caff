import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { camlab } from "../../camlab.js";

const temporary = mkdtempSync(join(tmpdir(), "camlab-discover-fine-grained-"));
before(() => {
  process.env.CAMLAB_CACHE = join(temporary, "cache");
});
after(() => rmSync(temporary, { recursive: true, force: true }));

interface Report {
  readonly lines: { readonly method: string; readonly accuracy: { value: number }; readonly published: boolean }[];
  readonly full: { readonly train: number; readonly test: number };
  readonly regions: { readonly label: string; readonly split: string; readonly iou: number }[];
}

test("discover fine-grained: drawn birds, the paper's rows beside ours, regions and a page", async () => {
  const out = join(temporary, "page");
  const flags = ["discover", "fine-grained", "--train", "60", "--test", "30", "--json", "--out", out];
  const { code, stdout, stderr } = await camlab(...flags);
  assert.equal(code, 0, stderr);
  const { lines, full, regions } = JSON.parse(stdout) as Report;
  assert.deepEqual([full.train, full.test, regions.length], [60, 30, 90]);
  assert.deepEqual(
    lines.filter(({ published }) => !published).map(({ method }) => method.replace(/^.* on /, "")),
    ["full image", "crop from the SVM's own map", "ground-truth box"],
  );
  assert.ok(lines.every(({ accuracy }) => accuracy.value >= 0 && accuracy.value <= 1));
  assert.ok(regions.every(({ iou }) => iou >= 0 && iou <= 1));
  assert.ok(existsSync(join(out, "index.html")));
});

test("discover fine-grained: flags that do not belong together are told", async () => {
  const { code, stderr } = await camlab("discover", "fine-grained", "--per-class", "3");
  assert.equal(code, 2);
  assert.match(stderr, /--per-class belongs to --folders/);
});
