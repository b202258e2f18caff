#!/usr/bin/env node
// What Jupyter starts: `node camlab-kernel.js <connection file>`. See jupyter/kernels/camlab/kernel.json.
const { start } = require("./start.js");

void start("camlab-kernel").then(({ startKernel }) => {
  try {
    startKernel(process.argv[2] ?? "");
  } catch (error) {
    process.stderr.write(`camlab kernel: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
});
