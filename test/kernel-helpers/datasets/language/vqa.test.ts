import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { readVqa, vqaImageName } from "../../../../src/kernel-helpers/datasets/language/vqa.js";

test("VQA's images are called as distributed: photos, abstract scenes, the test-dev part", () => {
  assert.equal(vqaImageName(262148, "val2014"), "COCO_val2014_000000262148.jpg");
  assert.equal(vqaImageName(42, "test-dev2015"), "COCO_test2015_000000000042.jpg");
  assert.equal(vqaImageName(7, "train2015", "abstract_v002"), "abstract_v002_train2015_000000000007.png");
});

test("VQA v1: multiple-choice questions, and which images they are of", async () => {
  const folder = await mkdtemp(join(tmpdir(), "camlab-vqa-"));
  try {
    const file = join(folder, "MultipleChoice_mscoco_val2014_questions.json");
    const asked = { image_id: 42, question_id: 420, question: "What?", multiple_choices: ["yes", "2"] };
    const head = { data_type: "mscoco", data_subtype: "val2014", task_type: "Multiple-Choice", num_choices: 18 };
    await writeFile(file, JSON.stringify({ ...head, questions: [asked] }));
    assert.deepEqual((await readVqa(file)).pictures, [
      {
        file: join(folder, "COCO_val2014_000000000042.jpg"),
        id: "42",
        questions: [{ id: 420, question: "What?", choices: ["yes", "2"] }],
      },
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("a question or an annotation that is not VQA's is named", async () => {
  const folder = await mkdtemp(join(tmpdir(), "camlab-vqa-"));
  try {
    const [questions, annotations] = [join(folder, "q.json"), join(folder, "a.json")];
    const asked = { image_id: 42, question_id: 420, question: "What?" };
    const of = { data_type: "mscoco", data_subtype: "val2014" };
    const list = [asked, { image_id: 42 }, { ...asked, question: "Again?" }];
    await writeFile(questions, JSON.stringify({ ...of, questions: list }));
    const { pictures, notes } = await readVqa(questions);
    assert.equal(pictures[0].questions?.length, 1);
    assert.match(
      notes![0],
      /^1 of 3 questions of .*q\.json; 2 left out: question 2 of the list \(it lacks image_id.*; question 420 \(its number is that of/,
    );
    await writeFile(questions, JSON.stringify({ questions: [asked] }));
    await assert.rejects(readVqa(questions), /question 420 \(the file does not say of which images it is/);
    await writeFile(questions, JSON.stringify({ ...of, questions: [asked] }));
    for (const wrong of [null, { question_id: 420 }, { question_id: 420, answers: [{ answer: 2 }] }]) {
      await writeFile(annotations, JSON.stringify({ annotations: [wrong] }));
      await assert.rejects(
        readVqa(questions, { annotations }),
        /a\.json cannot be used: .*annotation .*it lacks (question_id|answers)/,
      );
    }
    await writeFile(questions, "null");
    await assert.rejects(readVqa(questions), /has no list "questions"/);
  } finally {
    await rm(folder, { recursive: true });
  }
});

describe("real data: VQA v2", { skip: !process.env.CAMLAB_REAL }, () => {
  test("the images that the questions ask of lie there under their names", async () => {
    const folder = join(process.env.CAMLAB_REAL!, "data", "vqa-v2-format");
    const annotations = join(folder, "annotations.json");
    const { pictures } = await readVqa(join(folder, "questions.json"), { annotations, images: folder });
    assert.ok(pictures.length > 0);
    for (const { file, questions = [] } of pictures) {
      assert.ok(existsSync(file), file);
      assert.ok(questions.length > 0 && questions.every(({ answers }) => answers?.length === 10));
    }
  });
});
