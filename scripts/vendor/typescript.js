// tslab's TypeScript as camlab's kernel takes it: a third of the text, in which V8 needs half the memory, and with less to
// do before the first cell. What it says of a program stays the same (test/kernel/compiler/vendored.test.ts).
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { transform } from "esbuild";
import { describe, place } from "./place.js";

/** The library that cells are compiled with, and the one place where the whole of it lies. */
const LIBRARY = "lib.es2022.d.ts";

/** @param {string} from its package @param {string} to the folder that becomes dist/vendor/typescript */
export async function vendorTypeScript(from, to) {
  mkdirSync(join(to, "lib"), { recursive: true });
  await placeCompiler(from, to);
  placeLibraries(from, to);
  for (const name of ["LICENSE.txt", "ThirdPartyNoticeText.txt"]) place(join(from, name), join(to, name));
  describe(from, to, { main: "lib/typescript.js" });
}

async function placeCompiler(from, to) {
  let source = readFileSync(join(from, "lib", "typescript.js"), "utf8");
  for (const [text, changed] of CHANGES) {
    const [before, after, more] = source.split(text);
    if (after === undefined || more !== undefined) throw new Error(`TypeScript is not as expected: ${text}`);
    source = before + changed + after;
  }
  const { code } = await transform(source, {
    minify: true,
    charset: "ascii",
    target: "node20.19",
    legalComments: "inline",
    logLevel: "error",
  });
  writeFileSync(join(to, "lib", "typescript.js"), `/* Changed for camlab, and minified. */\n${code}`);
}

/** Pieces of its text, each of which is there once, and what takes their place. */
const CHANGES = [
  // Of declaration files comments are parsed when they are to be shown: but for what is deprecated, nothing else asks.
  [
    "const jsDoc = mapDefined(getJSDocCommentRanges(node, sourceText), (comment) => JSDocParser.parseJSDocComment(",
    `const comments = getJSDocCommentRanges(node, sourceText);
     const deprecates = ({ pos, end }) => sourceText.slice(pos, end).includes("@deprecated");
     if (isDeclarationFileName(fileName) && !some(comments, deprecates)) return node;
     const jsDoc = mapDefined(comments, (comment) => JSDocParser.parseJSDocComment(`,
  ],
  [
    `while (node && node.parent) {
      if (hasJSDocNodes(node)) {
        result = addRange(`,
    `while (node && node.parent) {
      parseLaterJSDoc(node);
      if (hasJSDocNodes(node)) {
        result = addRange(`,
  ],
  [
    "function getJSDocCommentsAndTags(",
    `function parseLaterJSDoc(node) {
      if (!canHaveJSDoc(node) || node.jsDoc) return;
      const file = getSourceFileOfNode(node);
      if (!file || !file.isDeclarationFile) return;
      node.jsDoc = mapDefined(getJSDocCommentRanges(node, file.text), ({ pos, end }) => {
        const parsed = parseIsolatedJSDocComment(file.text, pos, end - pos);
        return parsed && parsed.jsDoc && setParent(parsed.jsDoc, node);
      });
    }
    function getJSDocCommentsAndTags(`,
  ],
  // Whoever made the program hears which modules were looked for among those that files declare,
  [
    `const symbol = getSymbol2(globals, '"' + moduleName + '"', 512`,
    `if (host.sought) host.sought.add(moduleName);
     const symbol = getSymbol2(globals, '"' + moduleName + '"', 512`,
  ],
  // and from which files that are there in part names were looked for that could lie in the rest.
  [
    `isModuleDeclaration(location) && location.flags & 16777216 /* Ambient */ && !isGlobalScopeAugmentation(location)) {
                if (result`,
    `isModuleDeclaration(location) && location.flags & 16777216 /* Ambient */ && !isGlobalScopeAugmentation(location)) {
                if (location.parent && location.parent.isPartial && host.sought) host.sought.add(location.parent.fileName);
                if (result`,
  ],
];

/** All libraries; those that {@link LIBRARY} names lie in it, in the order in which they are taken, and are empty. */
function placeLibraries(from, to) {
  const lib = join(from, "lib");
  const typescript = createRequire(import.meta.url)(join(lib, "typescript.js"));
  const options = { lib: [LIBRARY], types: [] };
  // Any file: a program of none takes no libraries.
  const program = typescript.createProgram([join(lib, LIBRARY)], options, typescript.createCompilerHost(options));
  const taken = new Map(program.getSourceFiles().map(({ fileName, text }) => [fileName.split("/").pop(), text]));
  if (!taken.has(LIBRARY) || taken.size < 40) throw new Error(`${LIBRARY} names ${taken.size} libraries only`);
  const notice = "// Changed for camlab: ";
  const whole = [...taken].map(([name, text]) => `// ${name}\n${text.replace(/^\/\/\/ <reference .*\n?/gm, "")}\n`);
  for (const name of readdirSync(lib).filter((each) => /^lib\..*d\.ts$/.test(each))) {
    if (!taken.has(name)) place(join(lib, name), join(to, "lib", name));
    else writeFileSync(join(to, "lib", name), `${notice}what it held lies in ${LIBRARY}.\n`);
  }
  const head = `${notice}holds the libraries that it named.\n/// <reference no-default-lib="true"/>\n`;
  writeFileSync(join(to, "lib", LIBRARY), head + whole.join(""));
}
