import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { isSkipped, lookAtAll } from "../../../src/kernel-helpers/networks/look-at-all.js";
import type { Network } from "../../../src/kernel-helpers/networks/network.js";
import { openNetwork, type OpenNetworkOptions } from "../../../src/kernel-helpers/networks/open-network.js";
import { runHere } from "../../cli/bare-network.js";

const real = process.env.CAMLAB_REAL ?? "";
const models = join(real, "models");
const photos = join(real, "data", "imagenet-photos");

const folder = mkdtempSync(join(tmpdir(), "camlab-without-cards-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** The network and its class names, without its card. */
function bare(name: string, files: Readonly<Record<string, unknown>> = {}): string {
  const at = join(folder, `${name} ${Object.keys(files).length}`);
  mkdirSync(at, { recursive: true });
  for (const file of ["model.onnx", "classes.json"]) symlinkSync(join(models, name, file), join(at, file));
  for (const [file, value] of Object.entries(files)) writeFileSync(join(at, file), JSON.stringify(value));
  return at;
}

interface Case {
  readonly name: string;
  /** Right of 100 photographs, with the card. */
  readonly right: number;
  readonly options?: OpenNetworkOptions;
  readonly files?: Readonly<Record<string, unknown>>;
}

const SIGNED = { preprocessing: { scale: [-1, 1] } } as const;
const CASES: readonly Case[] = [
  { name: "efficientnet_lite0", right: 87, options: SIGNED },
  { name: "efficientnet_lite2", right: 92, options: SIGNED },
  { name: "mobilenet_v2_coral", right: 86, options: SIGNED },
  {
    name: "mobilenet_v1_0.75_224",
    right: 88,
    files: {
      "preprocessor_config.json": {
        size: { shortest_edge: 224 },
        image_mean: [0.5, 0.5, 0.5],
        image_std: [0.5, 0.5, 0.5],
      },
    },
  },
  {
    name: "squeezenet_v1.0",
    right: 61,
    files: {
      "preprocessor_config.json": {
        size: { shortest_edge: 256 },
        do_center_crop: true,
        crop_size: { height: 227, width: 227 },
        do_rescale: false,
        image_mean: [123, 117, 104],
        image_std: [1, 1, 1],
        do_flip_channel_order: true,
      },
    },
  },
];

describe("real data: networks without their cards", { skip: !process.env.CAMLAB_REAL }, () => {
  for (const { name, right, options = {}, files = {} } of CASES) {
    test(`${name} is right as often as with its card, told by one option or file`, async (t) => {
      using network = await openNetwork(bare(name, files), { device: "cpu", ...options });
      const list = readFileSync(join(models, "mobilenet_v1_0.75_224", "classes.json"), "utf8");
      const truth = JSON.parse(list) as readonly { wnid: string }[];
      const background = network.classes.length - truth.length;
      const found = await rightOf(network, (file) => truth.findIndex(({ wnid }) => file.includes(wnid)) + background);
      t.diagnostic(`${found} of 100 (${network.notes.join("; ")})`);
      assert.ok(Math.abs(found - right) <= 1, `${found} of 100, ${right} with the card`);
    });
  }

  test("told nothing, each says on every surface what was assumed", async () => {
    const [photo] = readdirSync(photos).sort();
    for (const { name } of CASES) {
      const at = bare(name, { "README.json": {}, "about.json": {} });
      const { code, stdout, stderr } = await runHere("look", join(photos, photo), "--network", at, "--json");
      assert.equal(code, 0, stderr);
      assert.match(stderr, /^note: .*assumed as for torchvision's ImageNet networks/m);
      const document = JSON.parse(stdout) as { notes: string[]; sources: { preprocessing: Record<string, string> } };
      assert.ok(document.notes.some((note) => note.includes("assumed")));
      assert.equal(document.sources.preprocessing.mean, "assumed");
      using network = await openNetwork(at, { device: "cpu" });
      assert.deepEqual(network.notes, document.notes);
    }
  });
});

async function rightOf(network: Network, wanted: (file: string) => number): Promise<number> {
  let right = 0;
  const files = readdirSync(photos).map((file) => join(photos, file));
  for await (const seen of lookAtAll(network, files, { top: 1 })) {
    assert.ok(!isSkipped(seen));
    if (seen.top[0].index === wanted(seen.photo.file)) right++;
  }
  return right;
}
