import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { checkExamples, examplesOfDoor, examplesOfPages, namesOfDoor } from "../../scripts/doc-examples.js";

describe("the door", () => {
  const names = namesOfDoor();

  test("is small: at most 60 names at the root, types and namespaces included", () => {
    const root = names.filter(({ name }) => !name.includes("."));
    assert.ok(root.length <= 60, `${root.length} names`);
  });

  test("says of each name what it is", () => {
    const bare = names.filter(({ documented }) => !documented).map(({ name }) => name);
    assert.deepEqual(bare, []);
  });

  test("has an example for each function and class at the root", () => {
    const shown = new Set(examplesOfDoor().map(({ where }) => where.split(": ")[1]));
    const without = names.filter(
      ({ name, isType, isModule }) => !name.includes(".") && !isType && !isModule && !shown.has(name),
    );
    assert.deepEqual(
      without.map(({ name }) => name),
      [],
    );
  });
});

test("every example in a doc comment of something public, in the README and in the documents compiles", () => {
  const examples = [...examplesOfDoor(), ...examplesOfPages()];
  assert.ok(examples.length > 150, `${examples.length} examples`);
  const problems = checkExamples(examples).map(({ where, message }) => `${where}: ${message}`);
  assert.deepEqual(problems, []);
});

test("an example that names what does not exist, or misuses what does, is found out", () => {
  const wrong = [
    { where: "one", code: "await lookAtEverything(network);" },
    { where: "two", code: 'boxOf("not a map");' },
    { where: "three", code: "cam(seen, 0).data.length;" },
  ];
  assert.deepEqual([...new Set(checkExamples(wrong).map(({ where }) => where))], ["one", "two"]);
});
