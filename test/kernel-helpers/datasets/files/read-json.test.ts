import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { readCoco } from "../../../../src/kernel-helpers/datasets/objects/coco/coco.js";
import { inTree } from "../tree.js";

const refusal = (text: string) =>
  inTree({ "a.json": text }, async (folder) => {
    const error = await readCoco(join(folder, "a.json")).then(() => undefined, (one: Error) => one); // prettier-ignore
    return error?.message.replaceAll(folder, "F");
  });

test("a file that is no JSON at all is told as what it is", async () => {
  const voc = "<annotation><object><bndbox></bndbox></object></annotation>";
  assert.match(
    (await refusal(voc))!,
    /^F\/a\.json is no JSON: .*; it looks like Pascal VOC's annotations, which readVoc reads$/,
  );
  assert.match(
    (await refusal("image,label\na.png,cat\n"))!,
    /; it looks like a list of labels in CSV, which readCsvList reads$/,
  );
});

test("JSON that is cut short or empty is said to be, and nothing else", async () => {
  assert.match((await refusal('{"images": [], "annotations": ['))!, /is no JSON: it is cut short \([^;]*$/);
  assert.equal(await refusal(""), "F/a.json is no JSON: it is empty");
});
