import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import type { SceneFindings } from "../../../../src/kernel-helpers/discovery/scenes/scene-findings.js";
import { camlab, wrongUsage } from "../../camlab.js";
import { writeTeachingYolo } from "../../teaching-yolo.js";
import { ownFolder } from "../../../own-folder.js";

const folder = ownFolder("scenes-command");

describe("camlab discover scenes", () => {
  before(() => writeTeachingYolo(folder, 16));

  test("probes of objects, cross-validated: a document that a page can be drawn from, and the page", async () => {
    const out = join(folder, "page");
    const probes = [
      "--yolo",
      folder,
      "--probe",
      "play=red ball,kite",
      "--min-images",
      "4",
      "-n",
      "teaching",
      "--view",
      "card",
      "--hot",
      "0.07",
      "--overlap",
      "0.55",
    ];
    const { code, stdout, stderr } = await camlab("discover", "scenes", ...probes, "--json", "--out", out);
    assert.equal(code, 0, stderr);
    const { scenes, settings } = JSON.parse(stdout) as SceneFindings;
    assert.equal(settings.folds, 5);
    const [play] = scenes;
    assert.deepEqual([scenes.length, play.scene, play.averagePrecision, play.photos.length], [1, "play", 1, 8]);
    assert.equal(play.informative[0].name, "red ball");
    const page = readFileSync(join(out, "index.html"), "utf8");
    assert.match(page, /above 7 % of the map.{1,6}s maximum.*of which 55 % or more does/);
  });

  test("a probe that no photo answers is named, and what photos show", async () => {
    const given = ["--yolo", folder, "--probe", "play=bal", "-n", "teaching"];
    const { code, stderr } = await camlab("discover", "scenes", ...given);
    assert.equal(code, 1);
    assert.match(stderr, /no photo shows what the probe play asks for, bal: they show .*red ball/);
  });

  test("wrong usage says what to give", async () => {
    const wrong = (...args: string[]) => wrongUsage("discover", "scenes", ...args);
    assert.match(await wrong("--yolo", folder), /say what to look for, as in --probe/);
    assert.match(await wrong("--yolo", folder, "--ade20k", folder), /give one of --ade20k and --yolo, not both/);
    assert.match(await wrong("--probe", "kitchen"), /expected a name and objects/);
  });
});
