import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import {
  Dictionary,
  Field,
  FixedSizeList,
  Float32,
  Int32,
  Table,
  tableFromArrays,
  tableToIPC,
  Utf8,
  vectorFromArray,
} from "apache-arrow";
import { featuresFromArrow, featuresToArrow } from "../../../src/kernel-helpers/features/feature-arrow.js";
import { loadFeatures, saveFeatures } from "../../../src/kernel-helpers/features/feature-files.js";
import { FeatureTable } from "../../../src/kernel-helpers/features/feature-table.js";
import type { Picture } from "../../../src/kernel-helpers/images/picture.js";
import { CamlabError } from "../../../src/kernel-helpers/support/errors.js";
import { seededRandom } from "../../../src/kernel-helpers/support/random.js";
import { temporaryFolder } from "./photos.js";

const random = seededRandom("changed files");
const table = new FeatureTable<Picture>({
  rows: 5,
  columns: 3,
  data: Float32Array.from({ length: 15 }, () => 3 * random() - 1),
  pictures: Array.from({ length: 5 }, (_, i) => ({
    file: `photo ${i}.jpg`,
    label: i % 2 ? "cat" : "dog",
    split: i < 3 ? "train" : "test",
    ...(i === 1 && { id: "one", labels: ["cat", "a, b"], region: { x: 1, y: 2.5, width: 3, height: 4 }, flip: true }),
  })),
  crops: [undefined, "centre", undefined, undefined, "ten"],
  skipped: [{ picture: { file: "bad.jpg" }, error: "cannot be read" }],
  origin: { software: "camlab", network: "n", fingerprint: "f", layer: "l", pooling: "average", preprocessing: "p" },
});

/** All that a table says, whatever the order of fields. */
const content = ({ rows, columns, data, pictures, crops }: FeatureTable) =>
  JSON.stringify([rows, columns, [...data], pictures.map((picture) => Object.entries(picture).sort()), crops]);

describe("features that were changed on the way", () => {
  const folder = temporaryFolder();
  after(() => rmSync(folder, { recursive: true }));

  for (const ending of [".arrow", ".npy", ".csv"]) {
    test(`${ending}: whichever byte is another, the file is refused or says the same`, async () => {
      const path = join(folder, `features${ending}`);
      await saveFeatures(table, path);
      const wanted = content(await loadFeatures(path));
      const whole = readFileSync(path);
      let refused = 0;
      for (let at = 0; at < whole.length; at += ending === ".arrow" ? 7 : 1) {
        const bytes = Buffer.from(whole);
        bytes[at] ^= 1 << (at % 8);
        writeFileSync(path, bytes);
        try {
          assert.equal(content(await loadFeatures(path)), wanted, `byte ${at} of ${whole.length}`);
        } catch (error) {
          assert.ok(error instanceof CamlabError, `byte ${at}: ${String(error)}`);
          refused++;
        }
      }
      assert.ok(refused > 100, `${refused}`);
      for (const length of [0, 1, 40, whole.length >> 1, whole.length - 12]) {
        writeFileSync(path, whole.subarray(0, length));
        await assert.rejects(loadFeatures(path), CamlabError, `cut at ${length}`);
      }
      writeFileSync(path, whole);
      await loadFeatures(path);
    });
  }

  test("one of the two seals of an Arrow file that is another is enough to refuse it", () => {
    const whole = Buffer.from(featuresToArrow(table));
    const seals: number[] = [];
    for (let at = whole.indexOf("camlab-sha256:"); at >= 0; at = whole.indexOf("camlab-sha256:", at + 1))
      seals.push(at);
    assert.equal(seals.length, 2, "the schema stands at both ends");
    for (const at of seals) {
      for (const digit of [0, 63]) {
        const bytes = Buffer.from(whole);
        const place = at + 14 + digit;
        bytes[place] = bytes[place] === 0x30 ? 0x31 : 0x30;
        assert.throws(() => featuresFromArrow(bytes), /it is not as it was saved: its checksum differs/);
      }
    }
    assert.equal(featuresFromArrow(whole).rows, 5);
    // What only looks like a seal at the very end is none.
    const foreign = Buffer.concat([Buffer.from("no table"), Buffer.from("camlab-sha256:0123")]);
    assert.throws(() => featuresFromArrow(foreign), /it is not an Arrow file|leads nowhere/);
  });

  test("the rows beside a .npy file are checked with it", async () => {
    const path = join(folder, "rows.npy");
    await saveFeatures(table, path);
    const names = join(folder, "rows.rows.csv");
    const text = readFileSync(names, "utf8");
    for (const [from, to, message] of [
      ["dog", "cat", /rows\.rows\.csv is not as it was saved: the check of row 2 differs/],
      ["train", "test", /the check of row 2 differs/],
      ["photo 4.jpg,dog,test", "photo 4.jpg,dog", /row 6: \d+ fields, the first line has/],
      [/photo 4.*\n/, "", /5 rows of features, but .*rows\.rows\.csv names 4/],
    ] as const) {
      writeFileSync(names, text.replace(from, to));
      await assert.rejects(loadFeatures(path), message);
    }
    rmSync(names);
    assert.deepEqual((await loadFeatures(path)).files, ["row 0", "row 1", "row 2", "row 3", "row 4"]);
  });

  test("a CSV that was changed on purpose is read without its checks; lost rows are noticed", async () => {
    const path = join(folder, "edited.csv");
    await saveFeatures(table, path);
    const lines = readFileSync(path, "utf8").split("\n");
    writeFileSync(path, lines.map((line) => line.replace(",dog,", ",wolf,")).join("\n"));
    await assert.rejects(loadFeatures(path), /edited\.csv is not as it was saved.*leave its column "check" out/);
    writeFileSync(path, lines.filter((_, i) => i !== 4).join("\n"));
    await assert.rejects(loadFeatures(path), /the check of row 2 differs/);
    // One more field in every row: the check is the last of those about the picture.
    const place = lines[0].split(",").indexOf("check");
    const free = lines.map((line) => line.replace(",dog,", ",wolf,")).map((line) => withoutField(line, place));
    writeFileSync(path, free.join("\n"));
    const read = await loadFeatures(path);
    assert.deepEqual(read.labels, ["wolf", "cat", "wolf", "cat", "wolf"]);
    assert.deepEqual(read.data, table.data);
  });

  test("a CSV from elsewhere: columns in any order, strangers among them; what cannot be meant is refused by place", async () => {
    const path = join(folder, "foreign.csv");
    const load = (text: string) => {
      writeFileSync(path, text);
      return loadFeatures(path);
    };
    const read = await load("f1,note,file,f0,labels\n2,x,a.jpg,1,cat|dog\n4,,b.jpg,3,\n");
    assert.deepEqual(read.data, Float32Array.of(1, 2, 3, 4));
    assert.deepEqual(read.pictures, [{ file: "a.jpg", labels: ["cat", "dog"] }, { file: "b.jpg" }]);
    assert.equal(read.crops, undefined);
    for (const [text, message] of [
      ["file,f0\na,x\n", /row 2: f0 is no number/],
      ["file,f0\na,\n", /row 2: f0 is no number/],
      ["file,f0\na,1e39\n", /row 2: f0 is no number/],
      ["file,f0\na,1\nb\n", /row 3: 1 fields, the first line has 2/],
      ["file,f0,f2\na,1,2\n", /2 columns f0, f1, …, but no f1/],
      ["file,f0,f0\na,1,2\n", /two columns f0/],
      ["file,label\na,b\n", /no columns f0, f1/],
      ['file,f0,labels\na,1,"[1]"\n', /row 2: labels should be a list/],
      ["file,f0,region_x,region_y,region_width\na,1,2,3,4\n", /row 2: a region needs/],
      ["file,f0,region_x,region_y,region_width,region_height\na,1,2,3,4,x\n", /row 2: a region needs/],
    ] as const) {
      await assert.rejects(load(text), message, text);
    }
  });

  test("without a seal no byte of an Arrow file can make reading crash or hang", () => {
    const bytes = Buffer.from(featuresToArrow(table));
    for (let at = bytes.indexOf("camlab-sha256:"); at >= 0; at = bytes.indexOf("camlab-sha256:")) bytes[at] = 88;
    const outcomes = { read: 0, refused: 0 };
    for (let i = 0; i < 4000; i++) {
      const changed = Buffer.from(bytes);
      changed[Math.floor(random() * bytes.length)] ^= 1 << Math.floor(8 * random());
      if (i % 5 === 0) changed[Math.floor(random() * bytes.length)] = Math.floor(256 * random());
      try {
        const read = featuresFromArrow(changed);
        assert.equal(read.data.length, read.rows * read.columns);
        outcomes.read++;
      } catch (error) {
        assert.ok(error instanceof CamlabError, String(error));
        outcomes.refused++;
      }
    }
    assert.ok(outcomes.read > 1000 && outcomes.refused > 500, JSON.stringify(outcomes));
  });
});

