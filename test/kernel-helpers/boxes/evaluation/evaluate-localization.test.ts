import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { tableFromIPC } from "@uwdata/flechette";
import { evaluateLocalization } from "../../../../src/kernel-helpers/boxes/evaluation/evaluate-localization.js";
import type {
  Cvpr2016Report,
  Wsol2020Report,
} from "../../../../src/kernel-helpers/boxes/evaluation/localization-report.js";
import {
  localizationToArrow,
  saveLocalization,
} from "../../../../src/kernel-helpers/boxes/evaluation/save-localization.js";
import { regionsOf } from "../../../../src/kernel-helpers/images/masks/masks.js";
import type { Picture } from "../../../../src/kernel-helpers/images/picture.js";
import type { WayToLook } from "../../../../src/kernel-helpers/boxes/evaluation/look-for-cases.js";
import { coloured, twoColours } from "./two-colours.js";

const box = (x: number, y: number, width: number, height: number) => ({ x, y, width, height });
const LEFT = box(0, 0, 2, 4);
/** Two right of three: the box of the third is elsewhere, and the fourth is called by the wrong colour. */
const pictures: Picture[] = [
  { id: "1", file: coloured("red", LEFT), label: "a", box: LEFT, split: "val" },
  { id: "2", file: coloured("green", LEFT), label: "b", box: LEFT, split: "test" },
  { id: "3", file: coloured("red", LEFT), label: "a", box: box(2, 0, 2, 4), split: "test" },
  { id: "4", file: coloured("red", LEFT), label: "b", box: LEFT, split: "test" },
];

async function cvpr2016(given: readonly Picture[] = pictures, options = {}): Promise<Cvpr2016Report> {
  const report = await evaluateLocalization(twoColours(), given, { cache: false, ...options });
  assert.equal(report.protocol, "cvpr2016");
  return report;
}

async function wsol2020(given: readonly Picture[] = pictures, options = {}): Promise<Wsol2020Report> {
  const report = await evaluateLocalization(twoColours(), given, { protocol: "wsol2020", cache: false, ...options });
  assert.equal(report.protocol, "wsol2020");
  return report;
}

test("cvpr2016: errors for one guess and more, the known class, pointing, and what each picture did", async () => {
  const report = await cvpr2016();
  const values = (list: readonly { value: number }[]) => list.map(({ value }) => value);
  assert.deepEqual(values(report.classification).slice(0, 2), [0.25, 0]);
  // The second guess of the fourth is right about the class; its map is all zero and has no box.
  assert.deepEqual(values(report.localization).slice(0, 2), [0.5, 0.5]);
  assert.equal(report.knownClass.value, 0.5);
  assert.equal(report.pointing.value, 0.5);
  assert.equal(report.pictures, 4);
  assert.ok(report.knownClass.low > 0 && report.knownClass.high < 1);
  assert.deepEqual(
    report.judged.map(({ picture }) => picture),
    pictures,
    "the very pictures",
  );
  assert.deepEqual(
    report.judged.map(({ guesses }) => guesses.map(({ index }) => index)),
    [
      [0, 1, 2],
      [1, 0, 2],
      [0, 1, 2],
      [0, 1, 2],
    ],
  );
  assert.equal(report.overIou.y[50], report.knownClass.value);
  assert.equal(report.overThresholds.y[20], report.knownClass.value, "the 20 % rule on the curve");
});

test("wsol2020: the threshold is chosen on the validation part, and the best of the reported part stands beside it", async () => {
  const report = await wsol2020();
  assert.equal(report.chosenOn, 1);
  assert.equal(report.cases, 3);
  assert.equal(report.maxBoxAcc.accuracy.value, 1 / 3);
  assert.ok(report.maxBoxAcc.bestOnReported.accuracy >= report.maxBoxAcc.accuracy.value);
  assert.deepEqual(
    report.maxBoxAccV2.at.map(({ iou }) => iou),
    [0.3, 0.5, 0.7],
  );
  assert.equal(report.pxAP, undefined);
  assert.ok(!report.notes.some((note) => note.includes("flatters")));
  const one = await wsol2020(pictures.slice(1));
  assert.equal(one.chosenOn, 0);
  assert.ok(one.notes.some((note) => note.includes("flatters")));
  const other = await wsol2020(pictures, { chooseOn: "test" });
  assert.deepEqual([other.chosenOn, other.cases], [3, 1]);
});

