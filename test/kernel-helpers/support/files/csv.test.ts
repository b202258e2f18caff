import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { csvField, csvLine, csvText, parseCsv } from "../../../../src/kernel-helpers/support/files/csv.js";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";

describe("reading", () => {
  const reads = (name: string, text: string, rows: string[][]) =>
    test(name, () => assert.deepEqual(parseCsv(text), rows));

  reads("quoted fields hold commas, line breaks and doubled quotes", 'a,"b, c"\n"x\ny","say ""hi"""\n', [
    ["a", "b, c"],
    ["x\ny", 'say "hi"'],
  ]);
  reads("lines end in any of the three ways, the last with or without an end", "a,b\r\nc,d\re,f\ng,h", [
    ["a", "b"],
    ["c", "d"],
    ["e", "f"],
    ["g", "h"],
  ]);
  reads("line breaks inside quotes stay as they are", '"a\r\nb\r"\n', [["a\r\nb\r"]]);
  reads("a byte-order mark is no part of the first field, quoted or not", '\uFEFF"a",b', [["a", "b"]]);
  reads("empty fields are fields, at the end of the text, too", "a,,\n,b,", [
    ["a", "", ""],
    ["", "b", ""],
  ]);
  reads("empty lines are passed over, an empty field in quotes is not", '\n\na\n\n""\n', [["a"], [""]]);
  reads("a quote inside a field that does not begin with one is a character", '5" disk,x\n', [['5" disk', "x"]]);
  reads("what follows a closing quote belongs to the field", '"a"b,c\n', [["ab", "c"]]);
  reads("spaces are part of a field", " a , b \n", [[" a ", " b "]]);
  reads("nothing is no row", "", []);

  test("a quote that is never closed is an error that names the line it is opened in", () => {
    assert.throws(() => parseCsv('a,b\n"x\ny",ok\nc,"d\ne,f\n', "labels.csv"), {
      name: "CamlabError",
      message: "labels.csv, row 3, line 4: a quote is opened and never closed",
    });
    assert.throws(() => parseCsv('"'), /row 1: a quote is opened/);
    assert.throws(() => parseCsv('a\r\n\r\n"b""\r\n'), /row 2, line 3: a quote/);
  });
});

describe("writing", () => {
  test("quotes only where they must be", () => {
    assert.equal(csvField("plain text"), "plain text");
    assert.equal(csvField("a,b"), '"a,b"');
    assert.equal(csvField('say "hi"'), '"say ""hi"""');
    assert.equal(csvField("a\rb"), '"a\rb"');
    assert.equal(csvLine([1, 0.25, true, null, undefined, "x"]), "1,0.25,true,,,x\n");
  });

  test("what is written is read back, whatever it holds", () => {
    const random = seededRandom("csv");
    const characters = ["a", "ß", ",", '"', "\n", "\r", " ", ""];
    for (let round = 0; round < 300; round++) {
      const columns = 1 + Math.floor(4 * random());
      const field = () => Array.from({ length: 5 }, () => characters[Math.floor(8 * random())]).join("");
      const rows = Array.from({ length: 5 }, () => Array.from({ length: columns }, field));
      assert.deepEqual(parseCsv(csvText(rows)), rows);
    }
    assert.deepEqual(parseCsv(csvText([[""], ["a"], [""]])), [[""], ["a"], [""]]);
  });
});
