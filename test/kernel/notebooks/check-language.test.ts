import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { checkLanguage } from "../../../src/kernel/notebooks/check-language.js";

const check = (kernelspec?: unknown, language_info?: unknown) =>
  checkLanguage({ nbformat: 4, nbformat_minor: 5, metadata: { kernelspec, language_info }, cells: [] });

describe("checkLanguage", () => {
  test("accepts TypeScript and JavaScript of any kernel, and a notebook that says nothing", () => {
    check({ name: "camlab", display_name: "TypeScript (camlab)", language: "typescript" });
    for (const name of ["camlab", "tslab", "jslab", "deno", "TypeScript"]) check({ name });
    check({ name: "my-own", language: "JavaScript" });
    check(undefined, { name: "typescript" });
    check();
    for (const broken of [null, 5, "python3", [], {}, { name: 5 }]) check(broken, broken);
    // The kernel was changed since the last run.
    check({ name: "camlab", language: "typescript" }, { name: "python" });
    check({ name: "tslab" }, { name: "python" });
  });

  test("refuses every other, by whatever names it", () => {
    const python = { name: "python3", display_name: "Python 3", language: "python" };
    assert.throws(() => check(python, { name: "python" }), /for the kernel python3 \(python\), and camlab runs TypeScript/);
    assert.throws(() => check({ name: "ir", language: "R" }), /kernel ir \(R\)/);
    assert.throws(() => check({ name: "conda-env-x-py" }), /kernel conda-env-x-py/);
    assert.throws(() => check({ name: "xpython" }, { name: "python" }), /kernel xpython \(python\)/);
    assert.throws(() => check(undefined, { name: "julia" }), /not for this kernel \(julia\)/);
    assert.throws(() => check({ display_name: "Python 3" }), /kernel Python 3/);
    // The kernel was changed to another one since the last run.
    assert.throws(() => check(python, { name: "typescript" }), /python3/);
    assert.throws(() => check({ name: "a\u001b[2J" }), /kernel a\\u001b\[2J/);
  });
});
