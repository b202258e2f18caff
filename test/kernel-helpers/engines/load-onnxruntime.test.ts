// camlab's own copy of ONNX Runtime. Needs a built dist/.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, describe, test } from "node:test";
import { findOnnxRuntime, unpackOnnxRuntime } from "../../../src/kernel-helpers/engines/load-onnxruntime.js";
import { packageRoot } from "../../../src/kernel-helpers/support/package-root.js";

const vendored = join(packageRoot(), "dist", "vendor", "onnxruntime-node");
const original = dirname(createRequire(import.meta.url).resolve("onnxruntime-node/package.json"));
const folder = mkdtempSync(join(tmpdir(), "camlab-ort-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** A package that holds one packed file. */
function copyOf(system: string, packed: Uint8Array): string {
  const copy = mkdtempSync(join(folder, "copy-"));
  mkdirSync(join(copy, "bin/napi-v6", system), { recursive: true });
  writeFileSync(join(copy, "bin/napi-v6", system, "library.so.gz"), packed);
  return copy;
}

describe("ONNX Runtime", () => {
  test("is the installed package where there is one", () => {
    assert.deepEqual(findOnnxRuntime(), { main: join(original, "dist", "index.js"), own: false });
  });

  test(
    "camlab's copy for Linux x64 runs as it lies",
    { skip: process.platform !== "linux" || process.arch !== "x64" },
    () => {
      const program = `
      const { InferenceSession, listSupportedBackends } = require(${JSON.stringify(vendored)});
      console.log(typeof InferenceSession.create, listSupportedBackends().map(({ name }) => name).join());`;
      const printed = execFileSync(process.execPath, ["-e", program], { encoding: "utf8" });
      assert.match(printed, /^function cpu,webgpu/);
    },
  );

  for (const system of ["linux/arm64", "darwin/arm64", "win32/x64"]) {
    test(`camlab's copy for ${system} unpacks to the package's own files`, () => {
      const copy = join(folder, system);
      cpSync(join(vendored, "bin/napi-v6", system), join(copy, "bin/napi-v6", system), { recursive: true });
      unpackOnnxRuntime(copy, ...(system.split("/") as [string, string]));
      const names = readdirSync(join(copy, "bin/napi-v6", system)).filter((name) => !name.endsWith(".gz"));
      assert.ok(names.includes("onnxruntime_binding.node") && names.length >= 2);
      for (const name of names) {
        const [ours, theirs] = [copy, original].map((each) => readFileSync(join(each, "bin/napi-v6", system, name)));
        assert.ok(ours.equals(theirs), name);
      }
      // What the binding asks for is there.
      const binding = readFileSync(join(copy, "bin/napi-v6", system, "onnxruntime_binding.node"), "latin1");
      const libraries = binding.match(/(?<![\w.])(?:lib)?onnxruntime(?:\.[\w.]+)?(?:\.dylib|\.dll|\.so\.1)/g);
      assert.ok(libraries);
      for (const library of libraries) {
        assert.ok(names.includes(library), `${library} of ${names.join()}`);
      }
    });
  }

  test("says what to do where there is no copy, or it cannot be unpacked", () => {
    assert.throws(
      () => unpackOnnxRuntime(vendored, "sunos", "x64"),
      /no ONNX Runtime for sunos-x64.*npm install onnxruntime-node/,
    );
    const copy = copyOf("linux/arm64", Buffer.from("not packed"));
    assert.throws(
      () => unpackOnnxRuntime(copy, "linux", "arm64"),
      /cannot unpack ONNX Runtime in .*: incorrect header check/,
    );
    assert.deepEqual(readdirSync(join(copy, "bin/napi-v6/linux/arm64")), ["library.so.gz"]);
  });
});
