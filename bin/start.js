// What both programs begin with: the bundle of `npm run build`, with what an earlier process compiled of it.
// CommonJS, for a module would be loaded by the very threads whose number has to be said before they start.
const { existsSync } = require("node:fs");
const modules = require("node:module");
const { availableParallelism } = require("node:os");
const { join } = require("node:path");

/** Photographs are decoded on Node's own threads, of which it starts four whatever the machine. */
process.env.UV_THREADPOOL_SIZE ??= String(Math.max(4, availableParallelism()));

/**
 * @param {"camlab" | "camlab-kernel"} program
 * @param {string} [use] what it is started for: each command needs other parts of it
 * @returns what the bundle exports, and what keeps its compiled code for the next process
 */
exports.start = function start(program, use) {
  const root = join(__dirname, "..");
  const main = join(root, `dist/quick/${program}.js`);
  const loader = join(root, "dist/quick/loader.js");
  if (!existsSync(loader)) {
    process.stderr.write(`${program} is not built yet: run \`npm install && npm run build\` in ${root} first\n`);
    process.exit(1);
  }
  const { cacheFolder, loadCompiled } = require(loader);
  // In the user's own folder: one in the system's temporary folder could be another user's making.
  const folder = cacheFolder("compiled");
  // For the packages beside it, where Node can (22.8 and newer).
  modules.enableCompileCache?.(folder);
  return loadCompiled(main, folder, use);
};
