import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { readTarGz } from "../../../../src/kernel-helpers/support/files/tar.js";
import { readZip } from "../../../../src/kernel-helpers/support/files/zip.js";
import { CamlabError } from "../../../../src/kernel-helpers/support/errors.js";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";
import { fixture, fixturePictures, tarOf } from "../../datasets/packs/packs.js";

// Python's zipfile and tarfile wrote these: datasets/packs/fixtures/make.py.
const zip = readFileSync(fixture("birds.zip"));
const tars = ["birds-val-0000.tar", "gnu.tar"].map((name) => readFileSync(fixture(name)));
const pictures = fixturePictures();

describe("archives in memory", () => {
  it("zip: stored and deflated files, by names of any language", () => {
    const files = readZip(zip, "birds.zip");
    const birds = ["sparrow", "robin", "wren"];
    assert.deepEqual(
      files.map(({ name }) => name),
      Array.from({ length: 6 }, (_, i) => `train/${birds[i % 3]}/vögel ${i}.png`),
    );
    files.forEach((file, i) => {
      assert.equal(file.size, pictures[i].length);
      assert.deepEqual(Buffer.from(file.bytes()), pictures[i]);
    });
  });

  it("gzipped tar: POSIX and GNU, names too long for a header; no links", async () => {
    const long = `${"a-long-name/".repeat(12)}bird.png`;
    for (const tar of tars) {
      const files = (await readTarGz(gzipSync(tar), "birds.tgz")).filter(({ name }) => name.endsWith(".png"));
      assert.deepEqual(
        files.map(({ name }) => name),
        ["0000.png", "0001.png", "0002.png", long],
      );
      files.forEach((file, i) => assert.deepEqual(Buffer.from(file.bytes()), pictures[i]));
    }
    const link = { name: "link", bytes: new Uint8Array(), claims: { type: "2" } };
    const found = await readTarGz(gzipSync(tarOf([link, { name: "file", bytes: Buffer.from("abc") }])), "x.tgz");
    assert.deepEqual(
      found.map(({ name, size }) => [name, size]),
      [["file", 3]],
    );
  });

  it("are refused in words where they are cut off or damaged", async () => {
    assert.throws(
      () => readZip(zip.subarray(0, 900), "birds.zip"),
      /cannot read birds\.zip: the list.*is missing; it may/,
    );
    const [tar] = tars;
    await assert.rejects(
      readTarGz(gzipSync(tar).subarray(0, 300), "a.tgz"),
      /cannot read a\.tgz: it cannot be unpacked/,
    );
    await assert.rejects(
      readTarGz(gzipSync(tar.subarray(0, 550)), "a.tgz"),
      /cannot read a\.tgz: it ends in the middle of .*0000\.png; it may/,
    );
    const other = Buffer.from(tar);
    other[3] ^= 1;
    await assert.rejects(readTarGz(gzipSync(other), "a.tgz"), /cannot read a\.tgz: it is damaged at byte 0/);
    const random = seededRandom("damaged archives");
    let refused = 0;
    for (let round = 0; round < 400; round++) {
      const damaged = Buffer.from(round % 2 === 0 ? zip : tar);
      for (let n = 0; n < 4; n++) damaged[Math.floor(random() * damaged.length)] = Math.floor(random() * 256);
      try {
        const files = round % 2 === 0 ? readZip(damaged, "x") : await readTarGz(gzipSync(damaged), "x");
        for (const file of files) file.bytes();
      } catch (error) {
        assert.ok(error instanceof CamlabError && error.message.startsWith("cannot read x: "), String(error));
        refused++;
      }
    }
    assert.ok(refused >= 50, `${refused}`);
  });
});
