// Files beside the notebook: every kind of module, and anew when they, or what they import, change.
import assert from "node:assert/strict";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { KernelClient } from "../../../src/kernel/protocol/kernel-client.js";
import { dataOf, notebookFolder, runCell, startTestKernel, traceOf } from "../with-kernel.js";

let kernel: KernelClient;
let folder: Awaited<ReturnType<typeof notebookFolder>>;
const run = (code: string) => runCell(kernel, code);
const write = (name: string, text: string) => writeFile(join(folder.path, name), text);
const shown = async (code: string) => {
  const cell = await run(code);
  assert.equal(cell.reply.status, "ok", traceOf(cell));
  return dataOf(cell)["text/plain"];
};

before(async () => {
  folder = await notebookFolder({
    "nb/state.ts": "let count = 0; export const next = () => ++count;",
    "up.ts": "export const above: string = 'from above';",
  });
  kernel = await startTestKernel(join(folder.path, "nb"));
});
after(async () => {
  await kernel?.shutdown();
  await folder?.remove();
});

describe("a file that changes behind an import is loaded anew", { timeout: 120_000 }, () => {
  const endings: [outer: string, deep: string][] = [
    ["ts", "ts"],
    ["js", "js"],
    ["mjs", "mjs"],
    ["ts", "mjs"],
    ["mjs", "ts"],
    ["mts", "mts"],
    ["tsx", "ts"],
  ];
  for (const [outer, deep] of endings) {
    test(`.${outer} that imports .${deep}, statically and by import()`, async () => {
      const name = `${outer}_${deep}`;
      const ending = outer === "ts" || outer === "tsx" ? "" : `.${outer}`;
      const deepEnding = deep === "ts" ? "" : `.${deep}`;
      await write(`nb/deep_${name}.${deep}`, "export const deep = 1;");
      await write(
        `nb/middle_${name}.${deep}`,
        `import { deep } from "./deep_${name}${deepEnding}"; export const middle = deep * 10;`,
      );
      await write(
        `nb/outer_${name}.${outer}`,
        `import { middle } from "./middle_${name}${deepEnding}"; export const outer = middle + 1;`,
      );
      const imported = `import { outer as o_${name} } from "./outer_${name}${ending}"; o_${name}`;
      const dynamic = `(await import("./outer_${name}${ending}")).outer`;
      assert.equal(await shown(imported), "11");
      await write(`nb/deep_${name}.${deep}`, "export const deep = 2;");
      assert.equal(await shown(imported), "21");
      await write(`nb/deep_${name}.${deep}`, "export const deep = 3;");
      assert.equal(await shown(dynamic), "31");
      await write(`nb/outer_${name}.${outer}`, "export const outer = 7;");
      assert.equal(await shown(imported), "7");
    });
  }

  test(".json, .cjs, and what requires them", async () => {
    await write("nb/data.json", '{ "n": 1 }');
    await write("nb/common.cjs", "exports.n = require('./data.json').n + 1;");
    const code = 'import data from "./data.json"; import common from "./common.cjs"; [data.n, common.n]';
    assert.equal(await shown(code), "[ 1, 2 ]");
    await write("nb/data.json", '{ "n": 5 }');
    assert.equal(await shown(code), "[ 5, 6 ]");
  });

  test("with its types", async () => {
    await write("nb/typed.ts", "export const value = 1;");
    assert.equal(await shown('import { value } from "./typed"; const n: number = value; n'), "1");
    await write("nb/typed.ts", "export const value = 'text';");
    assert.match(
      String((await run('import { value } from "./typed"; const m: number = value;')).reply.evalue),
      /'string' is not assignable/,
    );
  });

  test("and one that was not there before is found, directly or behind another", async () => {
    await write("nb/wants.ts", 'import { late } from "./late"; export const wanted = late;');
    assert.equal((await run('import { wanted } from "./wants"; wanted')).reply.status, "error");
    await write("nb/late.ts", "export const late = 'here';");
    assert.equal(await shown('import { wanted } from "./wants"; wanted'), "'here'");
    await rm(join(folder.path, "nb/late.ts"));
    assert.equal((await run('import { wanted } from "./wants"; wanted')).reply.status, "error");
  });

  test("while others, and those that only were touched, keep their state", async () => {
    await run('import { next } from "./state"; next()');
    assert.equal(await shown('import { next } from "./state"; next()'), "2");
    await write("nb/state.ts", "let count = 0; export const next = () => ++count;");
    await write("nb/data.json", '{ "n": 9 }');
    assert.equal(await shown('import { next } from "./state"; next()'), "3");
  });
});

describe("files beside the notebook", { timeout: 120_000 }, () => {
  test("export a default, await at their top, and know where they are", async () => {
    await write("nb/default.ts", "export default class Thing { name = 'thing'; }");
    assert.equal(await shown('import Thing from "./default"; new Thing().name'), "'thing'");
    await write(
      "nb/waits.mjs",
      "export const waited = await Promise.resolve('waited'); export const url = import.meta.url;",
    );
    assert.equal(
      await shown('import { waited, url } from "./waits.mjs"; [waited, url.endsWith("/nb/waits.mjs")]'),
      "[ 'waited', true ]",
    );
    await write("nb/waits2.ts", "export const waited: number = await new Promise((r) => setTimeout(r, 5, 2));");
    assert.equal(await shown('import { waited as w2 } from "./waits2"; w2'), "2");
  });

  test("import packages of both kinds and each other in circles", async () => {
    await write(
      "nb/packs.ts",
      'import { table } from "arquero"; import path from "node:path"; export const t = table({ a: [1] }).numRows() + path.sep;',
    );
    assert.equal(await shown('import { t } from "./packs"; t'), "'1/'");
    await write("nb/a.ts", 'import { b } from "./b"; export const a = () => "a"; export const both = () => a() + b();');
    await write("nb/b.ts", 'import { a } from "./a"; export const b = () => "b" + a();');
    assert.equal(await shown('import { both } from "./a"; both()'), "'aba'");
  });

  test("may lie above the notebook's folder, and in a folder with an index", async () => {
    assert.equal(await shown('import { above } from "../up"; above'), "'from above'");
    await mkdir(join(folder.path, "nb/lib"));
    await write("nb/lib/index.ts", 'export { above } from "../../up";');
    assert.equal(await shown('import { above as again } from "./lib"; again'), "'from above'");
  });

  test("point at their own lines when they fail, also when they do so while they load", async () => {
    await write(
      "nb/fails.ts",
      "interface Gone { a: number }\n\nexport function fail(): Gone {\n  throw new Error('inside');\n}\n",
    );
    assert.match(
      traceOf(await run('import { fail } from "./fails"; fail()')),
      /at fail \(fails\.ts:4:9\)\n\s+at cell \[\d+\]:1:\d+/,
    );
    await write("nb/loads.mjs", "\n\nnull.x;\n");
    assert.match(traceOf(await run('import "./loads.mjs"')), /at loads\.mjs:3:6/);
    await write("nb/broken.json", "{");
    assert.match(String((await run('require("./broken.json")')).reply.evalue), /broken\.json is not JSON/);
  });

  test("that are cells by themselves", async () => {
    assert.equal((await run("/** @module virtual */\nexport const inner = 4;")).reply.status, "ok");
    assert.equal(await shown('import { inner } from "./virtual"; inner'), "4");
    assert.equal((await run("/** @module virtual */\nexport const inner = 5;")).reply.status, "ok");
    assert.equal(await shown('import { inner } from "./virtual"; inner'), "5");
  });
});
