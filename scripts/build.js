// Builds dist/: every source file transpiled twice (ES modules, CommonJS) in the shape of src/, with the type
// declarations beside both. File by file rather than bundled, so that stack traces and worker paths stay readable, but for
// what threads start with (scripts/workers.js); and the command line and the kernel once more as bundles, which start sooner
// (scripts/quick.js).
// The result replaces dist/ in one step at the end: a reader of dist/ never meets half a build.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { globSync } from "tinyglobby";
import { bundleQuick } from "./quick.js";
import { ARQUERO_TYPES, vendor } from "./vendor.js";
import { bundleWorkers } from "./workers.js";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const require = createRequire(import.meta.url);
const out = join(root, `.dist-${process.pid}`);

try {
  await transpile();
  declareTypes();
  copyAssets();
  await bundleQuick(out);
  await vendor(out);
  rmSync(join(root, "dist"), { recursive: true, force: true });
  renameSync(out, join(root, "dist"));
} finally {
  rmSync(out, { recursive: true, force: true });
}

async function transpile() {
  const common = {
    absWorkingDir: root,
    entryPoints: globSync("src/**/*.ts", { cwd: root }),
    outbase: "src",
    platform: "node",
    target: "node20.19",
    logLevel: "warning",
  };
  const commonJs = {
    format: "cjs",
    define: { "import.meta.url": "__moduleUrl" },
    banner: { js: 'const __moduleUrl = require("node:url").pathToFileURL(__filename).href;' },
  };
  await build({ ...common, outdir: join(out, "esm"), format: "esm" });
  await build({ ...common, outdir: join(out, "cjs"), ...commonJs });
  await bundleWorkers(common, join(out, "esm"), { format: "esm" });
  await bundleWorkers(common, join(out, "cjs"), commonJs);
  writeFileSync(join(out, "esm/package.json"), '{ "type": "module" }\n');
  writeFileSync(join(out, "cjs/package.json"), '{ "type": "commonjs" }\n');
}

function declareTypes() {
  const tsc = require.resolve("typescript/bin/tsc");
  execFileSync(process.execPath, [tsc, "-p", "tsconfig.build.json", "--outDir", join(out, "esm")], {
    cwd: root,
    stdio: "inherit",
  });
  for (const file of globSync("**/*.d.ts", { cwd: join(out, "esm") })) {
    takeVendoredTypes(join(out, "esm", file));
    copy(join(out, "esm", file), join(out, "cjs", file));
  }
}

function takeVendoredTypes(file) {
  const text = readFileSync(file, "utf8");
  const types = relative(dirname(file), join(out, ARQUERO_TYPES)).replaceAll("\\", "/");
  const mended = text.replaceAll('import("arquero")', `import("${types}")`);
  if (mended !== text) writeFileSync(file, mended);
}

function copyAssets() {
  for (const file of globSync("src/**/*.{json,wasm}", { cwd: root })) {
    copy(join(root, file), join(out, "esm", file.slice("src/".length)));
    copy(join(root, file), join(out, "cjs", file.slice("src/".length)));
  }
}

function copy(from, to) {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to);
}
