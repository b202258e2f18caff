import assert from "node:assert/strict";
import { test } from "node:test";
import { camlab } from "./camlab.js";

test("help and version are answered, and no command at all is help", async () => {
  const [help, nothing, version] = await Promise.all([camlab("--help"), camlab(), camlab("--version")]);
  assert.deepEqual([help.code, nothing.code, version.code], [0, 0, 0]);
  assert.match(help.stdout, /camlab look photo\.jpg/);
  assert.equal(nothing.stdout, help.stdout);
  assert.match(version.stdout, /^\d+\.\d+\.\d+\n$/);
});

test("wrong usage exits 2 and says what would be right", async () => {
  const cases: [string[], RegExp][] = [
    [["loook"], /Did you mean look/],
    [["look"], /missing required argument/],
    [["look", "x.jpg", "--top", "0"], /whole number of at least 1/],
    [["look", "x.jpg", "--threshold", "1.5"], /0 ≤ t < 1/],
    [["look", "x.jpg", "--box-rule", "mine"], /paper, authors/],
    [["look", "x.jpg", "--box-rule", "authors", "--threshold", "0.3"], /three thresholds of its own/],
    [["run", "x.ipynb", "--timeout", "3000000"], /at most 2147483 seconds/],
    [["look", "x.jpg", "--device", "tpu"], /auto, cpu, webgpu, cuda/],
  ];
  for (const [args, message] of cases) {
    const { code, stderr, stdout } = await camlab(...args);
    assert.equal(code, 2, args.join(" "));
    assert.match(stderr, message);
    assert.equal(stdout, "");
  }
});

test("doctor reports every device with a reason, as text and as JSON", async () => {
  const [text, json] = [await camlab("doctor"), await camlab("doctor", "--json")];
  assert.deepEqual([text.code, json.code], [0, 0]);
  assert.match(text.stdout, /cpu .*← auto|webgpu .*← auto|cuda .*← auto/);
  assert.match(text.stdout, /✔ ONNX Runtime 1\.\d+\.\d+ +for networks/);
  assert.match(text.stdout, /✔ TypeScript 5\.0\.4 +for notebooks, camlab's own copy/);
  const report = JSON.parse(json.stdout) as {
    devices: { device: string; reason: string; imagesPerSecond?: number }[];
    parts: { name: string; version?: string; problem?: string }[];
  };
  assert.deepEqual(
    report.parts.map(({ name, version, problem }) => [name, /^\d+\.\d+\.\d+/.test(version ?? ""), problem]),
    ["ONNX Runtime", "sharp", "zeromq", "TypeScript"].map((name) => [name, true, undefined]),
  );
  assert.deepEqual(report.devices.map(({ device }) => device).sort(), ["cpu", "cuda", "webgpu"]);
  for (const { reason } of report.devices) assert.ok(reason.length > 0);
  assert.ok(report.devices.find(({ device }) => device === "cpu")!.imagesPerSecond! > 0);
});
