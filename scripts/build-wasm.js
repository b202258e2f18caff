// Compiles inner loops (AssemblyScript) to the WebAssembly files beside them, which are committed:
// `npm run build:wasm`. Tests compile them again and compare the bytes.
import { readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import asc from "assemblyscript/asc";

const SOURCE = join(dirname(fileURLToPath(import.meta.url)), "../src/kernel-helpers");
const SHARED = ["--sharedMemory", "--initialMemory", "1", "--maximumMemory", "65536", "--enable", "threads"];

/** What is compiled, and with which memory: threads share that of the solver. */
export const MODULES = {
  solver: { file: "svm/wasm/coordinate-descent", options: SHARED },
  products: { file: "graph/head/path/wasm/matrix-products", options: [] },
  jpeg: { file: "images/jpeg/wasm/plain-jpeg", options: [] },
  values: { file: "cam/wasm/map-values", options: [] },
  forest: { file: "boxes/protocols/wasm/level-forest", options: [] },
};

/** The bytes of a module, compiled from its source. */
export async function compileWasm({ file, options }) {
  const name = basename(file);
  let bytes;
  const { error, stderr } = await asc.main(
    [
      `${name}.ts`,
      ...["--outFile", `${name}.wasm`, "-O3", "--noAssert", "--runtime", "stub"],
      ...["--importMemory", "--noExportMemory", ...options, "--enable", "simd", "--enable", "bulk-memory"],
    ],
    {
      // Named .as in the repository, so that TypeScript's own tools do not take it for theirs.
      readFile: (asked) => (asked === `${name}.ts` ? readFileSync(join(SOURCE, `${file}.as`), "utf8") : null),
      writeFile: (_, contents) => {
        bytes = contents;
      },
      listFiles: () => [],
    },
  );
  if (error) throw new Error(`${error.message}\n${stderr.toString()}`);
  return bytes;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  for (const module of Object.values(MODULES)) {
    const bytes = await compileWasm(module);
    writeFileSync(join(SOURCE, `${module.file}.wasm`), bytes);
    console.log(`${module.file}.wasm: ${bytes.length} bytes`);
  }
}