test("true boxes that reach beyond their photo are told, by more than the pixel in which conventions differ", async () => {
  const told = async (wide: number) => {
    const given = { ...pictures[0], id: "far", box: box(0, 0, wide, 4) };
    return (await cvpr2016([...pictures, given])).notes.filter((note) => note.includes("beyond"));
  };
  assert.deepEqual(await told(5), []);
  const notes = await told(6);
  assert.equal(notes.length, 1);
  assert.match(notes[0], /^1 cases .* the first in far/);
});

test("the threshold is one for all pictures, not each picture's best", async () => {
  const wide = box(0, 0, 3, 4);
  const grey = (x: number, y: number) => coloured("red", box(x, 0, y, 4));
  const faint: Picture[] = [
    { file: grey(0, 2), label: "a", box: LEFT },
    { file: grey(0, 2), label: "a", box: wide },
  ];
  const report = await wsol2020(faint);
  const each = report.judged.map(({ largest }) => Math.max(...largest!));
  assert.ok(report.maxBoxAcc.accuracy.value <= each.filter((value) => value >= 0.5).length / 2);
  assert.equal(report.maxBoxAcc.accuracy.value, Math.max(...report.overThresholds.y));
});

test("PxAP counts masks, and passes over what is hard to tell", async () => {
  const mask = (has: (x: number) => boolean) =>
    regionsOf(
      Uint8Array.from({ length: 16 }, (_, p) => Number(has(p % 4))),
      4,
      4,
    ).get(1)!.mask;
  const masked = (difficult: boolean): Picture => ({
    file: coloured("red", box(0, 0, 3, 4)),
    label: "a",
    objects: [
      { name: "a", box: LEFT, mask: mask((x) => x < 2) },
      { name: "a", box: box(2, 0, 1, 4), mask: mask((x) => x === 2), difficult },
    ],
  });
  const whole = await wsol2020([masked(false)]);
  const passed = await wsol2020([masked(true)]);
  assert.ok(whole.pxAP!.value > 0.99);
  assert.ok(passed.pxAP!.value > 0.97 && passed.pxAP!.value <= 1);
  const counted = (report: Wsol2020Report) => {
    const { inside, outside } = report.judged[0].pixels!;
    return [inside, outside].map((counts) => counts.reduce((sum, count) => sum + count, 0) / 224 ** 2);
  };
  assert.deepEqual(counted(whole), [0.75, 0.25]);
  assert.deepEqual(counted(passed), [0.5, 0.25]);
});

test("a picture of several labels is judged once for each, and looked at once", async () => {
  let looked = 0;
  const both: Picture = {
    file: coloured("red", LEFT),
    labels: ["a", "b"],
    objects: [
      { name: "a", box: LEFT },
      { name: "b", box: box(2, 0, 2, 4) },
      { name: "b", box: LEFT, crowd: true },
    ],
  };
  const report = await evaluateLocalization(
    twoColours((count) => (looked += count)),
    [both],
    { cache: false },
  );
  assert.deepEqual([report.pictures, report.cases, looked], [1, 2, 1]);
  assert.deepEqual(report.judged[1].truth, [box(2, 0, 2, 4)], "crowds are passed over");
});

test("what cannot be judged is named and left out; a picture without a box counts for its class alone", async () => {
  const bad: Picture[] = [
    { file: "no-such-file.png", label: "a", box: LEFT },
    { file: coloured("red", LEFT) },
    { file: coloured("red", LEFT), label: "zebra", box: LEFT },
    { file: coloured("green", LEFT), label: "a" },
  ];
  const report = await cvpr2016([...pictures, ...bad]);
  assert.deepEqual(
    report.skipped.map(({ picture }) => picture),
    [bad[1], bad[2], bad[0]],
  );
  assert.match(report.skipped[0].error, /no label/);
  assert.match(report.skipped[1].error, /"zebra".*\{ classes \}/);
  assert.equal(report.classification[0].value, 2 / 5);
  assert.equal(report.localization[0].value, 1 / 2);
  assert.ok(report.notes.some((note) => /1 cases have no true box/.test(note)));
  await assert.rejects(cvpr2016([bad[3]]), /no picture with a true box could be judged/);
  await assert.rejects(cvpr2016([bad[0]]), /no picture with a true box.*no-such-file/);
});

