import assert from "node:assert/strict";
import { test } from "node:test";
import { escapeHtml, jsonForScript, printable } from "../../../src/kernel-helpers/support/escape.js";

test("escapeHtml leaves nothing that could open a tag, an attribute or an entity", () => {
  assert.equal(escapeHtml(`<a b="c" d='e'>&`), "&#60;a b=&#34;c&#34; d=&#39;e&#39;&#62;&#38;");
});

test("jsonForScript cannot end its script element and still reads back", () => {
  const value = { name: "</script><!--\u2028\u2029" };
  const text = jsonForScript(value);
  assert.ok(!/[<\u2028\u2029]/.test(text), text);
  assert.deepEqual(JSON.parse(text), value);
});

test("printable shows line breaks, terminal escapes and direction marks instead of obeying them", () => {
  assert.equal(printable("a\nb\u001b[31m\u202ec"), "a\\nb\\u001b[31m\\u202ec");
  assert.equal(printable("été 猫"), "été 猫");
});
