import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type * as OnnxRuntime from "onnxruntime-node";
import { CamlabError, messageOf } from "../support/errors.js";
import { packageRoot } from "../support/package-root.js";
import { writeWholeSync } from "../support/write-file.js";

/** Where ONNX Runtime is. */
export interface FoundOnnxRuntime {
  /** The file to load. */
  readonly main: string;
  /** Whether it is the copy that camlab brings: CPU and WebGPU, no CUDA. */
  readonly own: boolean;
}

let loading: Promise<typeof OnnxRuntime> | undefined;

/**
 * ONNX Runtime: the package onnxruntime-node where one of camlab's version or newer is installed, else camlab's own copy.
 *
 * @throws CamlabError when there is neither, or it does not load here
 */
export function loadOnnxRuntime(): Promise<typeof OnnxRuntime> {
  return (loading ??= Promise.resolve().then(load));
}

function load(): typeof OnnxRuntime {
  const { main, own } = findOnnxRuntime();
  try {
    return createRequire(main)(main) as typeof OnnxRuntime;
  } catch (error) {
    const what = own ? "camlab's copy of ONNX Runtime" : "onnxruntime-node";
    throw new CamlabError(`${what} (${main}) does not load here: ${messageOf(error)}`);
  }
}

/**
 * Looks for ONNX Runtime without loading it. camlab's copy is unpacked when it is first found on this system.
 *
 * @throws CamlabError when it is nowhere
 */
export function findOnnxRuntime(): FoundOnnxRuntime {
  const main = installedMain();
  if (main !== undefined) return { main, own: false };
  const copy = join(packageRoot(), "dist", "vendor", "onnxruntime-node");
  unpackOnnxRuntime(copy, process.platform, process.arch);
  return { main: join(copy, "dist", "index.js"), own: true };
}

/**
 * Unpacks the binaries of camlab's copy for one system, unless that is done already.
 *
 * @param copy the folder of the copy
 * @throws CamlabError when it holds none for that system, or its folder cannot be written
 */
export function unpackOnnxRuntime(copy: string, platform: string, architecture: string): void {
  const folder = join(copy, "bin", "napi-v6", platform, architecture);
  const otherwise = "npm install onnxruntime-node@1.30.0";
  if (!existsSync(folder)) {
    throw new CamlabError(
      `camlab brings no ONNX Runtime for ${platform}-${architecture}; where there is one: ${otherwise}`,
    );
  }
  for (const packed of readdirSync(folder).filter((name) => name.endsWith(".gz"))) {
    const file = join(folder, packed.slice(0, -".gz".length));
    if (existsSync(file)) continue;
    try {
      writeWholeSync(file, gunzipSync(readFileSync(join(folder, packed))), { mode: 0o755 });
    } catch (error) {
      throw new CamlabError(
        `cannot unpack ONNX Runtime in ${folder}: ${messageOf(error)}. ` +
          `Run camlab once as somebody who may write there, or: ${otherwise}`,
      );
    }
  }
}

/** The main file of onnxruntime-node, if one of 1.30 or newer is installed beside camlab. */
function installedMain(): string | undefined {
  try {
    const require = createRequire(import.meta.url);
    const { version } = require("onnxruntime-node/package.json") as { version: string };
    const [major, minor] = version.split(".").map(Number);
    return major === 1 && minor >= 30 ? require.resolve("onnxruntime-node") : undefined;
  } catch {
    return undefined;
  }
}
