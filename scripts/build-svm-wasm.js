// Compiles the linear SVM's inner loops (AssemblyScript) to the WebAssembly file beside them, which is committed:
// `node scripts/build-svm-wasm.js`. A test compiles it again and compares the bytes.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import asc from "assemblyscript/asc";

const folder = join(dirname(fileURLToPath(import.meta.url)), "../src/kernel-helpers/svm/wasm");

/** The bytes of coordinate-descent.wasm, compiled from its source. */
export async function compileSvmWasm() {
  let bytes;
  const { error, stderr } = await asc.main(
    [
      "coordinate-descent.ts",
      ...["--outFile", "coordinate-descent.wasm", "-O3", "--noAssert", "--runtime", "stub"],
      ...["--importMemory", "--noExportMemory", "--sharedMemory", "--initialMemory", "1", "--maximumMemory", "65536"],
      ...["--enable", "threads", "--enable", "simd"],
    ],
    {
      // Named .as in the repository, so that TypeScript's own tools do not take it for theirs.
      readFile: (name) =>
        name === "coordinate-descent.ts" ? readFileSync(join(folder, "coordinate-descent.as"), "utf8") : null,
      writeFile: (name, contents) => {
        bytes = contents;
      },
      listFiles: () => [],
    },
  );
  if (error) throw new Error(`${error.message}\n${stderr.toString()}`);
  return bytes;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const bytes = await compileSvmWasm();
  writeFileSync(join(folder, "coordinate-descent.wasm"), bytes);
  console.log(`coordinate-descent.wasm: ${bytes.length} bytes`);
}
