// `npm start`: builds camlab, then `camlab tour`: the embedded network looks, learns new tasks, and a page shows where it
// looked. Needs nothing but what `npm ci` installed. The last line of output is the page's path.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(fileURLToPath(import.meta.url), "../..");
execFileSync(process.execPath, [join(root, "scripts/build.js")], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
execFileSync(process.execPath, [join(root, "bin/camlab.js"), "tour", ...process.argv.slice(2)], {
  cwd: root,
  stdio: ["ignore", "inherit", "inherit"],
});
