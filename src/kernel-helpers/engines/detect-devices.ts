// Which devices ONNX Runtime can use here, and why the others not.
import { existsSync, readdirSync } from "node:fs";
import { cpus } from "node:os";
import { dirname, join } from "node:path";
import { CamlabError } from "../support/errors.js";
import type { Device } from "./engine.js";
import { findOnnxRuntime } from "./load-onnxruntime.js";
import { probeDevice, type Probe } from "./probe-device.js";

/** A device that ONNX Runtime might use, and whether it can. */
export interface DeviceCandidate {
  readonly device: Device;
  /** Whether a network runs on it. True of a software adapter too. */
  readonly usable: boolean;
  /** Whether it is a software adapter: it gives the right numbers, slower than the CPU code. `auto` never takes it. */
  readonly software: boolean;
  /** Why, for people; for a missing device also how to get it. */
  readonly reason: string;
}

/**
 * Every device candidate of this machine, best first, each tried on a tiny network in a process of its own (a graphics
 * driver that fails can take its process down). Takes about a second.
 *
 * @example
 * for (const { device, usable, reason } of await engines.detectDevices()) console.log(device, usable, reason);
 */
export async function detectDevices(): Promise<DeviceCandidate[]> {
  const [cuda, webgpu] = await Promise.all([candidateCuda(), candidateWebgpu()]);
  return [cuda, webgpu, candidateCpu()];
}

/**
 * The device that `auto` stands for: CUDA, then WebGPU, then the CPU; the first that is real and works.
 *
 * @returns the device, and the reason with what was wrong with the better ones
 */
export async function chooseDevice(): Promise<{ device: Device; reason: string }> {
  const cuda = await candidateCuda();
  if (cuda.usable) return cuda;
  const webgpu = gpuFilesMissing() ? unusable("webgpu", noGpu) : await candidateWebgpu();
  if (webgpu.usable && !webgpu.software) return webgpu;
  const whyNotCuda = cudaInstalled() ? cuda.reason : "not installed";
  return { device: "cpu", reason: `${candidateCpu().reason} (WebGPU: ${webgpu.reason}; CUDA: ${whyNotCuda})` };
}

/**
 * Why a device that was asked for by name is used, with a word of warning when it is a software adapter.
 *
 * @throws CamlabError when it is known to be missing
 */
export function reasonWhenAskedFor(device: Device): string {
  if (device === "cuda" && !cudaInstalled()) throw new CamlabError(howToGet("cuda"));
  if (device === "webgpu" && gpuFilesMissing()) return "asked for; no graphics card here, so a software adapter";
  return "asked for";
}

/** What to do when a device was asked for and is missing. */
export function howToGet(device: Device): string {
  if (device === "webgpu") {
    return `WebGPU is not available: ${needsGraphics}. Run "camlab doctor" to see what was found, or use device "cpu"`;
  }
  if (device === "cuda") return `CUDA is not available: ${installCuda()}`;
  return "the CPU is always available";
}

function candidateCpu(): DeviceCandidate {
  const model = cpus()[0]?.model.trim() || "processor";
  return { device: "cpu", usable: true, software: false, reason: `${cpus().length} × ${model}` };
}

async function candidateCuda(): Promise<DeviceCandidate> {
  if (!cudaInstalled()) return unusable("cuda", installCuda());
  const probe = await probeDevice("cuda");
  return probe.works
    ? { device: "cuda", usable: true, software: false, reason: probe.adapter ?? "CUDA" }
    : unusable("cuda", `${probe.error}; it needs an NVIDIA driver, CUDA 12 and cuDNN 9 where the loader finds them`);
}

async function candidateWebgpu(): Promise<DeviceCandidate> {
  const probe = await probeDevice("webgpu");
  if (!probe.works) return unusable("webgpu", `${probe.error}; ${needsGraphics}`);
  return { device: "webgpu", usable: true, software: isSoftware(probe), reason: describeAdapter(probe) };
}

function describeAdapter(probe: Probe): string {
  if (!isSoftware(probe)) return probe.adapter ?? "graphics card";
  return `${probe.softwareName ?? "a software adapter"}: no graphics card behind it, right numbers but slower than the CPU`;
}

function isSoftware(probe: Probe): boolean {
  return !probe.hardware;
}

function unusable(device: Device, reason: string): DeviceCandidate {
  return { device, usable: false, software: false, reason };
}

const needsGraphics = "it needs a graphics card and its driver (on Linux a Vulkan driver: Mesa's, or NVIDIA's own)";

const noGpu = "no graphics card found (no /dev/dri/renderD*, /dev/nvidia* or /dev/dxg)";

/** On Linux a graphics card has a device file; elsewhere only a trial can tell. */
function gpuFilesMissing(): boolean {
  if (process.platform !== "linux") return false;
  const has = (folder: string, pattern: RegExp) =>
    existsSync(folder) && readdirSync(folder).some((name) => pattern.test(name));
  return !has("/dev/dri", /^renderD/) && !has("/dev", /^(nvidia\d|dxg$)/);
}

function installCuda(): string {
  if (process.platform !== "linux" || process.arch !== "x64") {
    return "ONNX Runtime's Node package offers CUDA on Linux x64 only; use WebGPU here";
  }
  if (findOnnxRuntime().own) {
    return (
      "camlab's own copy of ONNX Runtime has none of it. With an NVIDIA driver, CUDA 12 and cuDNN 9 on the machine, " +
      'install the package that has: "npm install onnxruntime-node@1.30.0 --onnxruntime-node-install=cuda12"'
    );
  }
  return (
    "its libraries are not installed. With an NVIDIA driver, CUDA 12 and cuDNN 9 on the machine, fetch them once with " +
    '"npm rebuild onnxruntime-node --ignore-scripts=false --onnxruntime-node-install=cuda12"'
  );
}

function cudaInstalled(): boolean {
  const { main } = findOnnxRuntime();
  const binaries = join(dirname(main), "../bin/napi-v6", process.platform, process.arch);
  return existsSync(join(binaries, "libonnxruntime_providers_cuda.so"));
}
