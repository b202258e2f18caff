import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { swiftShaderEnvironment } from "../engines/swiftshader.js";

const environment = swiftShaderEnvironment();
const skip = environment || process.env.CI ? false : "no Chromium with SwiftShader, a software graphics driver, found";

test("a step on WebGPU gives the CPU's loss, gradients and statistics", { skip }, () => {
  assert.ok(environment, "Chromium's SwiftShader is needed here: install chromium");
  const script = fileURLToPath(new URL("step-on-devices.ts", import.meta.url));
  const env = { ...process.env, ...environment };
  const run = spawnSync(process.execPath, ["--import", "tsx", script], { env, encoding: "utf8", timeout: 180_000 });
  assert.equal(run.status, 0, run.stderr);
  const answer = JSON.parse(run.stdout.trimEnd().split("\n").at(-1) ?? "") as {
    backend: string;
    loss: number;
    apart: [string, number][];
    running: number[];
  };
  assert.equal(answer.backend, "onnxruntime webgpu");
  assert.ok(answer.loss < 1e-5, `the loss differs by ${answer.loss}`);
  for (const [name, difference] of answer.apart) assert.ok(difference < 1e-4, `${name} differs by ${difference}`);
  assert.equal(answer.running.length, 4);
  for (const difference of answer.running) assert.ok(difference < 1e-5);
});
