// Threads' modules in dist/: bundled in their places, each in one file, since a thread that reads a hundred takes several
// times as long to start. What they import only when it is needed stays where it is, and packages too.
import { readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { globSync } from "tinyglobby";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/**
 * @param {object} common how every file of dist/ is made
 * @param {string} out the folder of the format
 * @param {object} how the format's own options
 */
export async function bundleWorkers(common, out, how) {
  for (const entry of globSync("src/kernel-helpers/**/*-{worker,thread}.ts", { cwd: root })) {
    await build({
      ...common,
      ...how,
      entryPoints: [entry],
      outdir: out,
      bundle: true,
      packages: "external",
      plugins: [inPlace(dirname(join(root, entry)))],
    });
  }
}

/** @param {string} folder the entry's, from which all others are found */
function inPlace(folder) {
  const from = (path) => {
    const way = relative(folder, path).split(sep).join("/");
    return way.startsWith(".") ? way : `./${way}`;
  };
  return {
    name: "in-place",
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /^\./ }, ({ kind, path, resolveDir }) =>
        kind === "dynamic-import" ? { path: from(resolve(resolveDir, path)), external: true } : undefined,
      );
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const text = readFileSync(path, "utf8");
        if (!text.includes("import.meta.url")) return undefined;
        const place = `new URL(${JSON.stringify(from(path).replace(/\.ts$/, ".js"))}, import.meta.url).href`;
        return { loader: "ts", contents: text.replaceAll("import.meta.url", place) };
      });
    },
  };
}
