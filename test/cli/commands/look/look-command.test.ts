import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import sharp from "sharp";
import { cam } from "../../../../src/kernel-helpers/cam/cam.js";
import { writeGraphFile } from "../../../../src/kernel-helpers/graph/onnx/write-graph.js";
import { look } from "../../../../src/kernel-helpers/networks/look.js";
import { openNetwork } from "../../../../src/kernel-helpers/networks/open-network.js";
import { smallNetwork } from "../../../kernel-helpers/graph/build-graph.js";
import { TAILS } from "../../../kernel-helpers/graph/head/tails.js";
import { runHere } from "../../bare-network.js";
import { beach, camlab, root, textOf } from "../../camlab.js";

interface Document {
  network: string;
  device: string;
  images: {
    file: string;
    width: number;
    height: number;
    classes: {
      index: number;
      name: string;
      probability: number;
      score: number;
      way?: string;
      map: { width: number; height: number; min: number; max: number };
      box: { x: number; y: number; width: number; height: number } | null;
    }[];
  }[];
  skipped: { file: string; error: string }[];
}

const temporary = mkdtempSync(join(tmpdir(), "camlab-look-"));
after(() => rmSync(temporary, { recursive: true, force: true }));

/** Its maps are known by heart. */
const teaching = ["--network", "teaching"];

async function lookJson(...args: string[]): Promise<Document> {
  return JSON.parse((await camlab("look", ...args, ...teaching, "--json")).stdout) as Document;
}

