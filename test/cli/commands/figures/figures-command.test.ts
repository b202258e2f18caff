import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import sharp from "sharp";
import { runHere } from "../../bare-network.js";
import { beach, camlab, root } from "../../camlab.js";
import { ownFolderWithCache } from "../../../own-folder.js";

const temporary = ownFolderWithCache("figures");

interface Report {
  readonly photos: number;
  readonly seconds: number;
  readonly figures: readonly {
    readonly name: string;
    readonly missing?: string;
    readonly numbers?: Readonly<Record<string, unknown>>;
  }[];
}

interface Share {
  readonly value: number;
}

interface Units {
  readonly classes: readonly {
    readonly units: readonly number[];
    readonly share: number;
    readonly ofOwn: number;
    readonly chance: number;
    /** Share of a photograph that a unit opens. */
    readonly area: number;
    /** The highest correlation of two rows over places. */
    readonly same: number;
  }[];
}

function figure({ figures }: Report, name: string): Readonly<Record<string, unknown>> {
  const found = figures.find((one) => one.name === name)!;
  assert.ok(found.numbers, `${name}: ${found.missing}`);
  return found.numbers;
}

test("figures: a photograph alone gives what needs no labels; what is missing is named", async () => {
  const out = join(temporary, "one.html");
  const { code, stdout, stderr } = await camlab("figures", beach, "--network", "teaching", "--out", out, "--json");
  assert.equal(code, 0, stderr);
  const report = JSON.parse(stdout) as Report;
  assert.deepEqual(
    report.figures.filter(({ missing }) => missing === undefined).map(({ name }) => name),
    ["classes", "steps"],
  );
  assert.match(
    report.figures.find(({ name }) => name === "units")!.missing!,
    /in a part of it and each in another: 1 photographs hold too few/,
  );
  assert.match(report.figures.find(({ name }) => name === "boxes")!.missing!, /give --boxes/);
  assert.match(readFileSync(out, "utf8"), /Not shown, for want of what they need: boxes: .*; labels: /);
});

test("figures: photographs that cannot be read are named, on the page too; where none can, nothing is written", async () => {
  const broken = join(temporary, "broken.jpg");
  const half = join(temporary, "half.png");
  writeFileSync(broken, "no picture");
  writeFileSync(half, readFileSync(beach).subarray(0, 2000));
  const out = join(temporary, "some.html");
  const { code, stdout, stderr } = await camlab(
    "figures",
    beach,
    broken,
    half,
    "--network",
    "teaching",
    "--out",
    out,
    "--json",
  );
  assert.equal(code, 0, stderr);
  assert.match(stderr, /skipped .*broken\.jpg.*\nskipped .*half\.png/);
  const { photos, skipped } = JSON.parse(stdout) as { photos: number; skipped: { file: string; error: string }[] };
  assert.equal(photos, 1);
  assert.deepEqual(
    skipped.map(({ file }) => file),
    [broken, half],
  );
  assert.match(readFileSync(out, "utf8"), /Left out, for they could not be read: .*broken\.jpg.*; .*half\.png/);
  const none = await camlab("figures", broken, "--network", "teaching", "--out", join(temporary, "no.html"));
  assert.equal(none.code, 1);
  assert.match(none.stderr, /none of the 1 photographs can be read: .*broken\.jpg/);
  assert.equal(existsSync(join(temporary, "no.html")), false);
});

test("figures: photographs of one name in two folders stay two", async () => {
  const folders = ["one", "two"].map((name) => join(temporary, name));
  for (const folder of folders) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "001.png"), readFileSync(beach));
  }
  const out = join(temporary, "same-names.html");
  const { stdout, stderr } = await camlab("figures", ...folders, "--network", "teaching", "--out", out, "--json");
  assert.equal((JSON.parse(stdout) as Report).photos, 2, stderr);
});

