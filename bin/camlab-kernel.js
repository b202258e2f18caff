#!/usr/bin/env node
// What Jupyter starts: `node camlab-kernel.js <connection file>`. See jupyter/kernels/camlab/kernel.json.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const kernel = new URL("../dist/esm/kernel/start-kernel.js", import.meta.url);
if (!existsSync(fileURLToPath(kernel))) {
  const folder = fileURLToPath(new URL("..", import.meta.url));
  process.stderr.write(`camlab kernel: not built yet. Run \`npm install && npm run build\` in ${folder}\n`);
  process.exit(1);
}
const { startKernel } = await import(kernel.href);
try {
  startKernel(process.argv[2] ?? "");
} catch (error) {
  process.stderr.write(`camlab kernel: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
