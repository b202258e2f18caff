import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { readVqa } from "../../../../src/kernel-helpers/datasets/language/vqa.js";
import { CONTRACTION_OF } from "../../../../src/kernel-helpers/discovery/answers/contractions.js";
import { normaliseAnswer, vqaAccuracy } from "../../../../src/kernel-helpers/discovery/answers/vqa-accuracy.js";

interface Official {
  readonly normalised: Record<string, string>;
  readonly contractions: string;
  readonly cases: readonly { given: string; answers: string[]; accuracy: number }[];
  readonly real: Record<string, number[]>;
}

const official = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../../fixtures/discovery/vqa-accuracy.json"), "utf8"),
) as Official;

function close(a: number, b: number): void {
  assert.ok(Math.abs(a - b) < 1e-9, `${a} is not ${b}`);
}

describe("the VQA metric", () => {
  test("normalises answers as the official evaluation does", () => {
    for (const [text, expected] of Object.entries(official.normalised)) {
      assert.equal(normaliseAnswer(text), expected, JSON.stringify(text));
    }
  });

  test("knows the contractions of the official evaluation, and no others", () => {
    const lines = [...CONTRACTION_OF].map(([slip, written]) => `${slip}=${written}\n`).sort();
    assert.equal(createHash("sha256").update(lines.join("")).digest("hex"), official.contractions);
  });

  test("to the letter gives the official figures of hand-made cases", () => {
    for (const { given, answers, accuracy } of official.cases) {
      close(vqaAccuracy(given, answers, { normalise: "official" }), accuracy);
    }
  });

  test("is 0.3 for each of three who agree of ten, then 1", () => {
    [0, 0.3, 0.6, 0.9, 1, 1].forEach((expected, agreeing) => {
      const answers = Array.from({ length: 10 }, (_, person) => (person < agreeing ? "yes" : "no"));
      close(vqaAccuracy("Yes.", answers), expected);
    });
  });

  test("normalises people's answers too, where the official script forgets to", () => {
    const answers = [...Array<string>(9).fill("on the sofa"), "sofa"];
    close(vqaAccuracy("on the sofa", answers), 1);
    close(vqaAccuracy("on the sofa", answers, { normalise: "official" }), 0);
  });

  test("refuses a question that nobody answered", () => {
    assert.throws(() => vqaAccuracy("yes", []), /invalid answers/);
  });
});

describe("real data: VQA v2", { skip: !process.env.CAMLAB_REAL }, () => {
  test("every answer that somebody gave has its official accuracy, both ways", async () => {
    const folder = join(process.env.CAMLAB_REAL!, "data", "vqa-v2-format");
    const { pictures } = await readVqa(join(folder, "questions.json"), {
      annotations: join(folder, "annotations.json"),
    });
    const questions = pictures.flatMap((picture) => picture.questions ?? []);
    const answered = questions.filter(({ answers }) => answers);
    assert.ok(answered.length > 0);
    for (const { id, answers } of answered) {
      const given = [...new Set(answers)].sort((a, b) => (a < b ? -1 : 1));
      given.forEach((answer, i) => {
        for (const normalise of ["official", "both"] as const) {
          close(vqaAccuracy(answer, answers!, { normalise }), official.real[id!][i]);
        }
      });
    }
  });
});