test("figures: rare labels are left out, others are learned in turns; objects that only repeat labels make no scene", async () => {
  const folder = join(temporary, "labelled");
  mkdirSync(folder, { recursive: true });
  const labels = [...new Array<string>(4).fill("sea"), ...new Array<string>(8).fill("shore"), "moon"];
  const files = labels.map((_, i) => join(folder, `${String(i).padStart(2, "0")}.png`));
  for (const [i, file] of files.entries())
    await sharp(beach)
      .negate(labels[i] === "sea")
      .png()
      .toFile(file);
  const list = join(temporary, "labels.csv");
  const boxes = join(temporary, "boxes.csv");
  writeFileSync(list, ["image,label", ...files.map((file, i) => `${file},${labels[i]}`)].join("\n"));
  writeFileSync(
    boxes,
    ["image,label,x0,y0,x1,y1", ...files.map((file, i) => `${file},${labels[i]},2,2,20,20`)].join("\n"),
  );
  const { code, stdout, stderr } = await camlab(
    ...["figures", folder, "--network", "teaching", "--labels", list, "--boxes", boxes],
    ...["--out", join(temporary, "labelled.html"), "--json"],
  );
  assert.equal(code, 0, stderr);
  const report = JSON.parse(stdout) as Report;
  const { classes, turns, photos } = figure(report, "labels");
  assert.deepEqual([classes, turns, photos], [2, 4, 12]);
  const closer = figure(report, "fine-grained") as unknown as Record<"full" | "crop" | "truth", Share> &
    Record<"mended" | "spoiled" | "right" | "wrong" | "turns", number>;
  const { mended, spoiled, right, wrong } = closer;
  assert.deepEqual([closer.turns, mended + spoiled + right + wrong], [4, 12]);
  assert.deepEqual([closer.full.value, closer.crop.value], [(right + spoiled) / 12, (right + mended) / 12]);
  assert.ok(closer.truth, "true boxes are known");
  assert.match(report.figures.find(({ name }) => name === "objects")!.missing!, /no more than one kind of object/);
});

test("figures: questions are answered by what was learned from other photographs; too few, by what was learned from all", async () => {
  const folder = join(temporary, "asked");
  mkdirSync(folder, { recursive: true });
  const files = Array.from({ length: 8 }, (_, i) => `${i}.png`);
  for (const file of files) writeFileSync(join(folder, file), readFileSync(beach));
  const list = join(temporary, "questions.json");
  const made = async (asked: readonly { image: string; question: string; answer: string }[]) => {
    writeFileSync(list, JSON.stringify(asked));
    const out = join(temporary, "asked.html");
    const { code, stdout, stderr } = await camlab(
      ...["figures", folder, "--network", "teaching", "--questions", list, "--out", out, "--json"],
    );
    assert.equal(code, 0, stderr);
    return { ...figure(JSON.parse(stdout) as Report, "questions"), page: readFileSync(out, "utf8") };
  };
  const many = await made(
    files.flatMap((image) => [
      { image, question: "What place is this?", answer: "a beach" },
      { image, question: "Where is the ball?", answer: "on the sand" },
    ]),
  );
  const { heldOut, right, byWords } = many as unknown as { heldOut: boolean; right: Share; byWords: Share };
  assert.deepEqual([heldOut, right.value, byWords.value], [true, 1, 1]);
  assert.match(many.page, /16 questions, each answered by what was learned from other photographs/);
  assert.match(many.page, /What place is this\?/);
  const few = await made(files.slice(0, 3).map((image) => ({ image, question: `What is ${image}?`, answer: image })));
  assert.equal((few as unknown as { heldOut: boolean }).heldOut, false);
  assert.match(few.page, /too few to answer others: these photographs were learned from/);
});

test("figures: labels of other photographs are refused", async () => {
  const list = join(root, "test/fixtures/readers/none.csv");
  const { code } = await camlab("figures", beach, "--labels", list, "--out", join(temporary, "none.html"));
  assert.notEqual(code, 0);
});

