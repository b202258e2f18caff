import assert from "node:assert/strict";
import { after, test } from "node:test";
import { cam } from "../../../src/kernel-helpers/cam/cam.js";
import type { Answered } from "../../../src/kernel-helpers/discovery/answers/ask.js";
import { look } from "../../../src/kernel-helpers/networks/look.js";
import { openNetwork } from "../../../src/kernel-helpers/networks/open-network.js";
import { answersView, type AnswersViewOptions } from "../../../src/widgets/answers/answers.js";
import { beach } from "../../cli/camlab.js";
import { rowsOf, textsOf } from "../rows-of.js";
import { HOSTILE } from "../sample-grid.js";
import { warningsOf } from "../warnings-of.js";

const network = await openNetwork("teaching");
after(() => network.dispose());

/** A question that was answered, by a photo that knows its answer. */
async function answered(question: string, answer: string, truth?: string): Promise<Answered> {
  const seen = await look(network, {
    file: beach,
    id: "beach",
    questions: [{ question, ...(truth && { answer: truth }) }],
  });
  const given = { answer, probability: 0.5, map: cam(seen, 0), words: [], image: 0, bias: 0, score: 0 };
  return { question, notes: [], seen, answers: [given] } as unknown as Answered;
}

async function textsWith(options: AnswersViewOptions): Promise<string[]> {
  const all = [
    await answered("Where is it?", "on the sand", "on the sand"),
    await answered(HOSTILE, "day", "night"),
    await answered("Who is there?", "nobody"),
  ];
  const spec = await answersView(all, { style: "paper", columns: 2, size: 400, ...options }).spec();
  assert.deepEqual(warningsOf(spec), []);
  assert.equal(rowsOf(spec).filter(({ alt }) => String(alt).startsWith("map of")).length, 3);
  return textsOf(spec);
}

test("as on the slides: the question, the photo with the map, the answer, and the true one where it is wrong", async () => {
  const texts = await textsWith({});
  for (const text of ["Where is it?", "✓ on the sand", "✗ day", "truth: night", "nobody"])
    assert.ok(texts.includes(text), `${text} in ${texts.join(", ")}`);
  assert.ok(!texts.some((text) => text.includes("probability")));
});

test("answers that were learned are not said to be right", async () => {
  const texts = await textsWith({ truth: false });
  assert.ok(texts.includes("on the sand") && texts.includes("day"));
  assert.ok(!texts.some((text) => /[✓✗]|truth/.test(text)));
});

test("other styles and no columns are refused", async () => {
  const one = await answered("Where?", "here");
  assert.throws(() => answersView(one, { style: "slides" as never }), /invalid style: "slides"/);
  assert.throws(() => answersView(one, { style: "paper", columns: 0 }), /invalid columns: 0/);
});
