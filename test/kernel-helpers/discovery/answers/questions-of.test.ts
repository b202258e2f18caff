import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { drawWorld } from "../../../../src/world/draw-world.js";
import { ask } from "../../../../src/kernel-helpers/discovery/answers/ask.js";
import { pointAtEvidence } from "../../../../src/kernel-helpers/discovery/answers/evidence.js";
import { questionsOf } from "../../../../src/kernel-helpers/discovery/answers/questions-of.js";
import { testAnswers } from "../../../../src/kernel-helpers/discovery/answers/test-answers.js";
import { trainAnswers } from "../../../../src/kernel-helpers/discovery/answers/train-answers.js";
import { readQuestions } from "../../../../src/kernel-helpers/datasets/language/questions-json.js";
import { readWorld } from "../../../../src/world/read-world.js";
import { extractFeatures } from "../../../../src/kernel-helpers/features/extract-features.js";
import { openNetwork } from "../../../../src/kernel-helpers/networks/open-network.js";

describe("questions about photos", () => {
  let folder: string;
  before(async () => (folder = await mkdtemp(join(tmpdir(), "camlab-questions-"))));
  after(() => rm(folder, { recursive: true }));

  test("of a picture, with where their evidence is; a question's own split goes before its picture's", () => {
    const box = { x: 1, y: 2, width: 3, height: 4 };
    const mask = { width: 9, height: 9, counts: [20, 2, 59] };
    const around = { x: 0, y: 0, width: 5, height: 5 };
    const pixels = { width: 1, height: 1, data: new Uint8Array(3) };
    const objects = [
      { id: 7, name: "cup", box, mask },
      { id: 8, name: "table", box: around },
    ];
    const questions = [
      { question: "What is on the table?", answer: "cup", objects: [7, 8], box: around },
      { question: "Where is it?", box: around, split: "test" },
      { question: "Why?" },
    ];
    const other = { file: "b.png", questions: [{ question: "Who?" }] };
    const photo = { file: pixels, id: "drawn", split: "train", objects, questions };
    assert.deepEqual(questionsOf({ pictures: [photo, { file: "bare.png" }, other] }), [
      {
        ...questions[0],
        picture: photo,
        split: "train",
        evidence: [
          { name: "cup", box, mask },
          { name: "table", box: around },
        ],
      },
      { ...questions[1], picture: photo, split: "test", evidence: [{ box: around }] },
      { question: "Why?", picture: photo, split: "train" },
      { question: "Who?", picture: other },
    ]);
  });

  test("from VQA's files, beside their photos", async () => {
    const file = join(folder, "q.json");
    const asked = { image_id: 5, question_id: 50, question: "Why?" };
    await writeFile(file, JSON.stringify({ data_type: "mscoco", data_subtype: "val2014", questions: [asked] }));
    const set = await readQuestions(file, { images: "photos", split: "test" });
    const photo = join("photos", "COCO_val2014_000000000005.jpg");
    assert.deepEqual(set.pictures, [
      { file: photo, id: "5", split: "test", questions: [{ id: 50, question: "Why?" }] },
    ]);
    assert.deepEqual(questionsOf(set), [{ picture: set.pictures[0], id: 50, question: "Why?", split: "test" }]);
    await writeFile(file, JSON.stringify({ questions: [asked] }));
    await assert.rejects(readQuestions(file), /does not say of which images it is/);
  });

  test("from a plain list; a wrong entry is named", async () => {
    const file = join(folder, "list.json");
    await mkdir(join(folder, "images"));
    await writeFile(file, JSON.stringify([{ image: "a.jpg", question: "Why?", answers: ["so"], image_id: 3 }]));
    assert.deepEqual((await readQuestions(file)).pictures, [
      {
        file: join(folder, "images", "a.jpg"),
        id: "a.jpg",
        questions: [{ question: "Why?", answer: "so", answers: ["so"] }],
      },
    ]);
    await writeFile(file, JSON.stringify([{ image: "a.jpg", question: "Who?", answers: ["a cat", "a dog", "a dog"] }]));
    assert.equal(questionsOf(await readQuestions(file))[0].answer, "a dog");
    await writeFile(file, JSON.stringify([{ image: "a.jpg", question: "Why?" }, { image: "a.jpg" }]));
    const { pictures, notes } = await readQuestions(file);
    assert.equal(pictures.length, 1);
    assert.match(String(notes), /list\.json; 1 left out: entry 2 \("question" must be a text\)/);
    await assert.rejects(readQuestions(join(folder, "none.json")), /there is no such file/);
  });

  test("from a drawn folder: the same as from the data set; maps are held against its evidence", async () => {
    const drawn = await drawWorld("questions", { train: 6, test: 3, seed: 5, folder });
    const questions = questionsOf(drawn);
    assert.deepEqual(questionsOf(await readWorld(drawn.folder)), questions);
    assert.ok(questions.every(({ answers, evidence }) => answers?.length === 10 && evidence?.length));
    using network = await openNetwork("teaching");
    const features = await extractFeatures(network, drawn, { cache: false });
    const model = await trainAnswers(features, questions, { leastPerAnswer: 1 });
    for (const region of ["mask", "box"] as const) {
      const { overall, byQuestionType, peaks } = await pointAtEvidence(model, network, questions, { region });
      assert.equal(peaks.length, questions.length);
      const share = peaks.filter(({ hit }) => hit).length / peaks.length;
      assert.ok(Math.abs(overall.pointing.value - share) < 1e-12);
      assert.ok(peaks.every(({ chance }) => chance > 0 && chance <= 1));
      assert.equal(
        byQuestionType.reduce((sum, kind) => sum + kind.questions, 0),
        questions.length,
      );
    }
    await assert.rejects(
      pointAtEvidence(model, network, [{ picture: { file: "a" }, question: "?" }]),
      /where its evidence is/,
    );
    await assert.rejects(
      pointAtEvidence(model, network, questions, { of: "truth" as "answer" }),
      /invalid of: "truth"/,
    );
    const gone = { ...questions[0], picture: { file: join(folder, "gone.jpg") } };
    const { skipped, peaks } = await pointAtEvidence(model, network, [gone, questions[1]]);
    assert.deepEqual([skipped.map(({ picture }) => picture.file), peaks.length], [[gone.picture.file], 1]);
    await assert.rejects(pointAtEvidence(model, network, [gone]), /none of 1 photos could be read, first .*gone\.jpg/);
    const small = { width: 2, height: 1, counts: [0, 2] };
    const wrong = { ...questions[0], evidence: [{ ...questions[0].evidence![0], mask: small }] };
    await assert.rejects(
      pointAtEvidence(model, network, [wrong]),
      /mask of evidence has 2×1 pixels, the photo has 224×224/,
    );
  });
});

describe("real data: questions about COCO's photographs", { skip: !process.env.CAMLAB_REAL }, () => {
  test("are read, learned and asked", async () => {
    const questions = questionsOf(await readQuestions(join(process.env.CAMLAB_REAL!, "data/coco-vqa/questions.json")));
    assert.equal(questions.length, 31);
    using network = await openNetwork("mobilenet_v1_0.75_224", { models: join(process.env.CAMLAB_REAL!, "models") });
    const features = await extractFeatures(network, new Set(questions.map(({ picture }) => picture)));
    assert.equal(features.skipped.length, 0);
    const model = await trainAnswers(features, questions);
    const { accuracy } = testAnswers(model, features, questions, { resamples: 20 });
    // On what it learned from; answers that come once are not learned.
    assert.ok(accuracy.value > 0.3, `${accuracy.value}`);
    const { answers, notes } = await ask(model, network, questions[0].picture, "Is this a zeppelin?");
    assert.ok(answers.length > 1 && answers[0].map.data.length === 49);
    assert.match(notes[0], /zeppelin/);
  });
});
