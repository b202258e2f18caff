// The package as npm packs it, unpacked in an empty folder beside its dependencies: the kernel must not need the
// repository.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { packageRoot } from "../../src/kernel-helpers/support/package-root.js";

const run = promisify(execFile);

describe("the packed package", { timeout: 300_000 }, () => {
  let folder: string;
  let installed: string;

  before(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), "camlab-packed-")));
    const { stdout } = await run("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", folder], {
      cwd: packageRoot(),
      maxBuffer: 1e8,
    });
    const [{ filename }] = JSON.parse(stdout) as { filename: string }[];
    await run("tar", ["xzf", join(folder, filename), "-C", folder]);
    installed = join(folder, "node_modules", "camlab");
    await mkdir(dirname(installed), { recursive: true });
    await cp(join(folder, "package"), installed, { recursive: true });
    // Its dependencies, and theirs, as `npm install` would lay them out.
    const modules = join(packageRoot(), "node_modules");
    for (const name of await readdir(modules)) {
      if (!name.startsWith(".") && name !== "camlab")
        await symlink(join(modules, name), join(folder, "node_modules", name));
    }
  });
  after(() => rm(folder, { recursive: true, force: true }));

  test("runs a notebook that imports camlab, with types, and registers its own kernel", async () => {
    const sources = [
      'import { CamlabError, openNetwork } from "camlab";\nimport { table } from "arquero";\ntable({ a: [1] })',
      "const network = await openNetwork();\nnetwork.classes.length > 0",
      "typeof new CamlabError('x').message",
    ];
    const cells = sources.map((source, i) => ({
      cell_type: "code",
      id: `c${i}`,
      metadata: {},
      source,
      outputs: [],
      execution_count: null,
    }));
    await writeFile(join(folder, "a.ipynb"), JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells }));
    const program = `
      const { runNotebook } = await import(${JSON.stringify(join(installed, "dist/esm/kernel/notebooks/run-notebook.js"))});
      const { installKernel } = await import(${JSON.stringify(join(installed, "dist/esm/kernel/install/install-kernel.js"))});
      const { notebook } = await runNotebook("a.ipynb", { html: "a.html" });
      const { program, problem } = await installKernel({ prefix: "prefix" });
      const last = notebook.cells.map((cell) => cell.outputs.at(-1).data["text/plain"]);
      console.log(JSON.stringify({ last: last.slice(1), program, problem }));`;
    const { stdout } = await run(process.execPath, ["--input-type=module", "-e", program], { cwd: folder });
    assert.deepEqual(JSON.parse(stdout), {
      last: ["true", "'string'"],
      program: join(installed, "bin/camlab-kernel.js"),
    });
    const spec = JSON.parse(
      await readFile(join(folder, "prefix/share/jupyter/kernels/camlab/kernel.json"), "utf8"),
    ) as { argv: string[] };
    assert.deepEqual(spec.argv, [process.execPath, join(installed, "bin/camlab-kernel.js"), "{connection_file}"]);
  });
});