test("labels that are not the network's names are found by a list, or by their place", async () => {
  const numbered = pictures.map((picture) => ({ ...picture, label: picture.label === "a" ? "n01" : "n02" }));
  const listed = await cvpr2016(numbered, { classes: ["n01", "n02", "n03"] });
  assert.equal(listed.classification[0].value, 0.25);
  const set = { classes: ["n01", "n02", "n03"], pictures: numbered };
  const placed = await evaluateLocalization(twoColours(), set, { cache: false });
  assert.ok(placed.notes.some((note) => note.includes("matched by their place")));
  assert.equal((placed as Cvpr2016Report).classification[0].value, 0.25);
  await assert.rejects(cvpr2016(numbered, { classes: ["n01"] }), /classes lists 1 labels.*3 classes/);
  await assert.rejects(cvpr2016(numbered), /no picture/);
});

test("the box rule is asked for: any threshold, the authors' rule, the heuristic, another way to look", async () => {
  const strict = await cvpr2016(pictures, { boxRule: { threshold: 0.9 } });
  assert.ok(strict.judged[0].box!.width < (await cvpr2016()).judged[0].box!.width + 1e-9);
  const rules = { loose: { threshold: 0.2 }, tight: { threshold: 0.9 } };
  const heuristic = await cvpr2016(pictures, { boxRule: { rule: "heuristic", ...rules } });
  assert.deepEqual(
    heuristic.judged[0].guesses.map(({ index }) => index),
    [0, 0],
    "maps of the other classes have no box",
  );
  const usual = await cvpr2016(pictures, { boxRule: { rule: "heuristic" } });
  const authors = await cvpr2016(pictures, { boxRule: { rule: "authors" } });
  assert.deepEqual(
    usual.judged.map(({ box: ruled, overlap }) => [ruled, overlap]),
    authors.judged.map(({ box: ruled, overlap }) => [ruled, overlap]),
    "the heuristic's box of a known class is the loose one of the authors' rule",
  );
  assert.deepEqual(
    heuristic.judged.map(({ box: ruled }) => ruled),
    (await cvpr2016(pictures, { boxRule: rules.loose })).judged.map(({ box: ruled }) => ruled),
  );
  const everywhere = {
    name: "everywhere",
    map: ({ placement }: { placement: object }) => ({ width: 1, height: 1, data: Float32Array.of(1), placement }),
  };
  const blind = await cvpr2016(pictures, { way: everywhere });
  assert.deepEqual(blind.judged[0].box, box(0, 0, 4, 4));
  assert.equal(blind.pointing.value, 0, "a constant map points nowhere");
  assert.equal(blind.way, "everywhere");
});

