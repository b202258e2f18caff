import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { ESLint } from "eslint";
import { forbiddenImport } from "../../scripts/one-way-imports.js";

const src = join(import.meta.dirname, "../../src");
const file = (path: string) => join(src, path);

test("a folder imports from itself and from earlier folders only", () => {
  const may = (from: string, to: string) => forbiddenImport(file(from), file(to)) === undefined;
  assert.ok(may("kernel-helpers/cam/cam.ts", "kernel-helpers/images/box.js"));
  assert.ok(may("kernel-helpers/cam/cam.ts", "kernel-helpers/cam/heat-map.js"));
  assert.ok(may("widgets/cam-grid.ts", "kernel-helpers/boxes/iou.js"));
  assert.ok(may("cli/look.ts", "index.js"));
  assert.ok(may("index.ts", "widgets/cam-grid.js"));
  assert.ok(!may("kernel-helpers/images/box.ts", "kernel-helpers/cam/cam.js"));
  assert.ok(!may("kernel-helpers/cam/cam.ts", "widgets/cam-grid.js"));
  assert.ok(!may("kernel-helpers/cam/cam.ts", "index.js"));
  assert.ok(!may("kernel-helpers/cam/cam.ts", "kernel-helpers/elsewhere/file.js"));
});

test("the linter refuses a backward import, a default export and a heavy static import", async () => {
  const eslint = new ESLint({ cwd: join(src, "..") });
  const code = [
    `import { camGrid } from "../../widgets/cam-grid.js";`,
    `import sharp from "sharp";`,
    `export default [camGrid, sharp];`,
  ].join("\n");
  const [result] = await eslint.lintText(code, { filePath: file("kernel-helpers/support/errors.ts") });
  const rules = new Set(result?.messages.map((message) => message.ruleId));
  assert.ok(rules.has("camlab/one-way-imports"), [...rules].join());
  assert.ok(rules.has("@typescript-eslint/no-restricted-imports"), [...rules].join());
  assert.ok(rules.has("no-restricted-syntax"), [...rules].join());
});
