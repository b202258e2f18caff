import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import type { UnitFindings } from "../../../../src/kernel-helpers/discovery/units/unit-findings.js";
import { camlab, wrongUsage } from "../../camlab.js";
import { writeTeachingYolo } from "../../teaching-yolo.js";
import { ownFolder } from "../../../own-folder.js";

const folder = ownFolder("units-command");

describe("camlab discover units", () => {
  before(() => writeTeachingYolo(folder, 12));

  test("a document that galleries can be drawn from, and the page: yellow is the sun's unit", async () => {
    const out = join(folder, "page");
    const given = ["--yolo", folder, "--class", "sun", "--quantile", "0.02", "-n", "teaching"];
    const { code, stdout, stderr } = await camlab("discover", "units", ...given, "--json", "--out", out);
    assert.equal(code, 0, stderr);
    const { units, ranked, field, control } = JSON.parse(stdout) as UnitFindings & {
      ranked: { class: string; units: { unit: number }[] }[];
    };
    assert.deepEqual([units.length, control.length, ranked[0].class], [8, 5, "sun"]);
    assert.equal(units[ranked[0].units[0].unit].match?.name, "sun");
    assert.ok(field);
    assert.ok(existsSync(join(out, "index.html")));
  });

  test("for people: units with what they match, and in brackets what they do not", async () => {
    const given = ["--yolo", folder, "--quantile", "0.02", "-n", "teaching"];
    const { code, stdout } = await camlab("discover", "units", ...given);
    assert.equal(code, 0);
    assert.match(stdout, /8 units of /);
    assert.match(stdout, /of 8 units match one of \d concepts; with masks of other images/);
    assert.match(stdout, /unit \d +sun 0\.\d\d/);
  });

  test("wrong usage says what to give", async () => {
    const wrong = (...args: string[]) => wrongUsage("discover", "units", ...args);
    assert.match(await wrong("--yolo", folder, "--ade20k", folder), /give one of --ade20k and --yolo, not both/);
    assert.match(await wrong("--images", folder), /--images belongs to --coco/);
    assert.match(await wrong("--quantile", "2"), /expected 0 ≤ t < 1/);
  });
});
