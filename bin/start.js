// What both programs begin with: the bundle of `npm run build`, compiled once where Node can keep that (22.8 and newer).
// CommonJS, for a module would be loaded by the very threads whose number has to be said before they start.
const { existsSync } = require("node:fs");
const modules = require("node:module");
const { availableParallelism } = require("node:os");
const { join } = require("node:path");
const { pathToFileURL } = require("node:url");

/** Photographs are decoded on Node's own threads, of which it starts four whatever the machine. */
process.env.UV_THREADPOOL_SIZE ??= String(Math.max(4, availableParallelism()));

/** @param {"camlab" | "camlab-kernel"} program */
exports.start = async function start(program) {
  const root = join(__dirname, "..");
  const main = join(root, `dist/quick/${program}.js`);
  if (!existsSync(main)) {
    process.stderr.write(`${program} is not built yet: run \`npm install && npm run build\` in ${root} first\n`);
    process.exit(1);
  }
  if (modules.enableCompileCache) {
    // In the user's own folder: one in the system's temporary folder could be another user's making.
    const built = pathToFileURL(join(root, "dist/esm/kernel-helpers/support/files/cache-folder.js"));
    const { cacheFolder } = await import(built.href);
    modules.enableCompileCache(cacheFolder("compiled"));
  }
  return import(pathToFileURL(main).href);
};
