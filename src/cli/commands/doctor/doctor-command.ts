import { arch, cpus, platform, release, totalmem } from "node:os";
import { detectDevices, type DeviceCandidate } from "../../../kernel-helpers/engines/detect-devices.js";
import {
  describeTfjsBackends,
  type TfjsBackendReport,
} from "../../../kernel-helpers/engines/tfjs/describe-backends.js";
import { measureDevice } from "../../../kernel-helpers/engines/measure-device.js";
import { findNetwork } from "../../../kernel-helpers/networks/find-network.js";
import { DEFAULT_NETWORK } from "../../../kernel-helpers/networks/network-folders.js";
import { messageOf } from "../../../kernel-helpers/support/errors.js";
import { packageVersion } from "../../../kernel-helpers/support/package-root.js";
import { findJupyter, type FoundJupyter, HOW_TO_GET_JUPYTER } from "../../../kernel/install/jupyter-paths.js";
import { describeParts, type Part } from "./describe-parts.js";
import { findBrowser } from "./find-browser.js";
import { say } from "../../terminal.js";

interface MeasuredDevice extends DeviceCandidate {
  /** How fast the network runs there, decoding left out; absent for a device that cannot be used. */
  readonly imagesPerSecond?: number;
}

/**
 * `camlab doctor`: Node, the parts that are compiled for a system or that camlab brings copies of, every device candidate
 * with the reason why it can or cannot be used and its speed, Jupyter and a browser found or not.
 *
 * @returns 0, also when optional parts are missing
 */
export async function doctorCommand(flags: { readonly network?: string; readonly json?: boolean }): Promise<number> {
  const network = findNetwork(flags.network ?? DEFAULT_NETWORK);
  const parts = await describeParts();
  const devices: MeasuredDevice[] = [];
  const runtime = parts.find(({ name }) => name === "ONNX Runtime");
  const candidates = runtime?.problem === undefined ? await detectDevices() : [];
  for (const candidate of candidates) devices.push(await measured(candidate, network.model));
  const tfjs = await describeTfjsBackends();
  const [jupyter, browser] = [await findJupyter(), findBrowser()];
  const report = {
    camlab: packageVersion(),
    node: process.version,
    system: `${platform()} ${release()} ${arch()}`,
    processor: `${cpus().length} × ${cpus()[0]?.model.trim() ?? "unknown"}`,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    parts,
    network: network.name,
    devices,
    tfjs,
    jupyter: jupyter ?? null,
    browser: browser ?? null,
  };
  say(flags.json ? `${JSON.stringify(report, null, 2)}\n` : textOf(report));
  return 0;
}

async function measured(candidate: DeviceCandidate, model: string): Promise<MeasuredDevice> {
  if (!candidate.usable) return candidate;
  try {
    const { imagesPerSecond } = await measureDevice(model, candidate.device);
    return { ...candidate, imagesPerSecond };
  } catch (error) {
    return { ...candidate, usable: false, reason: messageOf(error) };
  }
}

function textOf(report: {
  camlab: string;
  node: string;
  system: string;
  processor: string;
  memoryGiB: number;
  parts: readonly Part[];
  network: string;
  devices: readonly MeasuredDevice[];
  tfjs: readonly TfjsBackendReport[];
  jupyter: FoundJupyter | null;
  browser: string | null;
}): string {
  const best = report.devices.find(({ usable, software }) => usable && !software);
  const lines = [
    `camlab ${report.camlab}, Node ${report.node}, ${report.system}`,
    `${report.processor}, ${report.memoryGiB} GiB of memory`,
    "",
    "Parts:",
    ...report.parts.map(
      ({ name, version = "", own, use, problem }) =>
        `  ${problem === undefined ? "✔" : "✘"} ${`${name} ${version}`.padEnd(22)}for ${use}` +
        `${own ? ", camlab's own copy" : ""}${problem === undefined ? "" : `: ${problem} (docs/install.md)`}`,
    ),
    "",
    `Devices (images a second through ${report.network}, decoding left out):`,
    ...report.devices.map(
      (device) =>
        `  ${device.usable ? "✔" : "✘"} ${device.device.padEnd(7)}` +
        `${device.imagesPerSecond === undefined ? "" : `${rate(device.imagesPerSecond)}/s  `}${device.reason}` +
        `${device === best ? "  ← auto" : ""}`,
    ),
    "",
    "TF.js backends (GFLOP/s of a 3×3 convolution):",
    ...report.tfjs.map(
      ({ device, usable, reason, gflops }) =>
        `  ${usable ? "✔" : "✘"} ${device.padEnd(14)}${gflops === undefined ? "" : `${gflops.toPrecision(2)}  `}${reason}`,
    ),
    "",
    `Jupyter: ${jupyterText(report.jupyter)}`,
    `Browser: ${report.browser ?? "not found; only tests need one (Debian: apt-get install chromium)"}`,
  ];
  return `${lines.join("\n")}\n`;
}

function rate(perSecond: number): string {
  return perSecond >= 100 ? perSecond.toFixed(0) : perSecond.toPrecision(2);
}

function jupyterText(jupyter: FoundJupyter | null): string {
  if (!jupyter?.lab) return jupyter ? `${jupyter.jupyter}, without JupyterLab` : HOW_TO_GET_JUPYTER;
  return `JupyterLab ${jupyter.lab.version} (${jupyter.lab.path})`;
}
