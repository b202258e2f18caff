import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { drawWorld, extractFeatures, openNetwork, saveLinearSvm, trainLinearSvm } from "../../src/index.js";
import { temporaryFolder } from "../kernel-helpers/features/photos.js";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");
const folder = temporaryFolder();
const env = { ...process.env, CAMLAB_CACHE: join(folder, "cache") };

/** What a program prints; it runs against the built package, as a user's would. */
async function run(program: string, ...args: string[]): Promise<string> {
  const command = ["--import", "tsx", join(here, `${program}.ts`), ...args];
  return (await promisify(execFile)(process.execPath, command, { cwd: root, env })).stdout;
}

describe("programs that a user would write, each under 15 lines, against the built package", () => {
  before(async () => {
    process.env.CAMLAB_CACHE = env.CAMLAB_CACHE;
    const set = await drawWorld("text", { train: 40, test: 0, folder });
    for (const { file, label = "", id } of set.pictures) {
      mkdirSync(join(folder, "photos", label), { recursive: true });
      copyFileSync(file, join(folder, "photos", label, `${id}.jpg`));
    }
    const scenes = await drawWorld("scenes", { train: 120, test: 0, folder: join(folder, "drawn-scenes") });
    for (const { file, label = "", id } of scenes.pictures.filter(({ label }) =>
      /^(beach|kitchen|street)$/.test(label!),
    )) {
      mkdirSync(join(folder, "scenes", label), { recursive: true });
      copyFileSync(file, join(folder, "scenes", label, `${id}.jpg`));
    }
    using network = await openNetwork();
    const features = await extractFeatures(network, set);
    await saveLinearSvm(await trainLinearSvm(features, features.labels), join(folder, "probe.json"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test("are short", () => {
    for (const name of readdirSync(here).filter((file) => !file.endsWith(".test.ts"))) {
      const lines = readFileSync(join(here, name), "utf8")
        .split("\n")
        .filter((line) => line.trim() !== "");
      assert.ok(lines.length < 15, `${name} has ${lines.length} lines`);
    }
  });

  test("crop what the box found", async () => {
    const out = join(folder, "crop.jpg");
    assert.match(await run("crop-what-the-box-found", out), /width/);
    assert.ok(statSync(out).size > 500);
  });

  test("a new task from folders, with its confusion matrix and maps of held-out pictures", async () => {
    const out = join(folder, "task.png");
    const printed = await run("new-task-from-folders", join(folder, "scenes"), out);
    assert.match(printed, /^[.\d]+ \[ \[/);
    assert.ok(parseFloat(printed) > 0.8, printed);
    assert.ok(existsSync(out));
  });

  test("one trained probe on one photo in a new process", async () => {
    const out = join(folder, "one.svg");
    const photo = join(folder, "photos/text", readdirSync(join(folder, "photos/text"))[0]);
    assert.equal((await run("one-probe-on-one-photo", join(folder, "probe.json"), photo, out)).trim(), "text");
    assert.ok(existsSync(out));
  });

  test("features, a query, the data of a chart", async () => {
    const chart = JSON.parse(await run("features-to-chart")) as { data: { values: { pictures: number }[] } };
    assert.equal(
      chart.data.values.reduce((sum, { pictures }) => sum + pictures, 0),
      30,
    );
  });

  test("peaks inside true boxes of a set of pictures", async () => {
    const { hits, all } = JSON.parse(await run("peaks-in-true-boxes")) as { hits: number; all: number };
    assert.ok(all > 12 && hits / all > 0.8, `${hits} of ${all}`);
  });

  test("a saliency map beside the class activation map", async () => {
    const out = join(folder, "saliency.png");
    assert.match(await run("saliency-map", out), / 14 × 14, 168 × 168$/m);
    assert.ok(statSync(out).size > 5000);
  });

  test("how often the box is right", async () => {
    const told = JSON.parse(await run("how-often-the-box-is-right")) as Record<string, number>;
    assert.equal(told.pictures, 24);
    assert.ok(told.low < told.value && told.value > 0.5, JSON.stringify(told));
  });
});
