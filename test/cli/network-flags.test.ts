import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { beach } from "./camlab.js";
import { NAMES, runHere, writeBareNetwork } from "./bare-network.js";
import { squashed } from "../kernel-helpers/images/squashed.js";

const folder = mkdtempSync(join(tmpdir(), "camlab-flags-"));
after(() => rmSync(folder, { recursive: true, force: true }));
mkdirSync(join(folder, "bare"));
const bare = join(folder, "bare", "model.onnx");
writeBareNetwork(bare);

interface Document {
  preprocessing: Record<string, unknown>;
  sources: { preprocessing: Record<string, string>; classes: string };
  notes: string[];
  images: { classes: { name: string; map: { width: number; height: number } }[] }[];
}

async function looked(...flags: string[]): Promise<Document> {
  const { code, stdout, stderr } = await runHere("look", beach, "--network", bare, "--top", "1", "--json", ...flags);
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout) as Document;
}

const COMMANDS = [
  ["look"],
  ["features"],
  ["probe", "cam"],
  ["evaluate"],
  ["trust"],
  ["export"],
  ["tour"],
  ...["text", "scenes", "units", "phrases", "activities"].map((task) => ["discover", task]),
  ...["train", "test", "ask"].map((step) => ["discover", "answers", step]),
];
const FLAGS = [
  ...["network", "size", "maps", "classes", "card", "probabilities", "head"],
  ...["resize", "crop", "fit", "mean", "std", "scale", "channel-order", "device", "threads"],
];

test("every command that opens a network takes the same flags", async () => {
  for (const command of COMMANDS) {
    const { stdout } = await runHere(...command, "--help");
    for (const flag of FLAGS) assert.match(stdout, new RegExp(`--${flag} <`), `${command.join(" ")} --${flag}`);
  }
});

test("flags become the network's preprocessing, and each field says where it is from", async () => {
  const mean = ["--mean", "[0.5, 0.4, 0.3]", "--std", "0.25 0.5 0.2", "--scale", "1/255"];
  const found = await looked(...mean, "--resize", "40x36", "--channel-order", "bgr");
  assert.deepEqual(found.preprocessing, {
    ...squashed(32, 32, [127.5, 102, 76.5], [63.75, 127.5, 51]),
    fit: "centre-crop",
    channelOrder: "BGR",
    resize: { width: 40, height: 36 },
  });
  assert.deepEqual(found.sources.preprocessing, {
    width: "the graph",
    height: "the graph",
    fit: "options",
    channelOrder: "options",
    mean: "options",
    std: "options",
    resize: "options",
  });
  assert.equal((await looked("--fit", "squash")).preprocessing.fit, "squash");
  assert.deepEqual((await looked("--crop", "0.5")).preprocessing.resize, { shorterSide: 64 });
  assert.deepEqual((await looked("--crop", "32", "--resize", "32")).preprocessing.resize, { shorterSide: 32 });
  assert.deepEqual((await looked("--scale", "-1..1")).preprocessing.mean, [127.5, 127.5, 127.5]);
  const sized = await looked("--size", "64x48");
  assert.deepEqual([sized.preprocessing.width, sized.preprocessing.height], [64, 48]);
  assert.deepEqual([sized.images[0].classes[0].map.width, sized.images[0].classes[0].map.height], [16, 12]);
  assert.equal((await looked("--size", "64")).sources.preprocessing.width, "options");
});

test("--maps finer takes the last stride away, in look as in features and probe cam", async () => {
  const { images } = await looked("--maps", "finer");
  assert.ok(images[0].classes[0].map.width > 8);
});

