import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { readCaptionsCsv } from "../../../../src/kernel-helpers/datasets/language/captions-csv.js";
import { readCocoCaptions } from "../../../../src/kernel-helpers/datasets/language/coco-captions.js";
import { makeDataset } from "../../../../src/world/make-dataset.js";
import { readRecords } from "../../../../src/world/read-world.js";

describe("readers of captions", () => {
  const folder = mkdtempSync(join(tmpdir(), "camlab-captions-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  test("COCO: several captions an image, trimmed; an image without any is kept", async () => {
    const file = write(
      "captions.json",
      JSON.stringify({
        images: [
          { id: 7, file_name: "COCO_7.jpg", width: 6, height: 4 },
          { id: 3, file_name: "COCO_3.jpg", width: 6, height: 4 },
        ],
        annotations: [
          { id: 1, image_id: 3, caption: "A boat on the lake.\n" },
          { id: 2, image_id: 3, caption: "Boat." },
        ],
      }),
    );
    assert.deepEqual((await readCocoCaptions(file, { images: "/photos", split: "train" })).pictures, [
      { file: join("/photos", "COCO_7.jpg"), id: "COCO_7.jpg", captions: [], split: "train" },
      {
        file: join("/photos", "COCO_3.jpg"),
        id: "COCO_3.jpg",
        captions: ["A boat on the lake.", "Boat."],
        split: "train",
      },
    ]);
  });

  test("the drawn world writes COCO captions", async () => {
    const made = join(folder, "phrases");
    await makeDataset("phrases", made, { train: 3, test: 1 });
    const { pictures } = await readCocoCaptions(join(made, "annotations", "captions.json"), {
      images: join(made, "images"),
    });
    const records = [];
    for await (const { file, captions } of readRecords(made)) records.push({ id: file, captions });
    assert.deepEqual(
      pictures.map(({ id, captions }) => ({ id, captions })),
      records,
    );
  });

  test("CSV: one caption a row, commas in quotes, splits", async () => {
    const file = write(
      "captions.csv",
      'image,comment,caption,split\na.jpg,0,"A cat, asleep",train\nb.jpg,0,A dog,test\na.jpg,1, One cat ,train\nc.jpg,0,,test\n',
    );
    assert.deepEqual((await readCaptionsCsv(file, { images: "/photos" })).pictures, [
      { file: join("/photos", "a.jpg"), id: "a.jpg", captions: ["A cat, asleep", "One cat"], split: "train" },
      { file: join("/photos", "b.jpg"), id: "b.jpg", captions: ["A dog"], split: "test" },
      { file: join("/photos", "c.jpg"), id: "c.jpg", captions: [], split: "test" },
    ]);
    const plain = write("plain.csv", "image,caption\nx.png,A cat\n");
    assert.deepEqual((await readCaptionsCsv(plain)).pictures, [
      { file: join(folder, "x.png"), id: "x.png", captions: ["A cat"] },
    ]);
  });

  test("CSV: says which row is wrong", async () => {
    await assert.rejects(readCaptionsCsv(write("1.csv", "image,label\n")), /needs a header with the columns image,cap/);
    await assert.rejects(readCaptionsCsv(write("2.csv", "image,caption\na.jpg\n")), /row 2 \(1 columns are too few\)/);
    await assert.rejects(readCaptionsCsv(write("3.csv", "image,caption,split\na,b,dev\n")), /row 2 \(split "dev"/);
    const both = write("4.csv", "image,caption,split\na,x,train\na,y,test\n");
    const { pictures, notes } = await readCaptionsCsv(both);
    assert.deepEqual(pictures[0].captions, ["x"]);
    assert.match(notes![0], /^1 of 2 rows of .*4\.csv; 1 left out: row 3 \(a is test here, but train before\)$/);
  });
});
