// Run as a process of its own by tests, with the Vulkan driver that they choose: opens the small network on the device
// named by the first argument and prints what it computed, and what the devices look like, as JSON.
import { readFileSync, writeSync } from "node:fs";
import { detectDevices, chooseDevice } from "../../../src/kernel-helpers/engines/detect-devices.js";
import type { Device } from "../../../src/kernel-helpers/engines/engine.js";
import { createOnnxRuntimeEngine } from "../../../src/kernel-helpers/engines/onnxruntime.js";

const model = readFileSync(new URL("../../fixtures/engines/small-network.onnx", import.meta.url));
const engine = await createOnnxRuntimeEngine(model, { device: process.argv[2] as Device });
const data = Float32Array.from({ length: 2 * 3 * 16 * 24 }, (_, i) => Math.sin(0.37 * i));
const { maps, logits } = await engine.run({ image: { dims: [2, 3, 16, 24], data } });
const answer = {
  device: engine.device,
  deviceReason: engine.deviceReason,
  maps: [...maps.data],
  logits: [...logits.data],
  candidates: await detectDevices(),
  auto: await chooseDevice(),
};
engine.dispose();
writeSync(1, `\n${JSON.stringify(answer)}\n`);
