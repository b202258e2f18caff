// dist/quick/: the command line and the kernel once more, each in one file of CommonJS, whose compiled code can be kept
// (bin/start.js). A process that reads one file starts in a fraction of the time of one that reads six hundred; what is not
// needed is not run. Places in the file system stay those of dist/esm/, workers too.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** Small packages of many files that every command needs. All others are loaded where they are installed. */
const TAKEN_IN = ["commander", "@bufbuild/protobuf"];

/** What loads the others. */
const LOADER = 'export { cacheFolder } from "./cache-folder.js"; export { loadCompiled } from "./compiled-module.js";';

/** @param {string} out the folder that becomes dist/ */
export async function bundleQuick(out) {
  const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const common = {
    absWorkingDir: root,
    bundle: true,
    format: "cjs",
    platform: "node",
    target: "node20.19",
    // Code that V8 took from a cache cannot import; packages are required, modules of theirs too.
    supported: { "dynamic-import": false },
    logLevel: "warning",
  };
  await build({
    ...common,
    stdin: { contents: LOADER, resolveDir: join(root, "src/kernel-helpers/support/files") },
    outfile: join(out, "quick", "loader.js"),
  });
  const { metafile } = await build({
    ...common,
    entryPoints: { camlab: "src/cli/main.ts", "camlab-kernel": "src/kernel/start-kernel.ts" },
    outdir: join(out, "quick"),
    external: [...Object.keys({ ...dependencies, ...peerDependencies }), "@tensorflow/*"].filter(
      (name) => !TAKEN_IN.includes(name),
    ),
    banner: { js: 'const __moduleUrl = require("node:url").pathToFileURL(__filename).href;' },
    plugins: [ownPlaces],
    metafile: true,
  });
  writeFileSync(join(out, "quick", "package.json"), '{ "type": "commonjs" }\n');
  writeFileSync(join(out, "quick", "LICENCES.txt"), licencesOf(Object.keys(metafile.inputs)));
}

/** What a file finds by its own place, it finds by that of its copy in dist/esm/. */
const ownPlaces = {
  name: "own-places",
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const text = readFileSync(path, "utf8");
      if (!text.includes("import.meta.url")) return undefined;
      const copy = relative(join(root, "src"), path).split(sep).join("/").replace(/\.ts$/, ".js");
      const place = `new URL(${JSON.stringify(`../esm/${copy}`)}, __moduleUrl).href`;
      return { loader: "ts", contents: text.replaceAll("import.meta.url", place) };
    }),
};

function licencesOf(files) {
  const packages = new Set(files.flatMap((file) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? []));
  const unknown = [...packages].filter((name) => !TAKEN_IN.includes(name));
  if (unknown.length > 0) throw new Error(`dist/quick would take in ${unknown.join(", ")}: scripts/quick.js`);
  return TAKEN_IN.map((name) => {
    const folder = join(root, "node_modules", name);
    const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
    const terms = readFileSync(join(folder, file ?? "dist/esm/index.js"), "utf8");
    // Without a file of its own a package says its terms at the head of each source.
    const text = file ? terms : /^(?:\/\/.*\n)+/.exec(terms)?.[0].replace(/^\/\/ ?/gm, "");
    if (!text) throw new Error(`no licence found in ${folder}`);
    return `${name} ${version} (${license})\n\n${text}\n`;
  }).join("\n");
}
