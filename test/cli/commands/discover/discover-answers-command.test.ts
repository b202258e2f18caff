import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { beach, camlab } from "../../camlab.js";
import { ownFolder } from "../../../own-folder.js";

describe("camlab discover answers", () => {
  const folder = ownFolder("cli-answers");
  const model = join(folder, "model.json");
  const list = join(folder, "list.json");
  before(async () => {
    const asked = ["What is this?", "Where is this?", "Is it warm?"];
    const answers = ["a beach", "by the sea", "yes"];
    const entries = asked.map((question, i) => ({ image: beach, question, answer: answers[i] }));
    await writeFile(list, JSON.stringify([...entries, ...entries]));
  });

  test("train writes a model, test judges it, ask asks it", async () => {
    const trained = await camlab("discover", "answers", "train", list, "-n", "teaching", "-o", model, "--json");
    assert.equal(trained.code, 0, trained.stderr);
    const report = JSON.parse(trained.stdout) as { questions: number; answers: number; network: string };
    assert.deepEqual([report.questions, report.answers, report.network], [6, 3, "teaching"]);
    assert.match(await readFile(model, "utf8"), /"format": "camlab answer model"/);

    const tested = await camlab("discover", "answers", "test", list, "-m", model);
    assert.match(tested.stdout, /6 questions about one photo\naccuracy by the VQA metric 100\.0 %/);

    const picture = join(folder, "asked.svg");
    const asked = await camlab(
      "discover",
      "answers",
      "ask",
      beach,
      "Where is this?",
      "Is it cold?",
      "-m",
      model,
      "-o",
      picture,
    );
    assert.equal(asked.code, 0, asked.stderr);
    assert.match(asked.stdout, /^Where is this\?\n {2}by the sea +\d+\.\d % {2}where \+/);
    assert.match(asked.stderr, /note: fewer than 2 training questions had the word “cold”/);
    assert.match(await readFile(picture, "utf8"), /^<svg/);

    const json = JSON.parse(
      (await camlab("discover", "answers", "ask", beach, "Is it warm?", "-m", model, "--json")).stdout,
    ) as {
      asked: { answers: { answer: string; map: { width: number; data: number[] } }[] }[];
    };
    const [best] = json.asked[0].answers;
    assert.equal(best.answer, "yes");
    assert.equal(best.map.data.length % best.map.width, 0);
  });

  test("a photo that cannot be read is named, and the others are learned from", async () => {
    const mixed = join(folder, "mixed.json");
    const gone = { image: join(folder, "gone.jpg"), question: "What is this?", answer: "a ghost" };
    await writeFile(mixed, JSON.stringify([...(JSON.parse(await readFile(list, "utf8")) as unknown[]), gone, gone]));
    const { code, stdout, stderr } = await camlab(
      ...["discover", "answers", "train", mixed, "-n", "teaching", "-o", join(folder, "mixed-model.json")],
    );
    assert.equal(code, 0, stderr);
    assert.match(stderr, /skipped .*gone\.jpg: /);
    assert.match(stdout, /3 answers and \d+ words from 6 questions/);

    const mixedModel = join(folder, "mixed-model.json");
    for (const args of [
      ["train", mixed, "-n", "teaching", "-o", mixedModel],
      ["test", mixed, "-m", mixedModel],
    ]) {
      const { stdout } = await camlab("discover", "answers", ...args, "--json");
      const report = JSON.parse(stdout) as { withoutFeatures: number; skipped: { file: string; error: string }[] };
      assert.equal(report.withoutFeatures, 2, `questions, in ${args[0]}`);
      assert.deepEqual(
        report.skipped.map(({ file, error }) => [file, typeof error]),
        [[gone.image, "string"]],
      );
    }
  });

  test("wrong usage is refused", async () => {
    assert.equal((await camlab("discover", "answers", "train", list)).code, 2);
    assert.equal((await camlab("discover", "answers", "train", list, "-o", model, "--cost", "0")).code, 2);
    const { code, stderr } = await camlab("discover", "answers", "ask", beach, "Is it?", "-m", list);
    assert.equal(code, 1);
    assert.match(stderr, /not a saved answer model/);
  });
});
