#!/usr/bin/env node
const { start } = require("./start.js");

const { exports: bundle, keep } = start("camlab", process.argv[2]);
void bundle.runCli(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
  if (code === 0) keep();
});
