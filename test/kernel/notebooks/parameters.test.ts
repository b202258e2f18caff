import assert from "node:assert/strict";
import { test } from "node:test";
import { withParameters } from "../../../src/kernel/notebooks/parameters.js";
import { parseNotebook } from "../../../src/kernel/notebooks/parse-notebook.js";

function notebook(source: string, tags: readonly string[] = ["parameters"]) {
  const code = (id: string, text: string, metadata: object = {}) => ({
    cell_type: "code",
    id,
    metadata,
    source: text,
    outputs: [],
    execution_count: null,
  });
  const cells = [code("a", "import 1"), code("b", source, { tags }), code("c", "seed + 1")];
  return parseNotebook(JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells }));
}

const SOURCE = [
  "const seed = 7; // of the drawings",
  'let photo: string = "yours.jpg";',
  "var share:number=.5",
  "const finer = false, other = 1;",
  'const classes = ["dog"];',
  "const limit: number | undefined = undefined;",
  "const draw = async () => 1;",
  "photo = 'x';",
].join("\n");

const injected = (values: Record<string, unknown>) => {
  const { cells } = withParameters(notebook(SOURCE), values);
  assert.deepEqual(
    cells.map(({ id }) => id),
    ["a", "b", "injected-parameters", "c"],
  );
  return cells[2].source.split("\n").slice(1);
};

test("texts become what the notebook's own value is", () => {
  assert.deepEqual(injected({ seed: "11", photo: "11", share: "1e-3", finer: "true", classes: '["cat", "dog"]' }), [
    "const seed = 11;",
    'const photo = "11";',
    "const share = 0.001;",
    "const finer = true;",
    'const classes = ["cat","dog"];',
  ]);
  assert.deepEqual(injected({ limit: "12", classes: "cat" }), ["const limit = 12;", 'const classes = "cat";']);
  assert.deepEqual(injected({ seed: "-3", share: "+.25" }), ["const seed = -3;", "const share = 0.25;"]);
});

test("values of a program are kept, and must be of the notebook's type", () => {
  assert.deepEqual(injected({ seed: 3, photo: 'a"b\n', classes: [1] }), [
    "const seed = 3;",
    'const photo = "a\\"b\\n";',
    "const classes = [1];",
  ]);
  for (const [name, value] of [
    ["seed", "many"],
    ["seed", ""],
    ["seed", NaN],
    ["seed", "true"],
    ["finer", "1"],
    ["photo", 3],
  ] as const) {
    assert.throws(() => injected({ [name]: value }), new RegExp(`parameter ${name} is .*expected`), String(value));
  }
});

test("a cell injected before is replaced; the notebook that was given stays as it was", () => {
  const once = withParameters(notebook(SOURCE), { seed: 1 });
  const twice = withParameters(once, { seed: 2 });
  assert.equal(twice.cells.length, 4);
  assert.match(twice.cells[2].source, /seed = 2/);
  assert.match(once.cells[2].source, /seed = 1/);
  assert.equal(withParameters(once, {}), once);
});

test("an unknown name names its neighbours, a notebook without parameters says how to have some", () => {
  assert.throws(() => injected({ sead: "1" }), /no parameter sead; did you mean seed\? \(its parameters are seed, photo/);
  assert.throws(() => withParameters(notebook(SOURCE, []), { seed: 1 }), /the tag `parameters`/);
  assert.throws(() => withParameters(notebook("photo = 3"), { seed: 1 }), /declares nothing/);
});
