// Where figures were measured.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";

/** The commit, with "+" when source files differ from it; "unknown" outside a repository. */
export function commitMeasured(): string {
  try {
    const git = (...args: string[]) => execFileSync("git", args, { encoding: "utf8" }).trim();
    const changed = git("status", "--porcelain", "--", "src", "models", "bench/embedded");
    return git("rev-parse", "--short", "HEAD") + (changed ? "+" : "");
  } catch {
    return "unknown";
  }
}

/** Versions of what computes. */
export function versionsMeasured(): string {
  const version = (name: string) =>
    (JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")) as { version: string }).version;
  const own = (JSON.parse(readFileSync("package.json", "utf8")) as { version: string }).version;
  return `camlab ${own}, Node ${process.versions.node}, ONNX Runtime ${version("onnxruntime-node")}, sharp ${version("sharp")}`;
}

/** The machine in words. */
export function machineMeasured(): string {
  const cores = cpus();
  return `${cores.length} × ${cores[0]?.model.trim() ?? "unknown processor"}, ${Math.round(totalmem() / 2 ** 30)} GiB`;
}
