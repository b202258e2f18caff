import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { build, type Format } from "esbuild";
import { CamlabError } from "../../../src/kernel-helpers/support/errors.js";
import { packageRoot, packageVersion, rootFrom } from "../../../src/kernel-helpers/support/package-root.js";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "camlab-root-")));
after(() => rmSync(folder, { recursive: true, force: true }));

test("is found from the source, and from a bundle beside which camlab is installed", () => {
  assert.equal(rootFrom(import.meta.url), packageRoot());
  assert.match(packageVersion(), /^\d+\.\d+\.\d+$/);
  const app = join(folder, "app");
  mkdirSync(join(app, "node_modules"), { recursive: true });
  mkdirSync(join(app, "dist"));
  symlinkSync(packageRoot(), join(app, "node_modules", "camlab"));
  assert.equal(rootFrom(pathToFileURL(join(app, "dist", "bundle.js")).href), packageRoot());
});

test("other packages on the way are passed over, damaged ones too", () => {
  mkdirSync(join(folder, "odd", "inner"), { recursive: true });
  writeFileSync(join(folder, "odd", "package.json"), "{");
  writeFileSync(join(folder, "odd", "inner", "package.json"), '{"name":"other"}');
  const before = process.cwd();
  process.chdir(folder);
  try {
    const url = pathToFileURL(join(folder, "odd", "inner", "x.js")).href;
    assert.throws(() => rootFrom(url), CamlabError);
    assert.throws(
      () => rootFrom(undefined),
      /camlab's own files .* were not found from .*: its code was put into a bundle/,
    );
  } finally {
    process.chdir(before);
  }
});

for (const format of ["esm", "cjs"] satisfies Format[]) {
  test(`code in a bundle (${format}) without camlab beside it ends with a sentence`, async () => {
    const outfile = join(folder, `bundle.${format === "esm" ? "mjs" : "cjs"}`);
    await build({
      stdin: {
        contents: `import { packageRoot } from "./package-root.ts";
          try { console.log(packageRoot()); } catch (error) { console.log(error.name, error.message); }`,
        resolveDir: join(packageRoot(), "src/kernel-helpers/support"),
        loader: "ts",
      },
      bundle: true,
      platform: "node",
      format,
      outfile,
      logLevel: "silent",
    });
    const printed = execFileSync(process.execPath, [outfile], { cwd: folder, encoding: "utf8", timeout: 20_000 });
    assert.match(printed, /^CamlabError camlab's own files .* --external:camlab/);
  });
}