test("figures: a probe is a name with objects, and is given once", async () => {
  for (const [given, message] of [
    [["kitchen"], /expected a name and objects: kitchen=oven,sink/],
    [["kitchen=oven", "kitchen=sink"], /kitchen is given twice/],
  ] as const) {
    const { code, stderr } = await runHere("figures", beach, "--out", join(temporary, "no.html"), "--probe", ...given);
    assert.equal(code, 2);
    assert.match(stderr, message);
  }
});

describe("real data: the slides' figures of photographs", { skip: !process.env.CAMLAB_REAL }, () => {
  const real = process.env.CAMLAB_REAL ?? "";
  // Kept to look at, in a folder that is no part of the project.
  const folder = join(root, "out", "figures");

  test("figures of 128 photographs with boxes and questions, and what they show in numbers", async (t) => {
    mkdirSync(folder, { recursive: true });
    const data = join(real, "data", "coco-vqa");
    process.env.CAMLAB_MODELS = join(real, "models");
    const { code, stdout, stderr } = await camlab(
      ...["figures", join(data, "images"), "--network", "mobilenet_v1_0.75_224", "--boxes", data],
      ...["--probe", "kitchen=oven,sink,refrigerator,microwave", "street=car,bus,truck,traffic light"],
      ...["--questions", join(data, "questions.json"), "--out", join(folder, "coco.html"), "--json"],
    );
    assert.equal(code, 0, stderr);
    const report = JSON.parse(stdout) as Report;
    t.diagnostic(`${report.photos} photographs in ${report.seconds.toFixed(1)} s`);
    assert.equal(report.photos, 128);
    const right = figure(report, "boxes").right as { value: number };
    assert.ok(right.value > 0.2 && right.value < 0.6, `IoU of 0.5 in ${right.value}`);
    const { scenes } = figure(report, "objects") as {
      scenes: { scene: string; shown: boolean; averagePrecision: number; informative: string[]; frequent: string[] }[];
    };
    for (const { shown, averagePrecision } of scenes) assert.equal(shown, averagePrecision >= 0.5);
    assert.ok(scenes.some(({ shown }) => shown));
    const { informative: kitchen, frequent } = scenes.find(({ scene }) => scene === "kitchen")!;
    assert.ok(
      frequent.includes("person") && !kitchen.includes("person"),
      "in two of ten kitchens: frequent counts all",
    );
    assert.ok(
      kitchen.slice(0, 3).some((name) => ["oven", "sink", "refrigerator"].includes(name)),
      kitchen.join(", "),
    );
    assert.ok((figure(report, "questions").answers as number) >= 20);
  });

  test("phrases of captions: each photograph judged by a detector that has not seen it, most of the first ones say it", async () => {
    mkdirSync(folder, { recursive: true });
    const data = join(real, "data", "coco-vqa", "images");
    process.env.CAMLAB_MODELS = join(real, "models");
    const { code, stdout, stderr } = await camlab(
      ...["figures", data, "--network", "efficientnet_lite0"],
      ...["--captions", join(root, "bench/figures/coco-captions.csv")],
      ...["--labels", join(root, "bench/figures/coco-activities.csv")],
      ...["--out", join(folder, "phrases.html"), "--json"],
    );
    assert.equal(code, 0, stderr);
    const report = JSON.parse(stdout) as Report;
    const { phrases } = figure(report, "phrases") as {
      phrases: { phrase: string; averagePrecision: number; chance: number; first: number }[];
    };
    assert.equal(phrases.length, 4);
    for (const { phrase, averagePrecision, first } of phrases)
      assert.ok(averagePrecision > 0.5 && first > 0.6, `${phrase}: ${averagePrecision}, ${first} of the first ones`);
    const { accuracy, turns } = figure(report, "labels") as { accuracy: { value: number }; turns: number };
    assert.equal(turns, 4);
    assert.ok(accuracy.value > 0.5, `${accuracy.value} named right, 0.26 by chance`);
    const { full } = figure(report, "fine-grained") as { full: { value: number } };
    assert.deepEqual(full, accuracy, "one split, one answer to a whole photograph");
  });

  test("units of classes: most of the photographs that excite them most are of the class, and each lies on another part", async () => {
    mkdirSync(folder, { recursive: true });
    const data = join(real, "data", "cub20", "images");
    process.env.CAMLAB_MODELS = join(real, "models");
    const { code, stdout, stderr } = await camlab(
      ...["figures", data, "--network", "efficientnet_lite0", "--out", join(folder, "units.html"), "--json"],
    );
    assert.equal(code, 0, stderr);
    const { classes } = figure(JSON.parse(stdout) as Report, "units") as unknown as Units;
    assert.ok(classes.length > 0 && classes.length <= 2);
    for (const { share, ofOwn, chance, units, area, same } of classes) {
      assert.ok(area > 0 && area <= 0.18 && same < 0.5, `open ${area} of a photograph, correlated by ${same}`);
      assert.ok(share > 0.5 && ofOwn > 2 * chance, `photographs of the class ${share}, ${ofOwn}, by chance ${chance}`);
      assert.ok(units.length >= 2 && units.length <= 3);
    }
  });

  test("questions in turns: the photograph adds to what the words say; text is found in whole photographs", async (t) => {
    const data = join(real, "data");
    process.env.CAMLAB_MODELS = join(real, "models");
    const asked = await camlab(
      ...["figures", join(data, "coco-vqa", "images"), "--network", "efficientnet_lite2", "--json"],
      ...["--questions", join(root, "bench/figures/coco-questions.json"), "--out", join(folder, "questions.html")],
    );
    assert.equal(asked.code, 0, asked.stderr);
    const told = figure(JSON.parse(asked.stdout) as Report, "questions");
    const { heldOut, right, byWords, shown } = told as unknown as Record<"right" | "byWords", Share> & {
      heldOut: boolean;
      shown: number;
    };
    assert.deepEqual([heldOut, shown], [true, 9]);
    assert.ok(right.value > 0.45 && right.value > byWords.value + 0.1, `${right.value}, by words ${byWords.value}`);
    const streets = await camlab(
      ...["figures", join(data, "scene-text"), "--words", join(data, "scene-text"), "--network", "efficientnet_lite0"],
      ...["--out", join(folder, "text.html"), "--json"],
    );
    assert.equal(streets.code, 0, streets.stderr);
    const report = JSON.parse(streets.stdout) as Report;
    t.diagnostic(`${report.photos} street scenes in ${report.seconds.toFixed(1)} s`);
    const { pointing, photos } = figure(report, "text") as {
      pointing: { figure: Share; chance: number };
      photos: number;
    };
    assert.equal(photos, 60);
    assert.ok(pointing.figure.value > 0.8 && pointing.chance < 0.2, `${pointing.figure.value}, ${pointing.chance}`);
  });

  test("figures of photographs with labels: named right, found by their own maps", async (t) => {
    mkdirSync(folder, { recursive: true });
    const data = join(real, "data", "scenes6", "test");
    process.env.CAMLAB_MODELS = join(real, "models");
    const { code, stdout, stderr } = await camlab(
      ...["figures", data, "--network", "mobilenet_v1_0.75_224", "--labels", "folders"],
      ...["--out", join(folder, "scenes.html"), "--json"],
    );
    assert.equal(code, 0, stderr);
    const report = JSON.parse(stdout) as Report;
    t.diagnostic(`${report.photos} photographs in ${report.seconds.toFixed(1)} s`);
    const { accuracy, classes } = figure(report, "labels") as { accuracy: { value: number }; classes: number };
    assert.equal(classes, 6);
    assert.ok(accuracy.value > 0.8, `${accuracy.value} are named right`);
  });
});
