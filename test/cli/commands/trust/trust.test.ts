import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { makeDataset } from "../../../../src/world/make-dataset.js";
import { temporaryFolder } from "../../../kernel-helpers/features/photos.js";
import { camlab, wrongUsage } from "../../camlab.js";

const folder = temporaryFolder();
const at = (name: string) => join(folder, name);

interface Document {
  pictures: number;
  measures: { name: string; better: string }[];
  ways: { way: string; values: Record<string, { value: number; low: number; high: number } | null> }[];
  notes: string[];
}

describe("camlab trust", () => {
  before(async () => {
    process.env.CAMLAB_CACHE = at("cache");
    await makeDataset("objects", at("objects"), { seed: 3, train: 0, test: 8 });
  });

  test("a document, a chart and a table of the same figures", async () => {
    const asked = [
      "--data",
      at("objects"),
      "--pictures",
      "2",
      "--way",
      "cam",
      "saliency",
      "--measure",
      "deletion",
      "unaccounted",
    ];
    const made = await camlab("trust", ...asked, "--json", "--out", at("trust.svg"));
    assert.equal(made.code, 0, made.stderr);
    const { pictures, measures, ways } = JSON.parse(made.stdout) as Document;
    assert.equal(pictures, 2);
    assert.deepEqual(
      measures.map(({ name }) => name),
      ["deletion", "unaccounted"],
    );
    assert.deepEqual(
      ways.map(({ way }) => way),
      ["cam", "saliency", "random", "centre"],
    );
    assert.equal(ways[1].values.unaccounted, null);
    assert.match(readFileSync(at("trust.svg"), "utf8"), /^<svg/);
    const told = await camlab("trust", ...asked);
    assert.equal(told.code, 0, told.stderr);
    assert.match(told.stdout, /Deletion \(lower is better\)/);
    assert.ok(told.stdout.includes(`CAM           ${ways[0].values.deletion!.value.toFixed(3)}`), told.stdout);
  });

  test("photographs without a truth are judged by what the network sees, and that is said", async () => {
    const { code, stdout, stderr } = await camlab(
      "trust",
      at("objects/images"),
      "--pictures",
      "1",
      "--way",
      "cam",
      "--measure",
      "sparseness",
      "--json",
    );
    assert.equal(code, 0, stderr);
    assert.match((JSON.parse(stdout) as Document).notes.join(), /no label/);
  });

  test("wrong usage", async () => {
    assert.match(await wrongUsage("trust"), /say which pictures/);
    assert.match(await wrongUsage("trust", "a.jpg", "--data", "objects"), /say which pictures/);
    assert.match(await wrongUsage("trust", "a.jpg", "--way", "cma"), /did you mean cam/);
    assert.match(
      await wrongUsage("trust", "--data", "objects", "--measure", "delete"),
      /no measure is called "delete"/,
    );
  });
});
