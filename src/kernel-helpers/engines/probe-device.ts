// Tries a device on a tiny network in a child process: a graphics driver that fails can take its process down, and
// only a fresh process shows which driver was really opened.
import { spawn } from "node:child_process";
import type { Device } from "./engine.js";
import { findOnnxRuntime } from "./load-onnxruntime.js";

/** What the trial of a device showed. */
export interface Probe {
  /** Whether the tiny network ran and gave the right numbers. */
  readonly works: boolean;
  /** Whether hardware is behind it, rather than a driver that computes on the CPU. */
  readonly hardware: boolean;
  /** The maker or model of the hardware, when known. */
  readonly adapter?: string;
  /** The software driver, when it is a known one. */
  readonly softwareName?: string;
  /** What went wrong, when it does not work. */
  readonly error?: string;
}

const probes = new Map<string, Promise<Probe>>();

/**
 * Tries a device, once a process: later calls return the first answer.
 *
 * ONNX Runtime does not say which adapter it took, so the child looks at itself. On Linux a real adapter keeps a
 * graphics device file open (/dev/dri/renderD*, /dev/nvidia*, /dev/dxg), a software driver none. Elsewhere ONNX Runtime's own list of
 * hardware (software adapters left out) must name a GPU.
 */
export function probeDevice(device: Device): Promise<Probe> {
  const key = [device, process.env.VK_DRIVER_FILES, process.env.VK_ICD_FILENAMES].join("\n");
  let probe = probes.get(key);
  if (!probe) probes.set(key, (probe = runProbe(device)));
  return probe;
}

/** y = x · x for a 4 × 4 matrix, as ONNX. */
const tinyModel =
  "CAgSBmNhbWxhYjpEChEKAXgKAXgSAXkiBk1hdE11bBIFcHJvYmVaEwoBeBIOCgwIARIICgIIBAoCCARiEwoBeRIOCgwIARIICgIIBAoCCARCBAoAEA0=";

/** Runs in the child, as CommonJS. Its last line on stdout is its answer. */
const childScript = `
const [ortPath, device, model] = process.argv.slice(1);
const fs = require("node:fs");
const ort = require(ortPath);
ort.env.logLevel = "info";
const list = (folder, read) => { try { return fs.readdirSync(folder).map(read); } catch { return []; } };
const follow = (fd) => { try { return fs.readlinkSync("/proc/self/fd/" + fd); } catch { return ""; } };
const readText = (file) => { try { return fs.readFileSync(file, "utf8"); } catch { return ""; } };
(async () => {
  const answer = {};
  try {
    const options = { executionProviders: [device], logSeverityLevel: 3 };
    const session = await ort.InferenceSession.create(Buffer.from(model, "base64"), options);
    const x = new ort.Tensor("float32", new Float32Array(16).fill(1), [4, 4]);
    const { y } = await session.run({ x });
    answer.right = y.data.every((value) => value === 4);
    answer.files = list("/proc/self/fd", follow).filter((file) => file.startsWith("/dev/"));
    answer.drivers = readText("/proc/self/maps").match(/libvk_swiftshader|libvulkan_lvp/g) || [];
    answer.nvidia = list("/proc/driver/nvidia/gpus", (id) => readText("/proc/driver/nvidia/gpus/" + id + "/information"));
  } catch (error) {
    answer.error = String(error && error.message);
  }
  fs.writeSync(1, "\\n" + JSON.stringify(answer) + "\\n");
  process.exit(0);
})();
`;

interface Answer {
  readonly right?: boolean;
  readonly files?: readonly string[];
  readonly drivers?: readonly string[];
  readonly nvidia?: readonly string[];
  readonly error?: string;
}

async function runProbe(device: Device): Promise<Probe> {
  const { main: ort } = findOnnxRuntime();
  const { stdout, stderr, end } = await runChild(["-e", childScript, ort, device, tinyModel]);
  const answer = answerIn(stdout);
  if (!answer) return { works: false, hardware: false, error: `the trial process ended with ${end}` };
  if (answer.error !== undefined) return { works: false, hardware: false, error: shorten(answer.error, stderr) };
  if (!answer.right) return { works: false, hardware: false, error: "the trial network gave wrong numbers" };
  const gpus = hardwareGpus(stderr);
  const files = answer.files ?? [];
  const hardware =
    device === "cuda" ||
    (process.platform === "linux"
      ? files.some((file) => /^\/dev\/(dri\/render|nvidia\d|dxg)/.test(file))
      : gpus.length > 0);
  return {
    works: true,
    hardware,
    adapter: nvidiaModel(answer) ?? gpus[0],
    softwareName: hardware ? undefined : softwareDriver(answer.drivers ?? []),
  };
}

function runChild(args: string[]): Promise<{ stdout: string; stderr: string; end: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, NODE_OPTIONS: "" },
      timeout: 30_000,
      windowsHide: true,
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.on("error", (error) => resolve({ stdout, stderr, end: error.message }));
    child.on("close", (code, signal) => resolve({ stdout, stderr, end: signal ?? `exit code ${code}` }));
  });
}

function answerIn(stdout: string): Answer | undefined {
  const last = stdout.trimEnd().split("\n").at(-1) ?? "";
  try {
    return JSON.parse(last) as Answer;
  } catch {
    return undefined;
  }
}

/** The GPUs in ONNX Runtime's list of hardware (type 1), by maker; Microsoft's own is its software renderer. */
function hardwareGpus(log: string): string[] {
  return [...log.matchAll(/OrtHardwareDevice \{vendor_id:(0x[0-9a-f]+),.*?vendor:(.*?), type:1\b/gi)]
    .filter(([, vendorId]) => vendorId !== "0x1414")
    .map(([, , vendor]) => vendor.trim() || "graphics card");
}

function nvidiaModel({ files = [], nvidia = [] }: Answer): string | undefined {
  if (!files.some((file) => file.startsWith("/dev/nvidia"))) return undefined;
  return /Model:\s*(.+)/.exec(nvidia[0] ?? "")?.[1].trim();
}

function softwareDriver(drivers: readonly string[]): string | undefined {
  if (drivers.includes("libvk_swiftshader")) return "SwiftShader, a software adapter";
  if (drivers.includes("libvulkan_lvp")) return "llvmpipe, a software adapter";
  return undefined;
}

function shorten(error: string, log: string): string {
  const text = error
    .replace(/^.*was false\. /s, "")
    .replace(/\s+/g, " ")
    .trim();
  const loader = /Failed to load library \S*?([^/\s]+) with error: (?:\S+: )?(.*)/.exec(log);
  return loader ? `${text} (${loader[1]}: ${loader[2].trim()})` : text;
}
