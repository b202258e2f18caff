#!/usr/bin/env node
// What Jupyter starts: `node camlab-kernel.js <connection file>`. See jupyter/kernels/camlab/kernel.json.
const { setTimeout } = require("node:timers");
const { start } = require("./start.js");

/** Milliseconds: by then the first cells have been run. */
const KEPT_AFTER = 10_000;

const { exports: bundle, keep } = start("camlab-kernel");
try {
  bundle.startKernel(process.argv[2] ?? "");
  setTimeout(keep, KEPT_AFTER).unref();
} catch (error) {
  process.stderr.write(`camlab kernel: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
