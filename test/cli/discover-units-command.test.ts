import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { UnitDiscovery } from "../../src/kernel-helpers/discovery/units/unit-findings.js";
import { encodePng } from "../../src/kernel-helpers/images/encode.js";
import { drawTeachingScene, teachingScene } from "../../src/kernel-helpers/networks/teaching-scene.js";
import { camlab } from "./camlab.js";

const folder = mkdtempSync(join(tmpdir(), "camlab-units-command-"));
after(() => rmSync(folder, { recursive: true, force: true }));

describe("camlab discover units", () => {
  // Beaches with a ball or with a towel, a sun over all of them, as YOLO labels.
  before(async () => {
    for (const name of ["images", "labels"]) mkdirSync(join(folder, name));
    const names = ["sun", "red ball", "towel"] as const;
    writeFileSync(join(folder, "classes.txt"), names.join("\n"));
    for (let i = 0; i < 12; i++) {
      const scene = teachingScene(i, ["sun", i % 2 ? "red ball" : "towel"]);
      writeFileSync(join(folder, "images", `${i}.png`), await encodePng(await drawTeachingScene(scene)));
      const lines = scene.objects.map(({ name, box: { x, y, width, height } }) => {
        const centre = [(x + width / 2) / scene.width, (y + height / 2) / scene.height];
        return [names.indexOf(name as "sun"), ...centre, width / scene.width, height / scene.height].join(" ");
      });
      writeFileSync(join(folder, "labels", `${i}.txt`), lines.join("\n"));
    }
  });

  test("a document that galleries can be drawn from, and the page: yellow is the sun's unit", async () => {
    const out = join(folder, "page");
    const given = ["--yolo", folder, "--class", "sun", "--quantile", "0.02", "-n", "teaching"];
    const { code, stdout, stderr } = await camlab("discover", "units", ...given, "--json", "--out", out);
    assert.equal(code, 0, stderr);
    const { units, ranked, field, control } = JSON.parse(stdout) as UnitDiscovery & {
      ranked: { class: string; units: { unit: number }[] }[];
    };
    assert.deepEqual([units.length, control.length, ranked[0].class], [8, 5, "sun"]);
    assert.equal(units[ranked[0].units[0].unit].match?.name, "sun");
    assert.ok(field);
    assert.ok(existsSync(join(out, "index.html")));
  });

  test("for people: units with what they match, and in brackets what they do not", async () => {
    const { code, stdout } = await camlab(
      "discover",
      "units",
      "--yolo",
      folder,
      "--quantile",
      "0.02",
      "-n",
      "teaching",
    );
    assert.equal(code, 0);
    assert.match(stdout, /8 units of /);
    assert.match(stdout, /of 8 units match one of \d concepts; with masks of other images/);
    assert.match(stdout, /unit \d +sun 0\.\d\d/);
  });

  test("wrong usage says what to give", async () => {
    const wrong = async (...args: string[]) => {
      const { code, stderr } = await camlab("discover", "units", ...args);
      assert.equal(code, 2, stderr);
      return stderr;
    };
    assert.match(await wrong("--yolo", folder, "--ade20k", folder), /give one of --ade20k and --yolo, not both/);
    assert.match(await wrong("--images", folder), /--images belongs to --coco/);
    assert.match(await wrong("--quantile", "2"), /expected 0 ≤ t < 1/);
  });
});
