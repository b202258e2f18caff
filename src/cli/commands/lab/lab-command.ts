import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter } from "node:path";
import { CamlabError } from "../../../kernel-helpers/support/errors.js";
import { kernelJupyterPath } from "../../../kernel/install/install-kernel.js";
import { findJupyter, HOW_TO_GET_JUPYTER } from "../../../kernel/install/jupyter-paths.js";

/**
 * `camlab lab`: opens JupyterLab with the camlab kernel in place, nothing installed.
 *
 * @param folder where JupyterLab starts; `notebooks/` of the working directory, or the working directory itself, unless given
 * @returns JupyterLab's own exit code
 * @throws CamlabError when no JupyterLab is found; the message says how to get it
 */
export async function labCommand(folder: string | undefined, rest: readonly string[]): Promise<number> {
  const jupyter = await findJupyter();
  if (!jupyter?.lab) throw new CamlabError(HOW_TO_GET_JUPYTER);
  const start = folder ?? (existsSync("notebooks") ? "notebooks" : ".");
  const paths = [kernelJupyterPath(), process.env.JUPYTER_PATH].filter(Boolean).join(delimiter);
  const lab = spawn(jupyter.lab.path, [start, ...rest], {
    stdio: "inherit",
    env: { ...process.env, JUPYTER_PATH: paths },
  });
  const letLabDecide = () => undefined;
  process.on("SIGINT", letLabDecide);
  return new Promise((resolve, reject) => {
    lab.once("error", reject);
    lab.once("exit", (code) => {
      process.off("SIGINT", letLabDecide);
      resolve(code ?? 1);
    });
  });
}
