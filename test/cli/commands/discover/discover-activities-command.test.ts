import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { encodePng } from "../../../../src/kernel-helpers/images/files/encode.js";
import { draw } from "../../../kernel-helpers/images/pictures.js";
import { camlab } from "../../camlab.js";
import { ownFolderWithCache } from "../../../own-folder.js";

const temporary = ownFolderWithCache("discover-activities");

interface Report {
  readonly classes: number;
  readonly train: number;
  readonly test: number;
  readonly accuracy: { readonly value: number };
  readonly timesChance: number;
  readonly confusion: { readonly classes: string[]; readonly counts: number[][] };
  readonly pointing: { readonly activity: string; readonly personShare: number }[];
  readonly views: {
    readonly label: string;
    readonly predicted: string;
    readonly map: { width: number; data: number[] };
  }[];
  readonly skipped: { readonly file: string }[];
}

/** Two actions in the layout of Stanford-40: an apple is red, a paddle is blue. */
async function drawStanford(folder: string): Promise<void> {
  mkdirSync(join(folder, "ImageSplits"), { recursive: true });
  mkdirSync(join(folder, "JPEGImages"));
  const actions = { eating_an_apple: [230, 30, 30], rowing_a_boat: [30, 30, 230] } as const;
  writeFileSync(
    join(folder, "ImageSplits/actions.txt"),
    `action_name\tnumber\n${Object.keys(actions).join("\t8\n")}\t8\n`,
  );
  for (const [action, colour] of Object.entries(actions)) {
    const names = Array.from({ length: 8 }, (_, i) => `${action}_00${i}.jpg`);
    for (const [i, name] of names.entries()) {
      const inside = (x: number, y: number) => x >= 4 * i && x < 4 * i + 20 && y >= 20 && y < 40;
      const picture = draw(64, 64, (x, y) => (inside(x, y) ? colour : [120, 120, 120]));
      writeFileSync(join(folder, "JPEGImages", name), await encodePng(picture));
    }
    writeFileSync(join(folder, `ImageSplits/${action}_train.txt`), `${names.slice(0, 4).join("\n")}\n`);
    writeFileSync(join(folder, `ImageSplits/${action}_test.txt`), `${names.slice(4).join("\r\n")}\r\n`);
  }
}

test("discover activities: Stanford-40's layout; what cannot be read is named; a page, and a probe that draws maps", async () => {
  const folder = join(temporary, "Stanford40");
  await drawStanford(folder);
  writeFileSync(join(folder, "JPEGImages/rowing_a_boat_007.jpg"), "no picture");
  const [out, model] = [join(temporary, "page"), join(temporary, "actions.json")];
  const flags = ["discover", "activities", "--stanford40", folder, "--network", "teaching", "--cost", "1"];
  const { code, stdout, stderr } = await camlab(...flags, "--json", "--out", out, "--model", model);
  assert.equal(code, 0, stderr);
  const report = JSON.parse(stdout) as Report;
  assert.deepEqual(
    [report.classes, report.train, report.test, report.accuracy.value, report.timesChance],
    [2, 8, 7, 1, 2],
  );
  assert.deepEqual(report.confusion, {
    classes: ["eating an apple", "rowing a boat"],
    counts: [
      [4, 0],
      [0, 3],
    ],
  });
  assert.deepEqual([report.pointing, report.views.length, report.skipped.length], [[], 7, 1]);
  assert.match(stderr, /skipped .*rowing_a_boat_007\.jpg/);
  for (const { map, label, predicted } of report.views) {
    assert.equal(map.data.length, map.width ** 2);
    assert.equal(label, predicted);
  }
  assert.match(readFileSync(join(out, "index.html"), "utf8"), /What are they doing\?/);
  const cam = await camlab("probe", "cam", join(folder, "JPEGImages/rowing_a_boat_006.jpg"), "-m", model);
  assert.match(cam.stdout, /rowing a boat {2}\d/);
  const text = await camlab(...flags);
  assert.match(
    text.stdout,
    /2 activities, learned from 8 pictures, judged on 7\naccuracy 100\.0 %.*: 2\.0 times chance/,
  );
  assert.match(text.stdout, /no picture says what its activity is done with/);
});

test("discover activities: drawn pictures say what each activity is done with", async () => {
  const { code, stdout, stderr } = await camlab(
    ...["discover", "activities", "--network", "teaching", "--train", "22", "--test", "11", "--json"],
  );
  assert.equal(code, 0, stderr);
  const { classes, pointing, views } = JSON.parse(stdout) as Report;
  assert.deepEqual([classes, views.length, pointing[0].activity], [11, 11, "all"]);
  assert.ok(pointing.every(({ activity }) => activity !== "standing about"));
  assert.ok(pointing[0].personShare > 0 && pointing[0].personShare < 1);
});

test("discover activities: sources that do not go together, and folders without a split, are wrong usage", async () => {
  const folders = join(temporary, "folders");
  for (const label of ["a", "b"]) {
    mkdirSync(join(folders, label), { recursive: true });
    writeFileSync(join(folders, label, "1.png"), await encodePng(draw(8, 8, () => [0, 0, 0])));
  }
  for (const flags of [
    ["--stanford40", "x", "--event8", "y"],
    ["--per-class", "3"],
    ["--radius", "2"],
    ["--steps", "some"],
    ["--folders", folders, "--network", "teaching"],
  ]) {
    assert.equal((await camlab("discover", "activities", ...flags)).code, 2, flags.join(" "));
  }
  const gone = await camlab("discover", "activities", "--stanford40", join(temporary, "gone"), "--network", "teaching");
  assert.equal(gone.code, 1);
  assert.match(gone.stderr, /cannot read .*gone: there is no such file or folder/);
});
