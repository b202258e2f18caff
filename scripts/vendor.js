// Copies into dist/vendor/ what a package cannot take from its dependencies as they are, so that installing camlab runs no
// script and puts no other compiler before the user's:
// - tslab and its TypeScript: as dependencies they would put `tslab`, and a `tsc` of version 5.0, into the user's .bin;
// - ONNX Runtime (CPU and WebGPU): the install script of onnxruntime-node fetches CUDA on Linux, and fails without
//   internet. Linux x64 lies ready; other systems' binaries are packed, and unpacked where they are first used.
// - Arquero's types, mended: as they are no program that checks its libraries (skipLibCheck: false) can name them.
// - the parts of TF.js that camlab uses: a hundredth of its packages, which hold every build of it several times.
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { describe, place } from "./vendor/place.js";
import { vendorTypeScript } from "./vendor/typescript.js";

const require = createRequire(import.meta.url);
const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** @param {string} out the folder that becomes dist/ */
export async function vendor(out) {
  const folder = join(out, "vendor");
  const tslab = createRequire(require.resolve("tslab/package.json"));
  const typescript = dirname(tslab.resolve("@tslab/typescript-for-tslab/package.json"));
  await vendorTypeScript(typescript, join(folder, "typescript"));
  await vendorTslab(join(folder, "tslab"));
  vendorOnnxRuntime(join(folder, "onnxruntime-node"));
  await vendorTfjs(join(folder, "tfjs"));
  vendorArqueroTypes(join(folder, "arquero"));
}

/** The types that declarations take from here instead of from `import("arquero")`; a path below dist/. */
export const ARQUERO_TYPES = "vendor/arquero/types/index.js";

/** The parts of tslab that the kernel uses, in one file; its TypeScript stays beside it. */
async function vendorTslab(to) {
  const from = dirname(require.resolve("tslab/package.json"));
  await build({
    stdin: {
      contents: `
        export const converter = require("./dist/converter.js");
        export const inspect = require("./dist/inspect.js");
        export const metadata = require("./dist/metadata.js");
        export const jupyter = require("./dist/jupyter.js");
        export const main = require("./dist/public.js");`,
      resolveDir: from,
    },
    outfile: join(to, "dist", "parts.js"),
    bundle: true,
    platform: "node",
    target: "node20.19",
    format: "cjs",
    external: ["zeromq"],
    logLevel: "warning",
    plugins: [
      {
        name: "typescript-beside",
        setup: ({ onResolve }) =>
          onResolve({ filter: /^@tslab\/typescript-for-tslab$/ }, () => ({ path: "../../typescript", external: true })),
      },
    ],
  });
  for (const name of ["LICENSE", join("dist", "public.d.ts")]) place(join(from, name), join(to, name));
  describe(from, to, { main: "dist/parts.js", types: "dist/public.d.ts" });
}

function vendorOnnxRuntime(to) {
  const from = dirname(require.resolve("onnxruntime-node/package.json"));
  const { version } = JSON.parse(readFileSync(join(from, "package.json"), "utf8"));
  for (const name of readdirSync(join(from, "dist")).filter((file) => file.endsWith(".js"))) {
    place(join(from, "dist", name), join(to, "dist", name));
  }
  for (const [system, names] of Object.entries(BINARIES)) {
    for (const name of names) {
      const binary = join("bin", "napi-v6", system, name);
      if (system === "linux/x64") place(join(from, binary), join(to, binary));
      else place(packed(join(from, binary), `onnxruntime-${version}`, system, name), join(to, `${binary}.gz`));
    }
  }
  place(join(from, "README.md"), join(to, "README.md"));
  describe(from, to, { main: "dist/index.js" });
}

/** What ONNX Runtime loads on each system; the package holds some libraries twice, under two names. */
const BINARIES = {
  "linux/x64": ["onnxruntime_binding.node", "libonnxruntime.so.1"],
  "linux/arm64": ["onnxruntime_binding.node", "libonnxruntime.so.1"],
  "darwin/arm64": ["onnxruntime_binding.node", "libonnxruntime.1.dylib"],
  "win32/x64": ["onnxruntime_binding.node", "onnxruntime.dll", "DirectML.dll", "dxcompiler.dll", "dxil.dll"],
};

/** A file in packed form. Packing takes seconds, so what was packed before is kept. */
function packed(file, ...key) {
  const kept = `${join(root, "node_modules", ".cache", "camlab", ...key)}.gz`;
  if (!existsSync(kept)) {
    mkdirSync(dirname(kept), { recursive: true });
    const unfinished = `${kept}.${process.pid}`;
    writeFileSync(unfinished, gzipSync(readFileSync(file)));
    renameSync(unfinished, kept);
  }
  return kept;
}

/** Functions load what is loaded for its effects, when they are called. */
async function vendorTfjs(to) {
  const wasm = dirname(require.resolve("@tensorflow/tfjs-backend-wasm/package.json"));
  await build({
    stdin: {
      contents: `
        exports.core = require("@tensorflow/tfjs-core");
        exports.layers = () => require("@tensorflow/tfjs-core/dist/register_all_gradients.js");
        exports["backend-cpu"] = () => require("@tensorflow/tfjs-backend-cpu");
        exports["backend-wasm"] = () => require("@tensorflow/tfjs-backend-wasm").setWasmPaths(__dirname + "/");`,
      resolveDir: wasm,
    },
    outfile: join(to, "tfjs.js"),
    bundle: true,
    platform: "node",
    target: "node20.19",
    format: "cjs",
    // Their ES modules: one copy of each, however it is asked for.
    mainFields: ["module", "main"],
    minifyWhitespace: true,
    minifySyntax: true,
    logLevel: "warning",
  });
  for (const name of readdirSync(join(wasm, "dist")).filter((file) => file.endsWith(".wasm"))) {
    place(join(wasm, "dist", name), join(to, name));
  }
  describe(wasm, to, { name: "@tensorflow/tfjs", main: "tfjs.js" });
}

function vendorArqueroTypes(to) {
  const from = dirname(require.resolve("arquero/package.json"));
  const types = join(from, "dist", "types");
  for (const name of readdirSync(types, { recursive: true }).filter((file) => file.endsWith(".d.ts"))) {
    const text = readFileSync(join(types, name), "utf8")
      // A rest parameter cannot be optional.
      .replace(/(\.\.\.\w+)\?:/g, "$1:")
      // Flechette's types are ES modules, which those of CommonJS cannot name.
      .replace(/import\((["'])@uwdata\/flechette\1\)\.\w+/g, "unknown")
      .replace(/import \{([^}]*)\} from (["'])@uwdata\/flechette\2;/g, (_, names) =>
        names
          .split(",")
          .map((each) => `type ${each.trim()} = Record<string, unknown>;`)
          .join("\n"),
      );
    mkdirSync(dirname(join(to, "types", name)), { recursive: true });
    writeFileSync(join(to, "types", name), text);
  }
  place(join(from, "LICENSE"), join(to, "LICENSE"));
  describe(from, to, { types: "types/index.d.ts" });
}
