import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { findOnnxRuntime, loadOnnxRuntime } from "../../../kernel-helpers/engines/load-onnxruntime.js";
import { messageOf } from "../../../kernel-helpers/support/errors.js";
import { typescriptVersion } from "../../../kernel/compiler/typescript.js";

/** A part of camlab that is compiled for a system, or that it brings a copy of. */
export interface Part {
  readonly name: string;
  /** What it is for. */
  readonly use: string;
  /** Absent when it was not found. */
  readonly version?: string;
  /** Whether it is the copy that camlab brings, rather than a package beside it. */
  readonly own: boolean;
  /** Why it does not load here, when it does not. */
  readonly problem?: string;
}

/** The parts of camlab, each loaded. */
export async function describeParts(): Promise<Part[]> {
  return [
    await part("ONNX Runtime", "networks", () => {
      const { main, own } = findOnnxRuntime();
      return { own, version: versionIn(join(dirname(main), "..")), load: loadOnnxRuntime };
    }),
    await part("sharp", "pictures", () => installed("sharp", () => import("sharp"))),
    await part("zeromq", "notebooks", () => installed("zeromq", () => import("zeromq"))),
    await part("TypeScript", "notebooks", () => ({
      own: true,
      version: typescriptVersion(),
      load: () => Promise.resolve(),
    })),
  ];
}

interface Found {
  readonly own: boolean;
  readonly version: string;
  readonly load: () => Promise<unknown>;
}

async function part(name: string, use: string, find: () => Found): Promise<Part> {
  let found: Found | undefined;
  try {
    found = find();
    await found.load();
    return { name, use, version: found.version, own: found.own };
  } catch (error) {
    const problem = messageOf(error).split("\n", 1)[0];
    return { name, use, ...(found && { version: found.version }), own: found?.own ?? false, problem };
  }
}

function installed(name: string, load: () => Promise<unknown>): Found {
  let folder = dirname(createRequire(import.meta.url).resolve(name));
  while (nameIn(folder) !== name) folder = dirname(folder);
  return { own: false, version: versionIn(folder), load };
}

function nameIn(folder: string): string | undefined {
  if (dirname(folder) === folder) throw new Error("its package.json was not found");
  try {
    return packageIn(folder).name;
  } catch {
    return undefined;
  }
}

function versionIn(folder: string): string {
  return packageIn(folder).version;
}

function packageIn(folder: string): { name: string; version: string } {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { name: string; version: string };
}
