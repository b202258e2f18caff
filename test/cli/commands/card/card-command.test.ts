import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { openNetwork } from "../../../../src/kernel-helpers/networks/open-network.js";
import type { WrittenCard } from "../../../../src/kernel-helpers/networks/write-card.js";
import { NAMES, runHere, writeBareNetwork } from "../../bare-network.js";
import { squashed } from "../../../kernel-helpers/images/squashed.js";

const folder = mkdtempSync(join(tmpdir(), "camlab-card-"));
after(() => rmSync(folder, { recursive: true, force: true }));
let count = 0;

function bare(name = "model.onnx", files: Readonly<Record<string, unknown>> = {}): string {
  const at = join(folder, String(count++));
  mkdirSync(at, { recursive: true });
  writeBareNetwork(join(at, name));
  for (const [file, value] of Object.entries(files)) {
    writeFileSync(join(at, file), typeof value === "string" ? value : JSON.stringify(value));
  }
  return at;
}

test("what flags and files say is written beside the network, and opened with it the network is the same", async () => {
  const at = bare("net.onnx", { "labels.txt": NAMES.join("\n") });
  const flags = [
    "--scale",
    "0..1",
    "--mean",
    "0.5",
    "--std",
    "0.25,0.5,0.2",
    "--crop",
    "0.8",
    "--channel-order",
    "bgr",
  ];
  const { code, stdout, stderr } = await runHere("card", join(at, "net.onnx"), ...flags);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /fit +centre-crop of shorter side 40 +\(options\)/);
  assert.match(stdout, /size +32×32 +\(the graph\)/);
  assert.match(stdout, /classes +\d+: a, b, c, … +\(labels\.txt\)/);
  const card = JSON.parse(readFileSync(join(at, "net.card.json"), "utf8")) as WrittenCard["card"] & {
    sources: WrittenCard["sources"];
  };
  assert.deepEqual(card.preprocessing, {
    ...squashed(32, 32, [127.5, 127.5, 127.5], [63.75, 127.5, 51]),
    fit: "centre-crop",
    channelOrder: "BGR",
    resize: { shorterSide: 40 },
  });
  assert.deepEqual([card.sources.preprocessing.mean, card.sources.classes], ["options", "labels.txt"]);
  rmSync(join(at, "labels.txt"));
  using network = await openNetwork(at, { device: "cpu" });
  assert.deepEqual(network.preprocessing, card.preprocessing);
  assert.deepEqual(network.classes, NAMES);
  assert.deepEqual([network.notes, network.sources?.preprocessing.mean], [[], "net.card.json"]);
});

test("a card that is there stays, unless it is forced; --out takes it elsewhere, and --card opens it from there", async () => {
  const at = bare();
  assert.equal((await runHere("card", at, "--mean", "9")).code, 0);
  const again = await runHere("card", at, "--mean", "7");
  assert.equal(again.code, 1);
  assert.match(again.stderr, /refused to overwrite .*card\.json.*--force/);
  assert.match(readFileSync(join(at, "card.json"), "utf8"), /"mean": \[\s*9,/);
  assert.equal((await runHere("card", at, "--mean", "7", "--force")).code, 0);
  assert.match(readFileSync(join(at, "card.json"), "utf8"), /"mean": \[\s*7,/);
  const elsewhere = join(folder, "cards", "mine.json");
  const names = join(folder, "names.txt");
  writeFileSync(names, NAMES.join("\n"));
  const { stdout } = await runHere("card", at, "--std", "5", "--classes", names, "--out", elsewhere, "--json");
  const { file, sources } = JSON.parse(stdout) as WrittenCard;
  assert.equal(file, elsewhere);
  assert.deepEqual(
    [sources.preprocessing.std, sources.preprocessing.mean, sources.classes],
    ["options", "card.json", "options"],
  );
  using network = await openNetwork(at, { device: "cpu", card: elsewhere });
  assert.deepEqual([network.preprocessing.mean[0], network.preprocessing.std[0], network.classes], [7, 5, NAMES]);
});

test("what a card could not say is refused and nothing is written; names that are only numbers stay out", async () => {
  const at = bare();
  const { code, stderr } = await runHere("card", at, "--size", "64");
  assert.equal(code, 1);
  assert.match(stderr, /a card cannot say this.*64×64.*32×32/);
  assert.deepEqual(readdirSync(at), ["model.onnx"]);
  const plain = await runHere("card", at);
  assert.equal(plain.code, 0);
  assert.match(plain.stderr, /^note: .*assumed as for torchvision.*; classes: no names given.*\n$/);
  assert.match(plain.stdout, /mean +123\.675 116\.28 103\.53 +\(assumed\)/);
  assert.ok(existsSync(join(at, "card.json")));
  assert.doesNotMatch(readFileSync(join(at, "card.json"), "utf8"), /"class 0"/);
});
