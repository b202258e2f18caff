import { join } from "node:path";
import { printable } from "../../../kernel-helpers/support/escape.js";
import {
  installKernel,
  listKernels,
  uninstallKernel,
  type InstalledKernel,
} from "../../../kernel/install/install-kernel.js";
import { findJupyter, HOW_TO_GET_JUPYTER } from "../../../kernel/install/jupyter-paths.js";
import { UsageError } from "../../usage-error.js";
import { say } from "../../terminal.js";

/** Flags of `camlab kernel …`, as parsed. */
export interface KernelFlags {
  readonly user?: boolean;
  readonly prefix?: string;
  readonly json?: boolean;
}

/**
 * `camlab kernel install | uninstall | list`: the kernel's registration with Jupyter.
 *
 * @returns 0 when done, 1 when there was nothing to uninstall
 * @throws UsageError when two places are named
 */
export async function kernelCommand(action: "install" | "uninstall" | "list", flags: KernelFlags): Promise<number> {
  if (flags.user && flags.prefix !== undefined) throw new UsageError("--user and --prefix are two places: give one");
  if (action === "install") return install(flags);
  if (action === "uninstall") return uninstall(flags);
  return list(flags);
}

async function install({ json, ...place }: KernelFlags): Promise<number> {
  const kernel = await installKernel(place);
  if (json) print(JSON.stringify(kernel));
  else {
    print(`registered the camlab kernel in ${printable(kernel.folder)}`);
    if (kernel.problem) print(`but: ${printable(kernel.problem)}`);
    else if (kernel.onlyIn !== undefined) print(seenOnlyIn(kernel.onlyIn));
    if (!(await findJupyter())) print(HOW_TO_GET_JUPYTER);
  }
  return 0;
}

async function uninstall({ json, ...place }: KernelFlags): Promise<number> {
  const folder = await uninstallKernel(place);
  if (json) print(JSON.stringify({ removed: folder ?? null }));
  else print(folder === undefined ? "the camlab kernel is not registered there" : `removed ${printable(folder)}`);
  return folder === undefined ? 1 : 0;
}

async function list({ json, ...place }: KernelFlags): Promise<number> {
  const [kernels, jupyter] = [await listKernels(place), await findJupyter()];
  if (json) {
    print(JSON.stringify({ kernels, jupyter: jupyter ?? null }));
    return 0;
  }
  for (const kernel of kernels) print(describe(kernel));
  if (kernels.length === 0) print("the camlab kernel is not registered: camlab kernel install");
  print(jupyter ? `Jupyter: ${printable(jupyter.jupyter)}` : HOW_TO_GET_JUPYTER);
  return 0;
}

function describe({ folder, problem, onlyIn }: InstalledKernel): string {
  const state = problem ?? (onlyIn === undefined ? "ready" : `ready; ${seenOnlyIn(onlyIn)}`);
  return `${printable(folder)}  ${printable(state)}`;
}

function seenOnlyIn(prefix: string): string {
  const programs = process.platform === "win32" ? "Scripts" : "bin";
  return `only a Jupyter of that environment looks there: ${printable(join(prefix, programs, "jupyter"))} lab`;
}

function print(line: string): void {
  say(`${line}\n`);
}
