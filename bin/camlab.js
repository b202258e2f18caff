#!/usr/bin/env node
import { start } from "./start.js";

const { runCli } = await start("camlab");
process.exitCode = await runCli(process.argv.slice(2));
