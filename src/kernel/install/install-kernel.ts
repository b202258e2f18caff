import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { makeFolder } from "../../kernel-helpers/support/make-folder.js";
import { CamlabError, messageOf } from "../../kernel-helpers/support/errors.js";
import { packageRoot } from "../../kernel-helpers/support/package-root.js";
import { writeWhole } from "../../kernel-helpers/support/write-file.js";
import { findJupyter, jupyterDataFolders, userDataFolder } from "./jupyter-paths.js";
import { forgetPrefix, knownPrefixes, rememberPrefix } from "./known-prefixes.js";

/** Where the kernel is registered: for the user (unless said otherwise), or below a prefix. */
export interface KernelPlace {
  /** In the user's own Jupyter data folder. */
  readonly user?: boolean;
  /** In `<prefix>/share/jupyter`, such as a virtual environment's folder. */
  readonly prefix?: string;
  /** In the environment of the Jupyter that is found (its `sys.prefix`). */
  readonly sysPrefix?: boolean;
}

/** A registration of the camlab kernel. */
export interface InstalledKernel {
  /** The folder that holds `kernel.json`. */
  readonly folder: string;
  /** The kernel program that it starts. */
  readonly program: string;
  /** Why it would not start, when it would not. */
  readonly problem?: string;
  /** The prefix of the only Jupyter that looks there, when that is not the Jupyter that is found. */
  readonly onlyIn?: string;
}

const NAME = "camlab";
const AGAIN = "run `camlab kernel install` again";

/**
 * Registers the camlab kernel with Jupyter: writes `kernels/camlab/kernel.json` with the absolute paths of this Node
 * and of this package. Run it again after moving or updating either.
 *
 * @throws CamlabError when the folder cannot be written, or no Jupyter is found for `sysPrefix`
 * @example
 * await notebook.installKernel({ prefix: "/opt/venv" });
 */
export async function installKernel(place: KernelPlace = {}): Promise<InstalledKernel> {
  const folder = join(await dataFolder(place), "kernels", NAME);
  const spec = JSON.parse(await readFile(join(registrationFolder(), "kernel.json"), "utf8")) as { argv: string[] };
  const argv = [process.execPath, kernelProgram(), "{connection_file}"];
  try {
    await makeFolder(folder);
    await writeWhole(join(folder, "kernel.json"), `${JSON.stringify({ ...spec, argv }, null, 2)}\n`);
  } catch (error) {
    throw new CamlabError(`cannot register the kernel in ${folder}: ${messageOf(error)}`);
  }
  if (place.prefix !== undefined) await rememberPrefix(place.prefix);
  const installed = (await listKernels(place)).find((kernel) => kernel.folder === folder);
  return installed ?? { folder, program: kernelProgram() };
}

/**
 * Removes the registration that `installKernel` wrote for the same place.
 *
 * @returns the folder that was removed, or undefined when there was none
 * @example
 * await notebook.uninstallKernel();
 */
export async function uninstallKernel(place: KernelPlace = {}): Promise<string | undefined> {
  const folder = join(await dataFolder(place), "kernels", NAME);
  if (place.prefix !== undefined) await forgetPrefix(place.prefix);
  if (!existsSync(join(folder, "kernel.json"))) return undefined;
  await rm(folder, { recursive: true });
  return folder;
}

/**
 * Every registration of the camlab kernel: those that Jupyter would see, first the one that it would use, then those
 * below prefixes that this user registered the kernel below, which only the Jupyter there sees.
 *
 * @param place.prefix is looked at first
 * @example
 * for (const { folder, problem } of await notebook.listKernels()) console.log(folder, problem ?? "ready");
 */
export async function listKernels(place: KernelPlace = {}): Promise<InstalledKernel[]> {
  const jupyter = await findJupyter();
  const fromEnvironment = (process.env.JUPYTER_PATH ?? "").split(process.platform === "win32" ? ";" : ":");
  const seen = [
    ...fromEnvironment.filter(Boolean),
    userDataFolder(),
    ...(jupyter ? await jupyterDataFolders(jupyter.jupyter) : []),
  ];
  const asked = place.prefix === undefined ? [] : [resolve(place.prefix)];
  const places = new Map<string, string | undefined>();
  for (const prefix of asked) places.set(join(prefix, "share", "jupyter"), prefix);
  for (const folder of seen) places.set(folder, undefined);
  for (const prefix of await knownPrefixes()) {
    const folder = join(prefix, "share", "jupyter");
    if (!places.has(folder)) places.set(folder, prefix);
  }
  const found = [...places].map(async ([folder, onlyIn]) => {
    const kernel = await inspectFolder(join(folder, "kernels", NAME));
    return kernel && onlyIn !== undefined ? { ...kernel, onlyIn } : kernel;
  });
  return (await Promise.all(found)).filter((kernel) => kernel !== undefined);
}

/**
 * The `JUPYTER_PATH` under which Jupyter finds this package's kernel without installing it.
 *
 * @example
 * spawn("jupyter-lab", { env: { ...process.env, JUPYTER_PATH: kernelJupyterPath() } });
 */
export function kernelJupyterPath(): string {
  return join(packageRoot(), "jupyter");
}

/** The program that Jupyter starts. */
function kernelProgram(): string {
  return join(packageRoot(), "bin", "camlab-kernel.js");
}

function registrationFolder(): string {
  return join(kernelJupyterPath(), "kernels", NAME);
}

async function dataFolder({ prefix, sysPrefix }: KernelPlace): Promise<string> {
  if (prefix !== undefined) return join(resolve(prefix), "share", "jupyter");
  if (!sysPrefix) return userDataFolder();
  const jupyter = await findJupyter();
  if (!jupyter) throw new CamlabError("no Jupyter was found, so there is no environment to register the kernel in");
  return join(resolve(jupyter.jupyter, "..", ".."), "share", "jupyter");
}

async function inspectFolder(folder: string): Promise<InstalledKernel | undefined> {
  let argv: unknown;
  try {
    argv = (JSON.parse(await readFile(join(folder, "kernel.json"), "utf8")) as { argv?: unknown } | null)?.argv;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    return { folder, program: "", problem: `its kernel.json cannot be read (${messageOf(error)}): ${AGAIN}` };
  }
  if (!Array.isArray(argv) || argv.length < 2 || !argv.every((each) => typeof each === "string")) {
    return { folder, program: "", problem: `its kernel.json does not say what to start: ${AGAIN}` };
  }
  const program = resolve(argv[1].replace("{resource_dir}", folder));
  const missing = [...(argv[0] === "node" ? [] : [argv[0]]), program].find((file) => !existsSync(file));
  if (missing) return { folder, program, problem: `${missing} is gone: ${AGAIN}` };
  if (!existsSync(join(program, "..", "..", "dist", "esm", "kernel", "start-kernel.js"))) {
    return { folder, program, problem: "the package is not built: run `npm run build` in it" };
  }
  return { folder, program };
}
