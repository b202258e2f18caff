import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { SceneDiscovery } from "../../src/kernel-helpers/discovery/scenes/scene-findings.js";
import { encodePng } from "../../src/kernel-helpers/images/encode.js";
import { drawTeachingScene, teachingScene } from "../../src/kernel-helpers/networks/teaching-scene.js";
import { camlab } from "./camlab.js";

const folder = mkdtempSync(join(tmpdir(), "camlab-scenes-command-"));
after(() => rmSync(folder, { recursive: true, force: true }));

describe("camlab discover scenes", () => {
  // Beaches with a ball or with a towel, a sun over all of them, as YOLO labels.
  before(async () => {
    for (const name of ["images", "labels"]) mkdirSync(join(folder, name));
    const names = ["sun", "red ball", "towel"] as const;
    writeFileSync(join(folder, "classes.txt"), names.join("\n"));
    for (let i = 0; i < 16; i++) {
      const scene = teachingScene(i, ["sun", i % 2 ? "red ball" : "towel"]);
      writeFileSync(join(folder, "images", `${i}.png`), await encodePng(await drawTeachingScene(scene)));
      const lines = scene.objects.map(({ name, box: { x, y, width, height } }) => {
        const centre = [(x + width / 2) / scene.width, (y + height / 2) / scene.height];
        return [names.indexOf(name as "sun"), ...centre, width / scene.width, height / scene.height].join(" ");
      });
      writeFileSync(join(folder, "labels", `${i}.txt`), lines.join("\n"));
    }
  });

  test("probes of objects, cross-validated: a document that a page can be drawn from, and the page", async () => {
    const out = join(folder, "page");
    const probes = ["--yolo", folder, "--probe", "play=red ball,kite", "--min-images", "4", "-n", "teaching"];
    const { code, stdout, stderr } = await camlab("discover", "scenes", ...probes, "--json", "--out", out);
    assert.equal(code, 0, stderr);
    const { scenes, settings } = JSON.parse(stdout) as SceneDiscovery;
    assert.equal(settings.folds, 5);
    const [play] = scenes;
    assert.deepEqual([scenes.length, play.scene, play.averagePrecision, play.photos.length], [1, "play", 1, 8]);
    assert.equal(play.informative[0].name, "red ball");
    assert.ok(existsSync(join(out, "index.html")));
  });

  test("wrong usage says what to give", async () => {
    const wrong = async (...args: string[]) => {
      const { code, stderr } = await camlab("discover", "scenes", ...args);
      assert.equal(code, 2, stderr);
      return stderr;
    };
    assert.match(await wrong("--yolo", folder), /say what to look for, as in --probe/);
    assert.match(await wrong("--yolo", folder, "--ade20k", folder), /give one of --ade20k and --yolo, not both/);
    assert.match(await wrong("--probe", "kitchen"), /expected a name and objects/);
  });
});
