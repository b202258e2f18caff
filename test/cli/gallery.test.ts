import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import sharp from "sharp";
import { openGallery } from "../../src/cli/gallery.js";
import { classMaps } from "../../src/kernel-helpers/boxes/class-maps.js";
import { cam } from "../../src/kernel-helpers/cam/cam.js";
import { look } from "../../src/kernel-helpers/networks/look.js";
import type { Network } from "../../src/kernel-helpers/networks/network.js";
import { openNetwork } from "../../src/kernel-helpers/networks/open-network.js";
import { root } from "./camlab.js";

const folder = mkdtempSync(join(tmpdir(), "camlab-gallery-"));
let network: Network;
const files = ["kitchen/鹦鹉 照片.png", "bedroom/1 & 2.png"].map((name) => join(folder, "photos", name));
before(async () => {
  network = await openNetwork("teaching");
  for (const file of files) {
    mkdirSync(join(file, ".."), { recursive: true });
    copyFileSync(join(root, "models/teaching/beach.png"), file);
  }
});
after(() => {
  network.dispose();
  rmSync(folder, { recursive: true });
});

async function fill(out: string): Promise<void> {
  const gallery = await openGallery(out, files, { name: "x", notes: ["size assumed <b>"] });
  for (const file of files) {
    const seen = await look(network, { file, label: "kitchen" });
    await gallery.add(seen, classMaps(seen, ["sun"]), {});
  }
  const seen = await look(network, files[0]);
  const map = cam(seen, "towel");
  const seenClass = { index: -1, name: "bird", probability: NaN, score: -1.238 };
  await gallery.add(seen, [{ seenClass, map: { ...map, label: "bird" } }], {});
  await gallery.finish();
}

describe("what look and probe cam write", () => {
  test("a folder: pictures called as their photos, and a page that finds each", async () => {
    const out = join(folder, "out");
    await fill(out);
    assert.deepEqual(readdirSync(out).sort(), ["1 & 2.png", "index.html", "鹦鹉 照片-2.png", "鹦鹉 照片.png"].sort());
    const page = readFileSync(join(out, "index.html"), "utf8");
    assert.deepEqual(
      [...page.matchAll(/<h2>([^<]*)<\/h2>/g)].map(([, text]) => text),
      ["kitchen/鹦鹉 照片.png", "bedroom/1 &#38; 2.png", "kitchen/鹦鹉 照片.png"],
    );
    const sources = [...page.matchAll(/src="([^"]+)"/g)].map(([, source]) => decodeURIComponent(source));
    assert.equal(sources.length, 3);
    for (const source of sources) assert.ok((await sharp(join(out, source)).metadata()).width > 300);
    assert.match(page, /alt="Class activation maps of kitchen\/鹦鹉 照片.png: bird -1.24"/);
    assert.match(page, /<p>Assumed of the network x: size assumed &#?\w+;b/);
  });

  test("a name that ends in .html: one page that holds everything, with sliders, truth and a probe's score", async () => {
    const file = join(folder, "page.html");
    await fill(file);
    const page = readFileSync(file, "utf8");
    assert.equal(page.split("DecompressionStream").length, 2, "one runtime");
    assert.equal(/src="(?!data:)/.test(page), false, "nothing outside the page");
    const specs = [...page.matchAll(/<script type="application\/json">([^]*?)<\/script>/g)].map(([, json]) => json);
    assert.equal(specs.length, 3);
    for (const name of ["opacity", "dimming", "threshold"]) assert.match(specs[0], new RegExp(`"name":"${name} "`));
    assert.ok(specs[0].includes('"truth: kitchen"') && !specs[2].includes("truth:"));
    assert.ok(specs[2].includes('"−1.24"') && specs[2].includes('"bird"'));
  });

  test("a folder that cannot be made is named", async () => {
    await assert.rejects(
      openGallery(join(files[0], "x"), files, { name: "x", notes: [] }),
      /cannot write into .*照片\.png/,
    );
  });
});
