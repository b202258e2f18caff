// The Python that tests use, with a package: that of CAMLAB_JUPYTER, else of the PATH. In CI its absence is a failure.
import { spawnSync } from "node:child_process";
import { join } from "node:path";

/** The interpreter, or why the tests that need the package are skipped. */
export function pythonWith(name: string): { readonly python: string; readonly skip: string | false } {
  const python = process.env.CAMLAB_JUPYTER ? join(process.env.CAMLAB_JUPYTER, "python") : "python3";
  const { status } = spawnSync(python, ["-c", `import ${name}`], { stdio: "ignore" });
  if (status === 0) return { python, skip: false };
  const reason = `no ${name} in ${python}: pip install -r test/kernel/requirements.txt, and CAMLAB_JUPYTER to its bin folder`;
  if (process.env.CI) throw new Error(reason);
  console.log(`skipped: ${reason}`);
  return { python, skip: reason };
}
