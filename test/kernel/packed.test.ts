// The package as npm packs it, installed by npm into an empty folder as a user would: only the npm registry is there (or
// npm's cache, which `npm ci` filled).
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, lstatSync, readdirSync } from "node:fs";
import { mkdtemp, readdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { typeErrors } from "../../scripts/check-types.js";
import { packageRoot } from "../../src/kernel-helpers/support/package-root.js";

const run = promisify(execFile);

/** As for a user: scripts of packages run, and what npm told this process does not travel. */
const environment = Object.fromEntries(
  Object.entries({
    ...process.env,
    npm_config_ignore_scripts: "false",
    // The one package with a script that fetches something (onnxruntime-node) would go through this.
    GLOBAL_AGENT_HTTPS_PROXY: "http://127.0.0.1:9",
  }).filter(
    ([name]) => name === "npm_config_ignore_scripts" || !/^npm_(?!config_(cache|registry|userconfig))/i.test(name),
  ),
);

describe("the packed package, installed by npm", { timeout: 900_000 }, () => {
  let folder: string;
  let installed: string;

  before(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), "camlab-packed-")));
    const { stdout } = await run("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", folder], {
      cwd: packageRoot(),
      maxBuffer: 1e8,
    });
    const [{ filename }] = JSON.parse(stdout) as { filename: string }[];
    await writeFile(join(folder, "package.json"), '{ "name": "mine", "private": true }');
    await run("npm", ["install", join(folder, filename), "--prefer-offline", "--no-audit", "--no-fund"], {
      cwd: folder,
      env: environment,
      maxBuffer: 1e8,
    });
    installed = join(folder, "node_modules", "camlab");
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const camlab = async (...args: string[]) => {
    const program = join(folder, "node_modules", ".bin", "camlab");
    return (await run(program, args, { cwd: folder, env: environment, maxBuffer: 1e8 })).stdout;
  };

  test("puts no compiler before the user's, fetches nothing, and is smaller than 300 MB", async () => {
    const programs = await readdir(join(folder, "node_modules", ".bin"));
    assert.ok(programs.includes("camlab"));
    for (const name of ["tsc", "tsserver", "tslab", "rollup"]) assert.ok(!programs.includes(name), name);
    for (const name of ["onnxruntime-node", "tslab", "typescript", "@tensorflow/tfjs-core"]) {
      assert.ok(!existsSync(join(folder, "node_modules", name)), name);
    }
    const megabytes = sizeOf(join(folder, "node_modules")) / 1e6;
    assert.ok(megabytes < 300, `${megabytes.toFixed(0)} MB`);
  });

  test("looks at a picture, on ONNX Runtime and on TF.js", async () => {
    const beach = join(installed, "models", "teaching", "beach.png");
    assert.match(JSON.stringify(JSON.parse(await camlab("look", beach, "--json"))), /beach\.png/);
    const program = `
      import { look, openNetwork } from "camlab";
      const scores = [];
      for (const options of [{}, { engine: "tfjs", device: "wasm" }, { engine: "tfjs", device: "cpu" }]) {
        const network = await openNetwork(undefined, options);
        scores.push((await look(network, ${JSON.stringify(beach)}, { top: 1 })).top[0].score);
      }
      console.log(JSON.stringify(scores));`;
    const { stdout } = await run(process.execPath, ["--input-type=module", "-e", program], {
      cwd: folder,
      env: environment,
    });
    const [reference, ...others] = JSON.parse(stdout) as number[];
    for (const score of others) assert.ok(Math.abs(score - reference) < 1e-3, stdout);
  });

  test("runs a notebook that imports camlab, arquero and tslab, with types, and registers its own kernel", async () => {
    const sources = [
      'import { CamlabError, openNetwork } from "camlab";\nimport { table } from "arquero";\ntable({ a: [1] })',
      'import { display } from "tslab";\nimport { readFileSync } from "node:fs";\nconst bytes: Buffer = readFileSync("a.ipynb");\ndisplay.markdown("**shown**");',
      "const network = await openNetwork();\nnetwork.classes.length > 0",
      "const wrong: number = new CamlabError('x').message",
    ];
    const cells = sources.map((source, i) => ({
      cell_type: "code",
      id: `c${i}`,
      metadata: { tags: i === 3 ? ["raises-exception"] : [] },
      source,
      outputs: [],
      execution_count: null,
    }));
    await writeFile(join(folder, "a.ipynb"), JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells }));
    await camlab("run", "a.ipynb", "--html", "a.html");
    const notebook = JSON.parse(await readFile(join(folder, "a.ipynb"), "utf8")) as {
      cells: { outputs: { data?: Record<string, string[]>; evalue?: string }[] }[];
    };
    const last = notebook.cells.map(({ outputs }) => outputs.at(-1));
    assert.match(last[0]?.data?.["text/html"].join("") ?? "", /<table>/);
    assert.deepEqual(last[1]?.data, { "text/markdown": ["**shown**"], "text/plain": ["[text/markdown]"] });
    assert.deepEqual(last[2]?.data?.["text/plain"], ["true"]);
    assert.match(last[3]?.evalue ?? "", /'string' is not assignable to type 'number'/);
    assert.match(await readFile(join(folder, "a.html"), "utf8"), /<table>/);

    await camlab("kernel", "install", "--prefix", "prefix");
    const spec = JSON.parse(
      await readFile(join(folder, "prefix/share/jupyter/kernels/camlab/kernel.json"), "utf8"),
    ) as { argv: string[] };
    assert.deepEqual(spec.argv, [process.execPath, join(installed, "bin/camlab-kernel.js"), "{connection_file}"]);
  });

  test("its types hold in every way of compiling, libraries checked too", () => {
    assert.deepEqual(typeErrors(folder, join(packageRoot(), "node_modules", "typescript", "bin", "tsc")), []);
  });

  test("its README and pages link to nothing that is not in it", async () => {
    const pages = readdirSync(installed, { recursive: true, encoding: "utf8" }).filter(
      (name) =>
        /^(README|docs\/.*|datasets\/.*|CONTRIBUTING|CHANGELOG)\.md$/.test(name.replaceAll("\\", "/")) ||
        name.endsWith("README.md"),
    );
    assert.ok(pages.includes("README.md") && pages.length > 10);
    const missing: string[] = [];
    for (const page of pages.filter(
      (name) => !name.includes("node_modules") && !name.startsWith(join("dist", "vendor")),
    )) {
      const text = await readFile(join(installed, page), "utf8");
      for (const [, address] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^(https?:|#)/.test(address)) continue;
        if (!existsSync(join(installed, dirname(page), address.replace(/#.*/, ""))))
          missing.push(`${page}: ${address}`);
      }
    }
    assert.deepEqual(missing, []);
  });
});

function sizeOf(path: string): number {
  const found = lstatSync(path);
  if (!found.isDirectory()) return found.size;
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}
