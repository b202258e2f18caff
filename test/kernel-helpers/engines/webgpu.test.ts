import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import type { DeviceCandidate } from "../../../src/kernel-helpers/engines/detect-devices.js";
import { swiftShaderEnvironment } from "./swiftshader.js";

const environment = swiftShaderEnvironment();
const skip = environment || process.env.CI ? false : "no Chromium with SwiftShader, a software graphics driver, found";

test("WebGPU gives the CPU's numbers, and auto leaves a software adapter alone", { skip }, () => {
  assert.ok(environment, "Chromium's SwiftShader is needed here: install chromium");
  const run = spawnSync(
    process.execPath,
    ["--import", "tsx", fileURLToPath(new URL("run-small-network.ts", import.meta.url)), "webgpu"],
    { env: { ...process.env, ...environment }, encoding: "utf8", timeout: 120_000 },
  );
  assert.equal(run.status, 0, run.stderr);
  const answer = JSON.parse(run.stdout.trimEnd().split("\n").at(-1) ?? "") as {
    device: string;
    deviceReason: string;
    maps: number[];
    logits: number[];
    candidates: DeviceCandidate[];
    auto: { device: string };
  };
  assert.equal(answer.device, "webgpu");
  const expected = JSON.parse(
    readFileSync(new URL("../../fixtures/engines/small-network.json", import.meta.url), "utf8"),
  ) as { maps: number[]; logits: number[] };
  for (const name of ["maps", "logits"] as const) {
    assert.equal(answer[name].length, expected[name].length);
    const worst = Math.max(...answer[name].map((value, i) => Math.abs(value - expected[name][i])));
    assert.ok(worst < 2e-5, `${name} differ by ${worst}`);
  }
  const webgpu = answer.candidates.find(({ device }) => device === "webgpu");
  assert.equal(webgpu?.usable, true);
  if (webgpu.software) {
    assert.match(webgpu.reason, /SwiftShader/);
    assert.notEqual(answer.auto.device, "webgpu");
  }
});
