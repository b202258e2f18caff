// dist/quick/: the command line and the kernel once more, bundled. A process that reads a few files starts in half the time
// of one that reads six hundred; what is needed later lies in files of its own beside them. Places in the file system stay
// those of dist/esm/, workers too.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** Small packages of many files that every command needs. All others are loaded where they are installed. */
const TAKEN_IN = ["commander", "@bufbuild/protobuf"];

/** @param {string} out the folder that becomes dist/ */
export async function bundleQuick(out) {
  const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: { camlab: "src/cli/main.ts", "camlab-kernel": "src/kernel/start-kernel.ts" },
    outdir: join(out, "quick"),
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    external: [...Object.keys({ ...dependencies, ...peerDependencies }), "@tensorflow/*"].filter(
      (name) => !TAKEN_IN.includes(name),
    ),
    // commander is CommonJS.
    banner: {
      js: 'import { createRequire as requireFrom } from "node:module";\nconst require = requireFrom(import.meta.url);',
    },
    plugins: [ownPlaces],
    metafile: true,
    logLevel: "warning",
  });
  writeFileSync(join(out, "quick", "package.json"), '{ "type": "module" }\n');
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
      const place = `new URL(${JSON.stringify(`../esm/${copy}`)}, import.meta.url).href`;
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