test("--classes names the scores; a file that does not fit is named", async () => {
  const names = join(folder, "names.txt");
  writeFileSync(names, NAMES.join("\n"));
  const found = await looked("--classes", names);
  assert.ok(NAMES.includes(found.images[0].classes[0].name));
  assert.equal(found.sources.classes, "options");
  assert.ok(!found.notes.some((note) => note.startsWith("classes")));
  writeFileSync(names, "a\nb\n");
  const wrong = await runHere("look", beach, "--network", bare, "--classes", names);
  assert.equal(wrong.code, 1);
  assert.match(wrong.stderr, /2 names \(expected \d+/);
});

test("flags that are misspelt or contradict each other are wrong usage, before anything is opened", async () => {
  const refused: [string[], RegExp][] = [
    [["--mean", "1,2"], /--mean.*expected one number, or three/],
    [["--mean", "x"], /--mean.*expected one number, or three/],
    [["--std", "0"], /--std.*above 0/],
    [["--scale", "1..0"], /--scale.*range/],
    [["--scale", "0-1"], /--scale.*range/],
    [["--channel-order", "GBR"], /--channel-order.*RGB or BGR/],
    [["--size", "0"], /--size/],
    [["--size", "12y8"], /--size/],
    [["--resize", "-3"], /--resize/],
    [["--crop", "1.5"], /--crop.*share/],
    [["--fit", "crop"], /--fit.*centre-crop/],
    [["--maps", "fine"], /--maps/],
    [["--channelorder", "RGB"], /unknown option '--channelorder'.*\s*.*--channel-order/],
    [["--fit", "squash", "--resize", "256"], /--resize belongs to --fit centre-crop, not to --fit squash/],
    [["--fit", "cover", "--crop", "0.9"], /--crop belongs to --fit centre-crop/],
    [["--crop", "0.9", "--resize", "40"], /--resize or a share as --crop, not both/],
    [["--crop", "40", "--size", "64"], /--crop 40 .*--size/],
  ];
  for (const [flags, message] of refused) {
    const { code, stderr } = await runHere("look", beach, "--network", join(folder, "no.onnx"), ...flags);
    assert.equal(code, 2, flags.join(" "));
    assert.match(stderr, message);
  }
});

test("what was assumed is said on every surface: one line on stderr, notes in --json, and the page", async () => {
  const out = join(folder, "out");
  const note =
    /^note: preprocessing: no card, so fit, channelOrder, mean, std assumed .*; classes: no names given[^\n]*\n/m;
  const oneLine = (stderr: string) => assert.equal(stderr.match(/assumed as for torchvision/g)?.length, 1, stderr);
  const page = (file: string) =>
    assert.match(readFileSync(file, "utf8"), /Assumed of the network model|Assumed of the network bare/);
  const features = join(folder, "f.arrow");
  const probe = join(folder, "probe.json");
  const list = join(folder, "list.csv");
  writeFileSync(list, `image,label\n${beach},a\n${join(beach, "../../objects-gap/example.jpg")},b\n`);
  const runs: [string[], string?][] = [
    [["look", beach, "--network", bare, "--json", "--out", out], join(out, "index.html")],
    [["look", beach, "--network", bare, "--json", "--out", `${out}.html`], `${out}.html`],
    [["features", list, "--network", bare, "--json", "--out", features, "--no-cache"]],
    [
      ["discover", "text", "--network", bare, "--train", "8", "--test", "4", "--json", "--out", out],
      join(out, "index.html"),
    ],
    [["discover", "units", "--network", bare, "--test", "4", "--json", "--out", out], join(out, "index.html")],
  ];
  for (const [args, file] of runs) {
    const { code, stdout, stderr } = await runHere(...args);
    assert.equal(code, 0, stderr);
    assert.match(stderr, note, args.join(" "));
    oneLine(stderr);
    const { notes } = JSON.parse(stdout) as Document;
    assert.equal(notes.filter((each) => /assumed as for torchvision/.test(each)).length, 1, args.join(" "));
    if (file) page(file);
  }
  assert.equal((await runHere("probe", "train", "--features", features, "--out", probe)).code, 0);
  const shown = await runHere(
    "probe",
    "cam",
    beach,
    "--model",
    probe,
    "--network",
    bare,
    "--json",
    "--out",
    `${out}2.html`,
  );
  assert.equal(shown.code, 0, shown.stderr);
  assert.match(shown.stderr, note);
  oneLine(shown.stderr);
  assert.ok((JSON.parse(shown.stdout) as Document).notes.some((each) => /assumed/.test(each)));
  page(`${out}2.html`);
  const text = await runHere("look", beach, "--network", bare);
  assert.match(text.stderr, note);
  oneLine(text.stderr);
});
