import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { ESLint } from "eslint";
import { circleOf, filesBeside, forbiddenImport, importGraph, insideImport, MOST_FILES } from "../../scripts/house.js";
import { ROOMS } from "../../scripts/rooms.js";

const src = join(import.meta.dirname, "../../src");
const file = (path: string) => join(src, path);

test("a folder imports from itself and from earlier folders only", () => {
  const may = (from: string, to: string) => forbiddenImport(file(from), file(to)) === undefined;
  assert.ok(may("kernel-helpers/cam/cam.ts", "kernel-helpers/images/box.js"));
  assert.ok(may("kernel-helpers/cam/cam.ts", "kernel-helpers/cam/heat-map.js"));
  assert.ok(may("widgets/cam-grid.ts", "kernel-helpers/boxes/iou.js"));
  assert.ok(may("cli/look.ts", "index.js"));
  assert.ok(may("index.ts", "widgets/cam-grid.js"));
  assert.ok(!may("kernel-helpers/images/box.ts", "kernel-helpers/cam/cam.js"));
  assert.ok(!may("kernel-helpers/cam/cam.ts", "widgets/cam-grid.js"));
  assert.ok(!may("kernel-helpers/cam/cam.ts", "index.js"));
  assert.ok(!may("kernel-helpers/cam/cam.ts", "kernel-helpers/elsewhere/file.js"));
});

test("a room is entered by its face, from wherever outside; inside and in open folders anything goes", () => {
  const rooms = { "graph/onnx": ["graph", "read-graph"], "graph/head": ["forms/list"], world: ["draw-world"] };
  const reason = (from: string, to: string) => insideImport(file(from), file(to), src, rooms);
  const graph = "kernel-helpers/graph";
  assert.equal(reason("kernel-helpers/engines/engine.ts", `${graph}/onnx/graph.js`), undefined);
  assert.equal(reason("kernel-helpers/cam/cam.ts", `${graph}/head/forms/list.js`), undefined);
  assert.equal(reason(`${graph}/onnx/tensor.ts`, `${graph}/onnx/onnx_pb.js`), undefined);
  assert.equal(reason("kernel-helpers/cam/cam.ts", `${graph}/list-layers.js`), undefined);
  assert.equal(
    reason(`${graph}/head/pooling.ts`, `${graph}/onnx/onnx_pb.js`),
    "onnx_pb is inside graph/onnx/: from outside import graph, read-graph (scripts/rooms.js)",
  );
  assert.match(
    reason("kernel-helpers/cam/cam.ts", `${graph}/head/forms/base.js`)!,
    /forms\/base is inside graph\/head/,
  );
  assert.match(reason("index.ts", "world/pen/pen.js")!, /pen\/pen is inside world/);
});

test("every face of a room is a file", () => {
  const sources = importGraph();
  for (const [room, faces] of Object.entries(ROOMS)) {
    for (const face of faces) {
      const places = [`${room}/${face}.ts`, `kernel-helpers/${room}/${face}.ts`];
      assert.ok(
        places.some((place) => sources.has(file(place))),
        `${room}/ has no ${face}`,
      );
    }
  }
});

test("circles of files are found over types, re-exports and imports at run time; long ways and forks are none", async () => {
  const folder = await mkdtemp(join(tmpdir(), "house-"));
  try {
    const texts: Record<string, string> = {
      "a.ts": 'import type { B } from "./in/b.js";',
      "in/b.ts": 'export { c } from "../c.js";',
      "c.ts": 'export const c = () => import("./d.js");\nexport type E = import("./e.js").E;',
      "d.ts": 'import { a } from "./a.js";\nimport "node:fs";',
      "e.ts": 'import { f } from "./f.js";',
      "f.ts": 'import { missing } from "./missing.js";',
      "g.ts": 'import { e } from "./e.js";\nimport { f } from "./f.js";',
    };
    for (const [name, text] of Object.entries(texts)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
    const graph = importGraph(folder);
    const circle = (name: string) => circleOf(join(folder, name), graph)?.map((one) => one.slice(folder.length + 1));
    assert.deepEqual(circle("a.ts"), ["a.ts", "in/b.ts", "c.ts", "d.ts", "a.ts"]);
    assert.deepEqual(circle("d.ts"), ["d.ts", "a.ts", "in/b.ts", "c.ts", "d.ts"]);
    for (const name of ["e.ts", "f.ts", "g.ts"]) assert.equal(circle(name), undefined, name);
    assert.equal(filesBeside(join(folder, "a.ts"), graph), 6);
    assert.equal(filesBeside(join(folder, "in/b.ts"), graph), 1);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("the house is in order: no circle of files, no folder above what can be looked through", () => {
  const sources = importGraph();
  const circles = [...sources.keys()].map((one) => circleOf(one, sources)).filter((found) => found !== undefined);
  assert.deepEqual(circles, []);
  for (const one of sources.keys()) assert.ok(filesBeside(one, sources) <= MOST_FILES, dirname(one));
});

test("the linter refuses a backward import, the inside of a room, a default export and a heavy static import", async () => {
  const eslint = new ESLint({ cwd: join(src, "..") });
  const code = [
    `import { camGrid } from "../../widgets/cam-grid.js";`,
    `import sharp from "sharp";`,
    `export type Proto = import("../graph/onnx/onnx_pb.js").NodeProto;`,
    `export default [camGrid, sharp];`,
  ].join("\n");
  const [result] = await eslint.lintText(code, { filePath: file("kernel-helpers/support/errors.ts") });
  const rules = new Set(result?.messages.map((message) => message.ruleId));
  for (const rule of [
    "camlab/one-way-imports",
    "camlab/faces",
    "@typescript-eslint/no-restricted-imports",
    "no-restricted-syntax",
  ]) {
    assert.ok(rules.has(rule), `${rule} is not among ${[...rules].join()}`);
  }
  const config = (await eslint.calculateConfigForFile(file("index.ts"))) as { rules: Record<string, unknown> };
  for (const rule of ["camlab/no-circles", "camlab/small-folders"]) assert.ok(config.rules[rule], rule);
});
