import assert from "node:assert/strict";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { ESLint } from "eslint";
import { harmless } from "../../src/cli/terminal.js";
import { beach, camlab, root } from "./camlab.js";
import { ownFolder } from "../own-folder.js";

/** Sets a terminal's title, clears it, the same in one byte of C1, rings, goes back, and turns the direction around. */
const EVIL = "\u001b]0;pwn\u0007\u001b[2J\u009b2J\b\u202egpj\u2066\u200f";

/** What a terminal acts on, but the ends of lines. */
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const ACTS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]/;

test("what a text smuggles in is shown; lines and tabs stay, and JSON means the same", () => {
  assert.equal(harmless("a\tb\nc\n"), "a\tb\nc\n");
  assert.doesNotMatch(harmless(EVIL), ACTS);
  assert.equal(harmless("é 鹦鹉 🦜 1.5 − 2"), "é 鹦鹉 🦜 1.5 − 2");
  const document = { [EVIL]: [EVIL, "\u2028\ufeff\ud800"] };
  const told = harmless(`${JSON.stringify(document)}\n`);
  assert.doesNotMatch(told, ACTS);
  assert.deepEqual(JSON.parse(told), document);
  assert.equal(harmless(told), told);
});

describe("nothing that a file holds reaches the terminal as it is", () => {
  const folder = ownFolder("terminal");
  const network = join(folder, "net");
  const photo = join(folder, `p${EVIL.replaceAll("/", "")}\nnext.png`);
  before(async () => {
    const own = join(root, "models/teaching");
    const card = JSON.parse(await readFile(join(own, "card.json"), "utf8")) as { classes: string[] | object };
    await mkdir(network);
    await copyFile(join(own, "model.onnx"), join(network, "model.onnx"));
    const names = (await classNames(own, card)).map((name, i) => `${name}${i === 0 ? `${EVIL}\nfake` : EVIL}`);
    const { hashes: _, ...rest } = card as Record<string, unknown>;
    const evil = { ...rest, name: `n${EVIL}`, title: `t${EVIL}\nsecond`, licence: EVIL, origin: EVIL, classes: names };
    await writeFile(join(network, "card.json"), JSON.stringify(evil));
    await copyFile(beach, photo);
    await writeFile(join(folder, `broken${EVIL}.jpg`), "no picture");
  });

  async function classNames(own: string, card: { classes?: unknown }): Promise<string[]> {
    if (Array.isArray(card.classes)) return card.classes as string[];
    const { file } = card.classes as { file: string };
    return JSON.parse(await readFile(join(own, file), "utf8")) as string[];
  }

  async function quiet(...args: string[]): Promise<string> {
    const { stdout, stderr } = await camlab(...args);
    assert.doesNotMatch(stdout + stderr, ACTS, args[0]);
    return stdout + stderr;
  }

  test("titles, class names and file names, as text and as JSON", async () => {
    const text = await quiet("look", photo, join(folder, "*.jpg"), "-n", network, "--out", join(folder, "out"));
    assert.match(text, /t\\u001b\]0;pwn\\u0007.*\\nsecond/);
    assert.doesNotMatch(text, /^(fake|second|next)/m);
    const json = await camlab("look", photo, "-n", network, "--json");
    assert.doesNotMatch(json.stdout, ACTS);
    const { images } = JSON.parse(json.stdout) as { images: { file: string }[] };
    assert.equal(images[0].file, photo);
  });

  test("features, probes and lists of labels", async () => {
    const features = join(folder, "features.csv");
    await quiet("features", photo, join(folder, "*.jpg"), "-n", network, "--out", features, "--no-cache");
    const labels = join(folder, "labels.csv");
    await writeFile(labels, `image,label\n"${photo}","l${EVIL}"\n"x","m${EVIL}"\n`);
    await quiet("probe", "train", "--features", features, "--labels", labels, "--out", join(folder, "probe.json"));
  });

  test("errors that quote options, paths and what a file holds", async () => {
    await quiet("look", photo, `--${EVIL}`);
    await quiet(`look${EVIL}`);
    await quiet("look", photo, "-n", join(folder, `none${EVIL}`));
    await quiet("look", photo, "-n", network, "--class", `c${EVIL}`);
    const card = join(network, "card.json");
    const text = await readFile(card, "utf8");
    await writeFile(card, JSON.stringify({ ...(JSON.parse(text) as object), preprocessing: { fit: EVIL } }));
    await quiet("look", photo, "-n", network);
    await writeFile(card, text);
    await quiet("features", "--folders", join(folder, `none${EVIL}`), "--out", join(folder, "f.arrow"));
    await quiet("run", join(folder, `none${EVIL}.ipynb`));
  });

  test("a notebook's error", async () => {
    const notebook = join(folder, "evil.ipynb");
    const source = `throw new Error(${JSON.stringify(EVIL)});`;
    const cell = { cell_type: "code", id: "a", metadata: {}, execution_count: null, outputs: [], source };
    await writeFile(notebook, JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [cell] }));
    assert.match(await quiet("run", notebook), /cell 1 failed/);
  });
});

test("the linter refuses a second way to the terminal", async () => {
  const ways = [
    'process.stdout.write("x");',
    'process.stderr.write("x");',
    'console.log("x");',
    'console.error("x");',
    'const { stdout } = process; stdout.write("x");',
  ];
  const text = `export function f(): void {\n${ways.map((way) => `{ ${way} }\n`).join("")}}\n`;
  const eslint = new ESLint({ cwd: root });
  const [{ messages }] = await eslint.lintText(text, { filePath: join(root, "src/cli/notes.ts") });
  const refused = messages.filter(({ ruleId }) => ruleId === "no-restricted-syntax" || ruleId === "no-console");
  assert.deepEqual(
    refused.map(({ line }) => line),
    [2, 3, 4, 5, 6],
  );
});
