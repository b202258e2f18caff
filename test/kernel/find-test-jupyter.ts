// The Jupyter that tests use: the folder of programs in CAMLAB_JUPYTER, else the PATH. In CI its absence is a failure.
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** The path of a Jupyter program (`jupyter-lab`, `python`), or why the tests that need it are skipped. */
export function testJupyter(program: string): { path: string; skip: false } | { path: string; skip: string } {
  const folders = process.env.CAMLAB_JUPYTER ? [process.env.CAMLAB_JUPYTER] : (process.env.PATH ?? "").split(delimiter);
  for (const folder of folders) {
    const path = join(folder, program);
    try {
      accessSync(path, constants.X_OK);
      return { path, skip: false };
    } catch {
      continue;
    }
  }
  const reason = `no ${program} in ${process.env.CAMLAB_JUPYTER ?? "PATH"}: set CAMLAB_JUPYTER to the bin folder of a Jupyter`;
  if (process.env.CI) throw new Error(reason);
  console.log(`skipped: ${reason}`);
  return { path: program, skip: reason };
}
