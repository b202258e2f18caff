import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { globSync } from "tinyglobby";

const dist = fileURLToPath(new URL("../../dist", import.meta.url));

test("what a thread starts with is one file, and what it imports later is there", () => {
  for (const format of ["esm", "cjs"]) {
    const workers = globSync("kernel-helpers/**/*-{worker,thread}.js", { cwd: join(dist, format) });
    assert.ok(workers.length >= 5, `${workers.length}`);
    let later = 0;
    for (const worker of workers) {
      const file = join(dist, format, worker);
      const text = readFileSync(file, "utf8");
      assert.doesNotMatch(text, /(\bfrom |^import |\brequire\()"\./m, worker);
      const places = [...text.matchAll(/(?:\bimport\(|new URL\()"(\.[^"]+\.js)"/g)].map(([, path]) => path);
      for (const path of places) assert.ok(existsSync(join(dirname(file), path)), `${worker}: ${path}`);
      later += places.length;
    }
    assert.ok(later > 0);
  }
});
