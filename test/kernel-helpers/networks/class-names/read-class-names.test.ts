import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { readClasses } from "../../../../src/kernel-helpers/networks/class-names/read-class-names.js";

const folder = mkdtempSync(join(tmpdir(), "camlab-names-"));
after(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const fish = ["tench, Tinca tinca", "goldfish", "great white shark"];
const wnids = ["n01440764", "n01443537", "n01484850"];
const numbered = (from: number, line: (index: number, name: string) => string) =>
  fish.map((name, i) => line(from + i, name)).join("\n");

/** Every form holds the same three names. */
const FORMS: readonly (readonly [what: string, name: string, content: string | Uint8Array])[] = [
  ["a JSON list", "a.json", JSON.stringify(fish)],
  ["JSON objects with a name", "a.json", JSON.stringify(fish.map((name, i) => ({ wnid: wnids[i], name })))],
  ["JSON objects by their index", "a.json", JSON.stringify(fish.map((label, id) => ({ id, label })).reverse())],
  [
    "objects by an index in quotes",
    "a.json",
    JSON.stringify(fish.map((label, i) => ({ id: `${i}`, label })).reverse()),
  ],
  [
    "label2id with indices in quotes",
    "a.json",
    JSON.stringify({ label2id: { [fish[2]]: "2", [fish[1]]: "1", [fish[0]]: "0" } }),
  ],
  ["a single row of a table", "a.csv", fish.map((name) => `"${name}"`).join(";") + "\n"],
  [
    "COCO's categories, with gaps",
    "a.json",
    JSON.stringify({ categories: fish.map((name, i) => ({ id: 3 * i + 1, name })) }),
  ],
  ["pairs of WordNet id and name", "a.json", JSON.stringify(fish.map((name, i) => [wnids[i], name]))],
  ["Keras' index", "a.json", JSON.stringify(Object.fromEntries(fish.map((name, i) => [i, [wnids[i], name]])))],
  [
    "pairs of another id and name",
    "a.json",
    JSON.stringify(Object.fromEntries(fish.map((name, i) => [i, [`s${i}`, name]]))),
  ],
  ["an object by index, out of order", "a.json", `{"2":"${fish[2]}","0":"${fish[0]}","1":"${fish[1]}"}`],
  ["an object by index from 1", "a.json", JSON.stringify(Object.fromEntries(fish.map((name, i) => [i + 1, name])))],
  ["an object from name to index", "a.json", JSON.stringify({ [fish[1]]: 1, [fish[0]]: 0, [fish[2]]: 2 })],
  ["an object by WordNet id", "a.json", JSON.stringify(Object.fromEntries(fish.map((name, i) => [wnids[i], name])))],
  ["a hub's config.json", "config.json", JSON.stringify({ model_type: "vit", label2id: {}, id2label: { ...fish } })],
  [
    "timm's config.json",
    "config.json",
    JSON.stringify({
      architecture: "resnet18",
      label_names: wnids,
      label_descriptions: Object.fromEntries(fish.map((name, i) => [wnids[i], name])),
    }),
  ],
  [
    "class_to_idx inside",
    "a.json",
    JSON.stringify({ model: { classes: 3 }, class_to_idx: { [fish[2]]: 2, [fish[0]]: 0, [fish[1]]: 1 } }),
  ],
  ["one a line", "a.txt", fish.join("\n")],
  ["one a line, from Windows, with a mark and blank lines", "a.txt", `\uFEFF${fish.join("\r\n")}\r\n\r\n`],
  ["UTF-16", "a.txt", Buffer.from(`\uFEFF${fish.join("\r\n")}`, "utf16le")],
  ["JSON with a mark", "a.json", `\uFEFF${JSON.stringify(fish)}`],
  ["WordNet's synsets", "synset.txt", fish.map((name, i) => `${wnids[i]} ${name}`).join("\n")],
  ["numbers before, with colons", "a.txt", numbered(0, (i, name) => `${i}: ${name}`)],
  ["numbers from 1 before", "a.txt", numbered(1, (i, name) => `${i} ${name}`)],
  ["numbers behind", "a.txt", numbered(0, (i, name) => `${name} ${i}`)],
  ["Places' list", "a.txt", numbered(0, (i, name) => `/${name[0]}/${name} ${i}`)],
  [
    "a table with a header, its lines ended as on old Macs",
    "a.csv",
    `index,name\r${fish.map((name, i) => `${i},"${name}"`).join("\r")}\r`,
  ],
  ["numbers, then WordNet ids", "a.txt", numbered(0, (i, name) => `${i}\t${wnids[i]}\t${name}`)],
  ["a remark, then quoted lines", "a.txt", `# fish\n${fish.map((name) => `"${name}",`).join("\n")}`],
  ["a Python dictionary", "a.txt", `{0: 'tench, Tinca tinca',\n 1: 'goldfish',\n 2: "great white shark"}`],
  ["a Python list", "a.txt", `['tench, Tinca tinca', 'goldfish', 'great white shark']`],
  [
    "YOLO's data.yaml, in one line",
    "data.yaml",
    `nc: 3\nnames: ['tench, Tinca tinca', "goldfish", great white shark] # all\n`,
  ],
  [
    "YAML, over lines",
    "data.yaml",
    `path: x\nnames:\n  0: tench, Tinca tinca\n  1: goldfish\n  2: 'great white shark'\nnc: 3\n`,
  ],
  ["YAML, a list below", "data.yaml", `names:\n- tench, Tinca tinca\n- goldfish # 金\n- great white shark\ntrain: x\n`],
  [
    "YAML, a list over lines",
    "data.yaml",
    `names: [\n  "tench, Tinca tinca",\n  "goldfish", "great white shark"\n]\nnc: 3`,
  ],
  [
    "CSV with a header",
    "a.csv",
    `index,wnid,name\n2,${wnids[2]},${fish[2]}\n0,${wnids[0]},"${fish[0]}"\n1,${wnids[1]},${fish[1]}\n`,
  ],
  ["CSV with semicolons in a .txt", "a.txt", `id;name\n${numbered(0, (i, name) => `${i};${name}`)}`],
  ["CSV without a header", "a.csv", `${wnids[0]},"${fish[0]}"\n${wnids[1]},${fish[1]}\n${wnids[2]},${fish[2]}`],
  [
    "a TensorFlow label map",
    "a.pbtxt",
    numbered(1, (i, name) => `item {\n  name: "${wnids[i - 1]}"\n  id: ${i}\n  display_name: "${name}"\n}`),
  ],
];

describe("class names are read in the forms in which people hold them", () => {
  for (const [what, name, content] of FORMS) {
    test(what, async () => assert.deepEqual(await readClasses(file(name, content)), fish));
  }

  test("numbers as names stay; Western letters that are not UTF-8 are read", async () => {
    assert.deepEqual(await readClasses(file("digits.json", "[0, 1, 2]")), ["0", "1", "2"]);
    assert.deepEqual(await readClasses(file("digits.txt", "0\n1\n2\n")), ["0", "1", "2"]);
    assert.deepEqual(await readClasses(file("western.txt", Buffer.from("Hütte\nDom", "latin1"))), ["Hütte", "Dom"]);
    assert.deepEqual(await readClasses(file("cub.txt", "1 001.Albatross\n2 002.Auklet")), [
      "001.Albatross",
      "002.Auklet",
    ]);
    assert.deepEqual(await readClasses(file("cars.txt", "Audi 80\nBMW 3")), ["Audi 80", "BMW 3"]);
  });
});

test("what holds no names, or holds them with a gap, is refused and says why", async () => {
  const refused = (name: string, content: string, pattern: RegExp) =>
    assert.rejects(readClasses(file(name, content)), { name: "CamlabError", message: pattern });
  await refused("gap.json", `{"0": "a", "2": "c"}`, /gap\.json: index 1 is missing/);
  await refused("twice.json", `{"a": 0, "b": 1, "c": 1}`, /index 1 is there twice \("b" and "c"\)/);
  await refused("late.json", `{"5": "a", "6": "b"}`, /its first index is 5/);
  await refused("other.json", `{"weights": [1, 2], "bias": 3}`, /its fields \("weights", "bias"\) are neither/);
  await refused("null.json", `["a", null]`, /item 1 of its list has no name/);
  await refused("blank.json", `["a", "  "]`, /name 1 is empty/);
  await refused("none.json", "[]", /it holds no names/);
  await refused("empty.txt", "\n \n", /it holds no names/);
  await refused("cut.json", `["a", "b`, /it looks like JSON, but/);
  await refused("cut.csv", `index,name\n0,"a\n1,b`, /a quote in it is never closed/);
  await refused("weights.bin", "a\0b", /it is no text/);
  await assert.rejects(readClasses(folder), /it is no file/);
  await assert.rejects(readClasses(join(folder, "missing.json")), { name: "CamlabError", message: /cannot read/ });
});
