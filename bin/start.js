// What both programs begin with: the bundle of `npm run build`, compiled once where Node can keep that (22.8 and newer).
import { existsSync } from "node:fs";
import module from "node:module";
import { fileURLToPath } from "node:url";

/** @param {"camlab" | "camlab-kernel"} program */
export async function start(program) {
  const built = (file) => new URL(`../dist/${file}`, import.meta.url);
  const main = built(`quick/${program}.js`);
  if (!existsSync(fileURLToPath(main))) {
    const folder = fileURLToPath(new URL("..", import.meta.url));
    process.stderr.write(`${program} is not built yet: run \`npm install && npm run build\` in ${folder} first\n`);
    process.exit(1);
  }
  if (module.enableCompileCache) {
    // In the user's own folder: one in the system's temporary folder could be another user's making.
    const { cacheFolder } = await import(built("esm/kernel-helpers/support/files/cache-folder.js").href);
    module.enableCompileCache(cacheFolder("compiled"));
  }
  return import(main.href);
}
