#!/usr/bin/env node
const { start } = require("./start.js");

void start("camlab").then(async ({ runCli }) => {
  process.exitCode = await runCli(process.argv.slice(2));
});
