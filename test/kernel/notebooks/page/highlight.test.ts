import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { highlight } from "../../../../src/kernel/notebooks/page/highlight.js";

describe("highlighting", () => {
  const kinds = (code: string) =>
    [...highlight(code).matchAll(/<span class="(\w+)">(.*?)<\/span>/gs)].map(([, kind, text]) => `${kind} ${text}`);

  test("tells comments, strings, numbers, keywords and calls apart, and escapes", () => {
    assert.deepEqual(kinds('const a = f(0x1F, 1.5e3); // if "x" < y'), [
      "keyword const",
      "call f",
      "number 0x1F",
      "number 1.5e3",
      "comment // if &#34;x&#34; &#60; y",
    ]);
    assert.deepEqual(kinds("`a ${b} // no` + 'it\\'s'"), ["string `a ${b} // no`", "string &#39;it\\&#39;s&#39;"]);
    assert.deepEqual(kinds("table.from({ of: 1 })"), ["call from", "number 1"]);
  });

  test("loses no character of any code", () => {
    for (const code of ['"open', "`open ${", "/* open", "a<b>c&d", "'\\", "1__0n 0x", "x /= 2 / 3"]) {
      const text = highlight(code)
        .replace(/<\/?span[^>]*>/g, "")
        .replace(/&#(\d+);/g, (_, number: string) => String.fromCharCode(Number(number)));
      assert.equal(text, code);
    }
  });
});
