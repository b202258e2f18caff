import assert from "node:assert/strict";
import { test } from "node:test";
import { NodeTypes } from "../../../src/kernel/compiler/node-types.js";

const folder = "/home/ada/node_modules/@types/node";
const FS = `// a comment
declare module "fs" {
    import { Readable } from "node:stream";

    export function open(path: string): Readable;
}
/** another */
declare module "node:fs" {
    export * from "fs";
}
`;

test("a file that declares nothing but modules waits until one of them is asked for", () => {
  const types = new NodeTypes();
  const path = `${folder}/fs.d.ts`;
  assert.equal(types.textOf(path, FS), "");
  assert.ok(types.isWaiting(path));
  assert.ok(!types.want(["fs/promises", "./fs", "stream"]));
  assert.ok(types.isWaiting(path));
  assert.ok(types.want(["stream", "node:fs"]));
  assert.ok(!types.isWaiting(path));
  assert.equal(types.textOf(path, FS), FS);
  assert.ok(!types.want(["node:fs", "fs"]));
});

test("what was asked for before a file is read does not wait, nor does any once all are asked for", () => {
  const asked = new NodeTypes();
  asked.want(["fs"]);
  assert.equal(asked.textOf(`${folder}/fs.d.ts`, FS), FS);
  const all = new NodeTypes();
  assert.equal(all.textOf(`${folder}/fs.d.ts`, FS), "");
  assert.ok(all.wantAll());
  assert.equal(all.textOf(`${folder}/fs.d.ts`, FS), FS);
  assert.ok(!all.wantAll());
});

test("a file that declares anything else, or is not laid out as expected, is there from the beginning", () => {
  const types = new NodeTypes();
  const others = [
    "export {};\ndeclare global {\n    var a: 1;\n}\n",
    'declare module "buffer" {\n  global {\n    var a: 1;\n  }\n}\n',
    'declare module "buffer" {\n    // or: global {\n    global {\n        var a: 1;\n    }\n}\n',
    `${FS}declare var a: 1;\n`,
    `${FS}  interface Wide {}\n`,
    'declare module "a" { export const a: 1; }\n',
    'declare module "a" {\nexport const a: 1;\n}\n',
    'declare module "a" {\n    /*\n}\n*/ export const a: 1;\n}\n',
    FS.replaceAll("\n", "\r\n"),
    "// nothing\n",
    "",
  ];
  for (const text of others) assert.equal(types.textOf(`${folder}/other.d.ts`, text), text, text);
  assert.equal(types.textOf("/home/ada/node_modules/@types/express/index.d.ts", FS), FS);
  assert.equal(types.textOf("/home/ada/@types/node/fs.d.ts", FS), FS);
});

test("of a file that adds to the globals this is there, the rest once it is looked for from within", () => {
  const types = new NodeTypes();
  const path = `${folder}/url.d.ts`;
  const added = "    global {\n        interface URL extends _URL {}\n\n        var URL: typeof _URL;\n    }\n";
  const text = `declare module "url" {\n    class _URL {}\n    /** no more */\n${added}    export {};\n}\n${FS}`;
  assert.equal(types.textOf(path, text), `declare module "url" {\n${added}}\n`);
  assert.ok(types.isWaiting(path));
  assert.ok(types.want([path]));
  assert.equal(types.textOf(path, text), text);
});

test("a package that Node's types import is found once it is looked for, by the files that import it", () => {
  const types = new NodeTypes();
  const fetch = `${folder}/web-globals/fetch.d.ts`;
  assert.ok(types.leavesOut("undici-types", fetch));
  assert.ok(!types.leavesOut("./other.js", fetch));
  assert.ok(!types.leavesOut("undici-types", "/home/ada/node_modules/express/index.d.ts"));
  assert.ok(types.want(["undici-types"]));
  assert.ok(types.isWoken(fetch));
  assert.ok(!types.leavesOut("undici-types", fetch));
  types.settle();
  assert.ok(!types.isWoken(fetch));
});