/** A line of CSV less one field; commas within quotes are none. */
function withoutField(line: string, place: number): string {
  const fields = line.match(/("([^"]|"")*"|[^,]*)(,|$)/g) ?? [];
  return fields.filter((_, i) => i !== place).join("");
}

describe("labels in files of features", () => {
  const numbered = table.with((_, row) => ({ label: [3, 10, 3, 1, 10][row] as unknown as string }));

  test("that are numbers come back as numbers from Arrow, beside texts as texts", () => {
    const read = featuresFromArrow(featuresToArrow(numbered));
    assert.deepEqual(read.labels, [3, 10, 3, 1, 10]);
    const mixed = table.with((_, row) => ({ label: (row ? "cat" : 3) as string }));
    assert.deepEqual(featuresFromArrow(featuresToArrow(mixed)).labels, ["3", "cat", "cat", "cat", "cat"]);
    const lists = table.with((_, row) => ({ labels: [row, 7] as unknown as string[] }));
    assert.deepEqual(featuresFromArrow(featuresToArrow(lists)).pictures[2].labels, [2, 7]);
  });

  test("of other programs: whole numbers, categories, nothing at all", () => {
    const rows = [1, 2, 3, 4].map((value) => [value, -value]);
    const features = vectorFromArray(rows, new FixedSizeList(2, new Field("item", new Float32())));
    const labels = new Table({
      features,
      label: vectorFromArray([5, null, 7, 5], new Int32()),
      split: vectorFromArray(["a", "b", null, "a"], new Dictionary(new Utf8(), new Int32())),
    });
    const read = featuresFromArrow(tableToIPC(labels, "file"));
    assert.deepEqual(
      read.pictures.map(({ label, split }) => [label, split] as unknown[]),
      [
        [5, "a"],
        [undefined, "b"],
        [7, undefined],
        [5, "a"],
      ],
    );
    assert.deepEqual(featuresFromArrow(tableToIPC(labels, "stream")).pictures, read.pictures);
    const wrong = new Table({ features, label: vectorFromArray([true, false, true, true]) });
    assert.throws(() => featuresFromArrow(tableToIPC(wrong, "file")), /column label does not hold texts or numbers/);
    assert.throws(() => featuresFromArrow(tableToIPC(tableFromArrays({ a: [1] }), "file")), /no column "features"/);
  });
});
