// What both programs begin with: the bundle of `npm run build`, compiled once where Node can keep that (22.8 and newer).
import { existsSync } from "node:fs";
import module from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** @param {"camlab" | "camlab-kernel"} program */
export async function start(program) {
  const main = new URL(`../dist/quick/${program}.js`, import.meta.url);
  if (!existsSync(fileURLToPath(main))) {
    const folder = fileURLToPath(new URL("..", import.meta.url));
    process.stderr.write(`${program} is not built yet: run \`npm install && npm run build\` in ${folder} first\n`);
    process.exit(1);
  }
  // In the user's own folder: one in the system's temporary folder could be another user's making.
  module.enableCompileCache?.(join(cacheFolder(), "compiled"));
  return import(main.href);
}

/** As src/kernel-helpers/support/files/cache-folder.ts, which is not there yet. */
function cacheFolder() {
  if (process.env.CAMLAB_CACHE) return process.env.CAMLAB_CACHE;
  if (process.platform === "darwin") return join(homedir(), "Library", "Caches", "camlab");
  if (process.platform === "win32") {
    return join(process.env.LOCALAPPDATA || join(homedir(), "AppData", "Local"), "camlab");
  }
  return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "camlab");
}
