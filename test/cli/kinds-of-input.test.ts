import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import sharp from "sharp";
import { writeGraph } from "../../src/kernel-helpers/graph/onnx/write-graph.js";
import { bitmap } from "../hostile/images/seeds.js";
import { halved } from "../kernel-helpers/graph/half.js";
import { bareNetwork, runHere } from "./bare-network.js";
import { beach } from "./camlab.js";

const folder = mkdtempSync(join(tmpdir(), "camlab-kinds-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** The photograph as an uncompressed bitmap. */
async function asBitmap(): Promise<string> {
  const { data, info } = await sharp(beach).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const path = join(folder, "beach.bmp");
  writeFileSync(path, bitmap({ ...info, data }));
  return path;
}

async function done(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await runHere(...args);
  assert.equal(code, 0, `${args.join(" ")}: ${stderr}`);
  return stdout;
}

interface Looked {
  readonly images: readonly { readonly classes: readonly { readonly name: string; readonly probability: number }[] }[];
}

const KINDS = {
  "float16 throughout, one photo at a time": halved(bareNetwork({ batch: 1 })),
  "bytes, channels last, one photo at a time": bareNetwork({ batch: 1, bytes: true }),
};

describe("every surface takes every kind of input", () => {
  Object.entries(KINDS).forEach(([kind, graph], i) => {
    test(kind, async () => {
      const at = (name: string) => join(folder, `${i}-${name}`);
      const network = at("net.onnx");
      writeFileSync(network, writeGraph(graph));
      const photo = await asBitmap();
      const list = at("list.csv");
      writeFileSync(list, `image,label\n${photo},a\n${join(beach, "../../objects-gap/example.jpg")},b\n`);
      const looked = JSON.parse(await done("look", photo, beach, "--network", network, "--json")) as Looked;
      const [first, second] = looked.images.map(({ classes }) => classes);
      assert.deepEqual(first, second, "a bitmap is the picture that it was made of");
      await done("look", photo, "--network", network, "--out", at("look.html"));
      await done("look", photo, "--network", network, "--maps", "finer");
      await done("look", photo, "--network", network, "--size", "64x48");
      await done("look", photo, "--network", network, "--view", "whole");
      await done("look", photo, "--network", network, "--way", "saliency", "grad-cam");
      await done("features", list, "--network", network, "--no-cache", "--out", at("features.arrow"));
      await done("probe", "train", "--features", at("features.arrow"), "--out", at("probe.json"));
      await done("probe", "cam", photo, "--model", at("probe.json"), "--network", network, "--json");
      await done("discover", "text", "--network", network, "--train", "8", "--test", "4", "--out", at("text"));
      await done("card", network, "--out", at("card.json"));
      await done("trust", photo, "--network", network, "--way", "cam", "--json");
      await done("export", network, "--out", at("export.onnx"), "--heat", "--pixels");
      await done("export", at("probe.json"), "--network", network, "--out", at("detector.onnx"));
      const again = JSON.parse(await done("look", photo, "--network", at("export.onnx"), "--json")) as Looked;
      again.images[0].classes.forEach(({ name, probability }, c) => {
        assert.equal(name, first[c].name);
        assert.ok(Math.abs(probability - first[c].probability) < 1e-3);
      });
    });
  });
});
