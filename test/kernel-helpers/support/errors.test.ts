import assert from "node:assert/strict";
import { test } from "node:test";
import { CamlabError, invalid, messageOf } from "../../../src/kernel-helpers/support/errors.js";

test("invalid says what, the value, and what was expected", () => {
  const error = invalid("threshold", 1.5, "0 ≤ t < 1");
  assert.ok(error instanceof CamlabError);
  assert.equal(error.message, "invalid threshold: 1.5 (expected 0 ≤ t < 1)");
  assert.equal(invalid("class", "cát", "a name").message, 'invalid class: "cát" (expected a name)');
});

test("invalid never prints a whole array of numbers", () => {
  assert.ok(invalid("weights", new Float32Array(10_000), "768 numbers").message.length < 100);
  assert.ok(invalid("options", { list: Array.from({ length: 500 }, () => "x") }, "less").message.length < 150);
});

test("messageOf reads whatever was thrown", () => {
  assert.equal(messageOf(new Error("no")), "no");
  assert.equal(messageOf("no"), "no");
  assert.equal(messageOf(undefined), "undefined");
  const deep = (): number => 1 + deep();
  try {
    deep();
  } catch (error) {
    assert.equal(messageOf(error), "its parts lie too deep in each other");
  }
});
