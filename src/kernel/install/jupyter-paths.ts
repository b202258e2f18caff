import { execFile } from "node:child_process";
import { accessSync, constants, readdirSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";

/** A Jupyter that was found on this machine. */
export interface FoundJupyter {
  /** The `jupyter` program. */
  readonly jupyter: string;
  /** The `jupyter-lab` program beside it, with its version, when JupyterLab is installed. */
  readonly lab?: { readonly path: string; readonly version: string };
}

/**
 * How a person without Jupyter gets it, in one line.
 *
 * @example
 * if (!notebook.findJupyter()) console.error(notebook.HOW_TO_GET_JUPYTER);
 */
export const HOW_TO_GET_JUPYTER =
  "JupyterLab was not found. To get it: python3 -m venv ~/.jupyter-venv && ~/.jupyter-venv/bin/pip install jupyterlab " +
  "(then set CAMLAB_JUPYTER=~/.jupyter-venv/bin)";

/**
 * Looks for Jupyter: in the folder that `CAMLAB_JUPYTER` names, in an activated virtual environment, then on the PATH.
 *
 * @returns undefined when there is none; {@link HOW_TO_GET_JUPYTER} says what to do
 * @example
 * const jupyter = await notebook.findJupyter();
 * console.log(jupyter?.lab?.version ?? notebook.HOW_TO_GET_JUPYTER);
 */
export async function findJupyter(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<FoundJupyter | undefined> {
  const folders = searchFolders(environment);
  const jupyter = executable("jupyter", folders);
  const labPath = executable("jupyter-lab", folders);
  const version = labPath && (installedVersion(labPath) ?? (await versionOf(labPath)));
  if (!jupyter && !labPath) return undefined;
  return { jupyter: jupyter ?? labPath!, ...(labPath && version ? { lab: { path: labPath, version } } : {}) };
}

/**
 * Where Jupyter keeps a user's data, by the rules that Jupyter itself follows; no Python is asked.
 *
 * @example
 * userDataFolder(); // "/home/ada/.local/share/jupyter"
 */
export function userDataFolder(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
  home = homedir(),
): string {
  if (environment.JUPYTER_DATA_DIR) return environment.JUPYTER_DATA_DIR;
  if (platform === "win32") return join(environment.APPDATA ?? join(home, "AppData", "Roaming"), "jupyter");
  if (platform === "darwin") return join(home, "Library", "Jupyter");
  return join(environment.XDG_DATA_HOME || join(home, ".local", "share"), "jupyter");
}

/**
 * The data folders that the given Jupyter searches for kernels, first ones first.
 *
 * @example
 * await jupyterDataFolders("/opt/venv/bin/jupyter");
 */
export async function jupyterDataFolders(jupyter: string): Promise<string[]> {
  try {
    const { stdout } = await promisify(execFile)(jupyter, ["--paths", "--json"], { timeout: 20_000 });
    return (JSON.parse(stdout) as { data: string[] }).data;
  } catch {
    return [];
  }
}

function searchFolders(environment: Readonly<Record<string, string | undefined>>): string[] {
  const programs = process.platform === "win32" ? "Scripts" : "bin";
  return [
    ...(environment.CAMLAB_JUPYTER ? [environment.CAMLAB_JUPYTER] : []),
    ...(environment.VIRTUAL_ENV ? [join(environment.VIRTUAL_ENV, programs)] : []),
    ...(environment.PATH ?? environment.Path ?? "").split(delimiter).filter(Boolean),
  ];
}

function executable(name: string, folders: readonly string[]): string | undefined {
  const names = process.platform === "win32" ? [`${name}.exe`] : [name];
  return folders.flatMap((folder) => names.map((file) => join(folder, file))).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The version of the one JupyterLab that is installed beside the program: starting it to ask takes seconds. */
function installedVersion(program: string): string | undefined {
  const prefix = dirname(dirname(realpathSync(program)));
  const pythons = entries(join(prefix, "lib")).filter((name) => /^python3[\d.]*$/.test(name));
  const versions = [...pythons.map((python) => join(prefix, "lib", python)), join(prefix, "Lib")]
    .flatMap((library) => ["site-packages", "dist-packages"].flatMap((packages) => entries(join(library, packages))))
    .flatMap((name) => /^jupyterlab-(\d[^-]*)\.dist-info$/.exec(name)?.[1] ?? []);
  return new Set(versions).size === 1 ? versions[0] : undefined;
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

async function versionOf(program: string): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(program, ["--version"], { timeout: 20_000 });
    return stdout.trim().split(/\s+/).at(-1);
  } catch {
    return undefined;
  }
}