test("options that a protocol does not have are refused", async () => {
  await assert.rejects(
    cvpr2016(pictures, { boxRule: { rule: "heuristic", threshold: 0.9 } as never }),
    /the heuristic box rule has no option "threshold"/,
  );
  await assert.rejects(
    wsol2020(pictures, { boxRule: { threshold: 0.2 } }),
    /boxRule is an option of the protocol cvpr2016/,
  );
  await assert.rejects(cvpr2016(pictures, { chooseOn: "val" }), /chooseOn is an option of the protocol wsol2020/);
  await assert.rejects(cvpr2016(pictures, { conventions: { area: "polygon" } }), /no option "area"/);
  await assert.rejects(cvpr2016(pictures, { protocol: "cvpr2017" }), /invalid protocol: "?cvpr2017/);
  await assert.rejects(cvpr2016(pictures, { boxRul: {} }), /did you mean "boxRule"/);
  await assert.rejects(
    cvpr2016(pictures, { boxRule: { rule: "authors", threshold: 0.3 } }),
    /authors rule has no option/,
  );
  await assert.rejects(cvpr2016(pictures, { way: {} }), /way needs a name/);
});

test("maps are kept: another protocol looks at nothing again, a stopped evaluation goes on from there", async () => {
  const folder = await mkdtemp(join(tmpdir(), "camlab-localization-"));
  try {
    let looked = 0;
    const network = twoColours((count) => (looked += count));
    const many = Array.from({ length: 300 }, (_, i) => ({
      id: String(i),
      file: coloured(i % 2 ? "red" : "green", box(0, 0, 2, 4), 4 + i),
      label: i % 2 ? "a" : "b",
      box: box(0, 0, 2, 4),
    }));
    const controller = new AbortController();
    const stopped = evaluateLocalization(network, many, {
      cache: folder,
      signal: controller.signal,
      onProgress: ({ done }) => done === 64 && controller.abort(),
    });
    await assert.rejects(stopped, { name: "AbortError" });
    assert.ok(looked >= 64 && looked < 300, `it stops, some pictures ahead: ${looked}`);
    const before = looked;
    const first = (await evaluateLocalization(network, many, { cache: folder })) as Cvpr2016Report;
    assert.ok(looked - before <= 236, "only what was left");
    const all = looked;
    const again = await evaluateLocalization(network, many, { cache: folder, protocol: "wsol2020" });
    assert.equal(looked, all, "nothing again");
    assert.equal(again.cases, 300);
    const fresh = (await evaluateLocalization(network, many, { cache: false })) as Cvpr2016Report;
    assert.deepEqual(first.localization, fresh.localization);
    assert.deepEqual(
      first.judged.map(({ guesses }) => guesses),
      fresh.judged.map(({ guesses }) => guesses),
      "from the cache and anew are the same",
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("of a way of one's own wsol2020 makes the true class's map alone, and keeps it; large ones if they take long", async () => {
  const folder = await mkdtemp(join(tmpdir(), "camlab-localization-"));
  try {
    const photos = ["red", "green"].map((colour, i) => ({
      id: colour,
      file: coloured(colour as "red" | "green", box(0, 0, 2, 4), 4 + i),
      label: i === 0 ? "a" : "b",
      box: box(0, 0, 2, 4),
    }));
    let made = 0;
    const judge = async (protocol: "cvpr2016" | "wsol2020", name: string, side: number, milliseconds: number) => {
      made = 0;
      const map: WayToLook["map"] = async ({ placement }) => {
        made += 1;
        await setTimeout(milliseconds);
        return { width: side, height: side, data: Float32Array.from({ length: side * side }, (_, p) => p), placement };
      };
      await evaluateLocalization(twoColours(), photos, { protocol, way: { name, map }, cache: folder });
      return made;
    };
    assert.equal(await judge("wsol2020", "small", 3, 0), 2, "a map a picture");
    assert.equal(await judge("wsol2020", "small", 3, 0), 0, "kept");
    assert.equal(await judge("cvpr2016", "small", 3, 0), 6, "those of all guesses");
    assert.equal(await judge("wsol2020", "other", 3, 0), 2);
    assert.equal(await judge("cvpr2016", "large", 65, 0), 6);
    assert.equal(await judge("cvpr2016", "large", 65, 0), 6, "large, but soon made");
    assert.equal(await judge("cvpr2016", "slow", 65, 60), 6);
    assert.equal(await judge("cvpr2016", "slow", 65, 60), 0, "slow");
    assert.equal(await judge("wsol2020", "slow", 65, 60), 0, "of all maps it takes one");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("results by picture of the other protocol: the best of all boxes, and pixels where there are masks", async () => {
  const mask = { width: 4, height: 4, counts: [0, 8, 8] };
  const objects = [{ name: "a", box: LEFT, mask }];
  const report = await wsol2020([{ ...pictures[0], objects }, pictures[1]]);
  const table = tableFromIPC(localizationToArrow(report));
  const plain = (name: string) =>
    [...(table.getChild(name) as Iterable<Float64Array | null>)].map((value) => value && [...value]);
  assert.deepEqual(
    plain("best"),
    report.judged.map(({ best }) => [...best!]),
  );
  assert.deepEqual(plain("inside"), [[...report.judged[0].pixels!.inside], null]);
  assert.deepEqual(plain("outside"), [[...report.judged[0].pixels!.outside], null]);
  assert.equal(plain("box")[0], null);
});

test("what is to be known of the set, the network and its labels is in the report's notes, in this order", async () => {
  const set = {
    classes: ["n01", "n02", "n03"],
    pictures: pictures.map((one) => ({ ...one, label: one.label === "a" ? "n01" : "n02" })),
  };
  const network = { ...twoColours(), notes: ["of the network"] };
  const notes = async (given: object) =>
    (await evaluateLocalization(network, given as typeof set, { cache: false })).notes;
  const of = await notes({ ...set, notes: ["of the set"] });
  assert.deepEqual(of.slice(0, 2), ["of the set", "of the network"]);
  assert.match(of[2], /matched by their place/);
  assert.deepEqual((await notes(set))[0], "of the network");
  assert.equal(of.length, 3);
  assert.deepEqual(await notes(pictures), ["of the network"]);
});

test("progress tells each picture, and pictures may come as a stream", async () => {
  const seen: [number, number | undefined][] = [];
  async function* stream() {
    for (const picture of pictures) yield await Promise.resolve(picture);
  }
  const onProgress = ({ done, total }: { done: number; total?: number }) => seen.push([done, total]);
  const report = await evaluateLocalization(twoColours(), stream(), { cache: false, onProgress });
  assert.equal(report.cases, 4);
  assert.deepEqual(seen.at(-1), [4, undefined]);
  await cvpr2016(pictures, { onProgress });
  assert.deepEqual(seen.at(-1), [4, 4]);
});

test("results by picture: every figure can be made from the Arrow file again", async () => {
  const report = await cvpr2016([...pictures, { file: "gone.png", label: "a", id: "5" }]);
  const table = tableFromIPC(localizationToArrow(report));
  const column = (name: string) => [...(table.getChild(name) as Iterable<unknown>)];
  assert.deepEqual(column("id"), ["1", "2", "3", "4", "5"]);
  assert.match(String(column("error")[4]), /gone\.png/);
  const overlaps = column("overlap").slice(0, 4) as number[];
  assert.equal(overlaps.filter((value) => value >= 0.5).length / 4, report.knownClass.value);
  const guessed = column("guesses").slice(0, 4) as Int32Array[];
  const wrong = guessed.filter((guesses, i) => guesses[0] !== column("class")[i]).length;
  assert.equal(wrong / 4, report.classification[0].value);
  const largest = column("largest") as Float32Array[];
  const thresholds = JSON.parse(table.schema.metadata!.get("camlab.thresholds")!) as number[];
  assert.equal(thresholds.length, 101);
  assert.equal(largest.slice(0, 4).filter((one) => one[20] >= 0.5).length / 4, report.overThresholds.y[20]);
  const corners = ({ x, y, width, height }: { x: number; y: number; width: number; height: number }) => [
    x,
    y,
    width,
    height,
  ];
  const plain = (name: string) =>
    column(name).map((value) => (ArrayBuffer.isView(value) ? [...(value as Float32Array)] : value));
  const all = <T>(of: (one: (typeof report.judged)[number]) => T) => [...report.judged.map(of), null];
  assert.deepEqual(plain("file"), ["1", "2", "3", "4", "gone.png"]);
  assert.deepEqual(plain("split"), ["val", "test", "test", "test", null]);
  assert.deepEqual(plain("label"), ["a", "b", "a", "b", "a"], "of a skipped picture its own");
  assert.deepEqual(plain("class"), [0, 1, 0, 1, null]);
  assert.deepEqual(
    [plain("width"), plain("height")],
    [
      [4, 4, 4, 4, null],
      [4, 4, 4, 4, null],
    ],
  );
  const lists = (name: string) =>
    column(name).map((value) => value && Array.from(value as Iterable<ArrayLike<number>>, (each) => Array.from(each)));
  assert.deepEqual(
    lists("truth"),
    all(({ truth }) => truth.map(corners)),
  );
  assert.deepEqual(
    lists("boxes"),
    all(({ guesses }) => guesses.map(({ box: guess }) => (guess ? corners(guess) : [0, 0, 0, 0]))),
  );
  assert.deepEqual(
    plain("guesses"),
    all(({ guesses }) => guesses.map(({ index }) => index)),
  );
  assert.deepEqual(
    plain("probabilities"),
    all(({ guesses }) => guesses.map(({ probability }) => Math.fround(probability))),
  );
  assert.deepEqual(
    plain("box"),
    all((one) => (one.box ? corners(one.box) : null)),
  );
  assert.deepEqual(
    plain("overlap"),
    all(({ overlap }) => overlap),
  );
  assert.deepEqual(
    plain("pointed"),
    all(({ pointed }) => pointed),
  );
  assert.deepEqual(
    plain("largest"),
    all((one) => [...one.largest!]),
  );
  for (const name of ["best", "inside", "outside"]) assert.deepEqual(plain(name), [null, null, null, null, null]);
  assert.deepEqual(column("error").slice(0, 4), [null, null, null, null]);
  const { network, way, protocol, conventions, notes } = report;
  assert.deepEqual(JSON.parse(table.schema.metadata!.get("camlab")!), { network, way, protocol, conventions, notes });
  await assert.rejects(saveLocalization(report, "boxes.csv"), /written as \.arrow/);
});
