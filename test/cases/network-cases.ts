import assert from "node:assert/strict";
import { look, openNetwork } from "../../src/index.js";
import { type CaseChecks, type GivenCase, near, refused } from "./given-case.js";
import { squashed } from "../kernel-helpers/images/squashed.js";

const PREPROCESSING = squashed(16, 16, [127.5, 127.5, 127.5], [127.5, 127.5, 127.5]);

async function seen({ path }: GivenCase) {
  using network = await openNetwork(path("net.onnx"), { preprocessing: PREPROCESSING });
  const { logits, probabilities } = await look(network, path("photo.png"));
  return { logits, probabilities, head: network.head.summary };
}

async function classesOf({ path }: GivenCase, file: string): Promise<readonly string[]> {
  using network = await openNetwork(path("net.onnx"), { classes: path(file), preprocessing: PREPROCESSING });
  return network.classes;
}

/** Class scores, and how many maps of which size the head pools and scores it gives, as the case says in ASCII. */
async function sameScores(given: GivenCase): Promise<void> {
  const { logits, head } = await seen(given);
  const expected = given.expected as { logits: number[]; head?: string };
  near(logits, expected.logits);
  const shape = /\d+x\d+x\d+/.exec(expected.head ?? "")?.[0];
  if (shape !== undefined) assert.ok(head.replaceAll("×", "x").includes(shape), head);
}

export const networkCases: CaseChecks = {
  "01-sigmoid-one-logit": async (given) => {
    near((await seen(given)).probabilities, (given.expected as { probabilities: number[] }).probabilities);
  },
  "03-averagepool-padded-global": sameScores,
  "05-if-in-the-trunk": sameScores,
  "07-dynamic-quantised-head": async (given) => {
    await refused(() => seen(given), /whole numbers|quantised/i);
    await refused(() => seen(given), /QDQ|float32/);
  },
  "08-einsum-classifier": sameScores,
  "10-classes-keras-index": async (given) => {
    assert.deepEqual(await classesOf(given, "class_index.json"), given.expected);
  },
  "11-classes-one-per-line": async (given) => {
    assert.deepEqual(await classesOf(given, "classes.txt"), given.expected);
  },
};