describe("camlab look", () => {
  test("without a network's name the embedded one looks", async () => {
    const example = join(root, "models/objects-gap/example.jpg");
    const { stdout } = await camlab("look", example, "--top", "4", "--json");
    const { network, images } = JSON.parse(stdout) as Document;
    assert.equal(network, "objects-gap");
    assert.deepEqual(images[0].classes.map(({ name }) => name).sort(), ["bottle", "chair", "horse", "phone"]);
    assert.ok(images[0].classes.every(({ probability, map }) => probability > 0.5 && map.width === 14));
  });

  test("--json gives classes, maps and boxes of a photo in original pixels", async () => {
    const { network, device, images, skipped } = await lookJson(beach, "--top", "6");
    assert.equal(network, "teaching");
    assert.match(device, /cpu|webgpu|cuda/);
    assert.deepEqual(skipped, []);
    const [{ file, width, height, classes }] = images;
    assert.equal(file, beach);
    assert.deepEqual([width, height], [480, 360]);
    assert.equal(classes.length, 6);
    assert.ok(Math.abs(classes.reduce((sum, { probability }) => sum + probability, 0) - 1) < 1e-5);
    for (const { map, box } of classes) {
      // The whole picture in its own proportions, 4 : 3.
      assert.deepEqual([map.width, map.height], [32, 24]);
      assert.ok(map.min <= map.max);
      assert.ok(box && box.x >= 0 && box.y >= 0 && box.x + box.width <= 480 && box.y + box.height <= 360);
    }
    // In the picture the sun's disc is yellow around (223, 128), the towel lies around (228, 343).
    const boxOf = (name: string) => classes.find((each) => each.name === name)!.box!;
    const holds = ({ x, y, width, height }: ReturnType<typeof boxOf>, px: number, py: number) =>
      px > x && px < x + width && py > y && py < y + height;
    assert.ok(holds(boxOf("tree"), 250, 155) && !holds(boxOf("tree"), 400, 300));
    assert.ok(holds(boxOf("blue house"), 400, 220) && !holds(boxOf("blue house"), 60, 60));
  });

  test("--class asks for maps by name; an unknown one names its neighbours", async () => {
    const { images } = await lookJson(beach, "--class", "towel", "sun");
    assert.deepEqual(
      images[0].classes.map(({ name }) => name),
      ["towel", "sun"],
    );
    const wrong = await camlab("look", beach, "--class", "towl", ...teaching);
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /towel/);
  });

  test("--way gives maps made in other ways, with boxes where they speak of regions", async () => {
    const out = join(temporary, "ways");
    const words = ["--network", "teaching", "--class", "sun", "--way", "cam", "grad-cam", "saliency", "--out", out];
    const { code, stdout, stderr } = await camlab("look", beach, ...words, "--json");
    assert.equal(code, 0, stderr);
    const [{ classes }] = (
      JSON.parse(stdout) as { images: { classes: { way: string; name: string; box: unknown }[] }[] }
    ).images;
    assert.deepEqual(
      classes.map(({ way, name, box }) => [way, name, box !== null]),
      [
        ["cam", "sun", true],
        ["grad-cam", "sun", true],
        ["saliency", "sun", false],
      ],
    );
    assert.match(readFileSync(join(out, "index.html"), "utf8"), /Grad-CAM of sun/);
    const view = async (...flags: string[]) =>
      (JSON.parse((await camlab("look", beach, "--view", "both", "--json", ...flags)).stdout) as { view: string }).view;
    assert.deepEqual([await view(), await view("--way", "cam")], ["both", "whole"], "of what the maps are");
    const wrong = await camlab("look", beach, "--way", "gradcam");
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /did you mean grad-cam\?/);
  });

  test("--weights gradient gives the maps of the plain gradient where a small network stands behind the pooling", async () => {
    const { tail } = TAILS.find(({ name }) => name.startsWith("MobileNetV3"))!;
    const file = join(temporary, "hidden.onnx");
    const GREY = [127.5, 127.5, 127.5] as const;
    await writeGraphFile(smallNetwork(tail), file);
    using network = await openNetwork(file, { device: "cpu", preprocessing: { mean: GREY, std: GREY } });
    const seen = await look(network, beach);
    const words = ["-n", file, "--device", "cpu", "--mean", "127.5", "--std", "127.5", "--view", "card", "--json"];
    for (const weights of ["path", "gradient"] as const) {
      const { code, stdout, stderr } = await runHere("look", beach, ...words, "--weights", weights);
      assert.equal(code, 0, stderr);
      const { classes } = (JSON.parse(stdout) as Document).images[0];
      assert.equal(classes.length, 5);
      for (const { index, way, map } of classes) {
        assert.equal(way, weights === "gradient" ? "cam-gradient" : undefined);
        const { data } = cam(seen, index, { weights });
        assert.deepEqual([map.min, map.max], [Math.min(...data), Math.max(...data)]);
      }
    }
    const [path, gradient] = (["path", "gradient"] as const).map((weights) => cam(seen, 0, { weights }).data);
    assert.notDeepEqual(path, gradient);
  });

  test("text goes to stdout, the network and the count to stderr", async () => {
    const { code, stdout, stderr } = await camlab("look", beach, "--top", "2", ...teaching);
    assert.equal(code, 0);
    assert.match(stdout, /beach\.png {2}480×360\n {2}awning +0\.\d{3} {2}box \d+,\d+ \d+×\d+/);
    assert.match(stderr, /GAP head: .*\n[\s\S]*1 photo done/);
  });

  test("broken photos are reported by name, the others done; nothing hostile is written unescaped", async () => {
    const folder = join(temporary, "broken");
    const out = join(temporary, "out");
    mkdirSync(folder);
    const good = readFileSync(beach);
    const hostile = `"it's <img src=x onerror=alert(1)>\n&.png`;
    writeFileSync(join(folder, hostile), good);
    writeFileSync(join(folder, "cut.png"), good.subarray(0, good.length / 2));
    writeFileSync(join(folder, "zero.jpg"), "");
    writeFileSync(join(folder, "text.jpg"), "not a picture");
    await sharp(beach).toColourspace("cmyk").jpeg().toFile(join(folder, "cmyk.jpg"));
    await sharp({ create: { width: 1, height: 1, channels: 3, background: "red" } }).toFile(join(folder, "1x1.png"));

    const { code, stdout } = await camlab("look", folder, "--json", "--out", out);
    const { images, skipped } = JSON.parse(stdout) as Document;
    assert.equal(code, 0);
    assert.deepEqual(
      new Set(images.map(({ file }) => file)),
      new Set([hostile, "cmyk.jpg", "1x1.png"].map((name) => join(folder, name))),
    );
    assert.deepEqual(
      new Set(skipped.map(({ file }) => file)),
      new Set(["cut.png", "zero.jpg", "text.jpg"].map((name) => join(folder, name))),
    );
    for (const { error } of skipped) assert.ok(error.length > 20, error);

    // eslint-disable-next-line no-control-regex
    for (const name of readdirSync(out)) assert.ok(!/[\u0000-\u001f<>:"/\\|?*]/.test(name), name);
    const page = readFileSync(join(out, "index.html"), "utf8");
    assert.ok(!page.includes("<img src=x"));
    const shown = [...page.matchAll(/src="([^"]+)"/g)];
    assert.equal(shown.length, 3);
    for (const picture of shown) {
      assert.ok((await sharp(join(out, decodeURIComponent(picture[1]))).metadata()).width > 300);
    }
    const text = await camlab("look", folder);
    // eslint-disable-next-line no-control-regex
    assert.ok(!/[\u0000-\u0009\u000b-\u001f]/.test(text.stdout + text.stderr) && !text.stdout.includes("(1)>\n&"));
  });

  test("exits 1 when no photo could be done, and when there is nothing to look at", async () => {
    const bad = join(temporary, "bad.jpg");
    const empty = join(temporary, "empty");
    writeFileSync(bad, "no");
    mkdirSync(empty);
    assert.equal((await camlab("look", bad)).code, 1);
    const nothing = await camlab("look", empty);
    assert.equal(nothing.code, 1);
    assert.match(nothing.stderr, /empty/);
    const { images, skipped } = await lookJson(empty, join(temporary, "missing.jpg"));
    assert.deepEqual(images, []);
    assert.deepEqual(
      skipped.map(({ file }) => file),
      [empty, join(temporary, "missing.jpg")],
    );
    assert.equal((await camlab("look", join(temporary, "missing.jpg"))).code, 1);
    assert.equal((await camlab("look", beach, "--network", "nonesuch")).code, 1);
  });

  test("a missing path, a photo of extreme shape and one named twice do not stop the others", async () => {
    const tower = join(temporary, "tower.png");
    await sharp({ create: { width: 1, height: 5000, channels: 3, background: "red" } }).toFile(tower);
    const again = join(temporary, "..", temporary.split("/").pop()!, "tower.png");
    const out = join(temporary, "shapes");
    const { images, skipped } = await lookJson(join(temporary, "nope.jpg"), tower, again, beach, "--out", out);
    assert.deepEqual(
      images.map(({ file }) => file),
      [tower, beach],
    );
    assert.equal(skipped.length, 1);
    assert.deepEqual(readdirSync(out).sort(), ["beach.png", "index.html", "tower.png"]);
  });

  test("Ctrl-C ends with code 130 and a complete JSON document of what was done", async () => {
    const folder = join(temporary, "many");
    mkdirSync(folder);
    for (let i = 0; i < 600; i++) linkOrCopy(beach, join(folder, `${i}.png`));
    const args = [join(root, "bin/camlab.js"), "look", folder, "--json"];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "ignore"] });
    const closed = new Promise((resolve) => child.once("close", resolve));
    child.stdout.once("data", () => setTimeout(() => child.kill("SIGINT"), 300));
    const [stdout, code] = await Promise.all([textOf(child.stdout), closed]);
    assert.equal(code, 130);
    const { images } = JSON.parse(stdout) as Document;
    assert.ok(images.length < 600, `${images.length} photos were done before the interrupt`);
  });
});

function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    writeFileSync(to, readFileSync(from));
  }
}
