import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { decodeMask, regionsOf } from "../../../../src/kernel-helpers/images/masks/masks.js";
import { drawWorld } from "../../../../src/world/draw-world.js";
import { discoverActivities } from "../../../../src/kernel-helpers/discovery/activities/discover-activities.js";
import { activityTruth } from "../../../../src/kernel-helpers/discovery/activities/activity-truth.js";
import type { PictureSet, StoredPicture } from "../../../../src/kernel-helpers/images/picture.js";
import { encodePng } from "../../../../src/kernel-helpers/images/files/encode.js";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";
import { temporaryFolder } from "../../features/photos.js";
import { draw } from "../../images/pictures.js";
import { fakeNetwork } from "../../networks/fake-network.js";

const folder = temporaryFolder();
after(() => rmSync(folder, { recursive: true, force: true }));

/** Pictures of 48×48: a blue person of 12×36, and beside it, at one of three heights, a red or green tool of 12×12. */
async function drawPeople(count: number): Promise<PictureSet<StoredPicture>> {
  mkdirSync(folder, { recursive: true });
  const random = seededRandom("people");
  const pictures: StoredPicture[] = [];
  for (let i = 0; i < count; i++) {
    const top = 12 * Math.floor(3 * random());
    const colour = i % 2 ? ([240, 0, 0] as const) : ([0, 240, 0] as const);
    const kind = (x: number, y: number) =>
      x >= 12 && x < 24 && y < 36 ? 1 : x >= 24 && x < 36 && y >= top && y < top + 12 ? 2 : 0;
    const picture = draw(48, 48, (x, y) => ([[0, 0, 0], [0, 0, 240], colour] as const)[kind(x, y)]);
    const file = join(folder, `${i}.png`);
    writeFileSync(file, await encodePng(picture));
    const map = Array.from({ length: 48 * 48 }, (_, at) => kind(at % 48, Math.floor(at / 48)));
    const regions = regionsOf(map, 48, 48);
    const split = i < count / 2 ? ("train" as const) : ("test" as const);
    const [person, tool] = [regions.get(1)!, regions.get(2)!];
    const label = i % 2 ? "red" : "green";
    const objects = [
      { id: 1, name: "person", ...person },
      { id: 2, name: "tool", ...tool },
    ];
    const phrases = [{ text: label, objects: [1, 2], box: person.box }];
    pictures.push({ file, id: String(i), label, split, objects, phrases });
  }
  return { classes: ["green", "red"], pictures };
}

describe("activities", () => {
  // Its feature maps are red and green of a 4×4 picture: it cannot see the blue person at all.
  const network = fakeNetwork((red) => [red, 0, 0]);

  test("a picture that is too large for the limit is left out of both looks, and named once", async () => {
    const people = await drawPeople(24);
    const file = join(folder, "large.png");
    writeFileSync(file, await encodePng(draw(96, 96, () => [240, 0, 0])));
    const large = { file, id: "large", label: "red", split: "test" as const };
    const found = await discoverActivities(network, [...people.pictures, large], { maxPixels: 48 * 48, cache: false });
    assert.deepEqual(
      found.skipped.map(({ picture }) => picture),
      [large],
    );
    assert.equal(found.findings.views.length, 12);
  });

  test("the maps peak on the tool, and the report says how much more often than the person's pixels are near it", async () => {
    const people = await drawPeople(24);
    const report = await discoverActivities(network, people, { radius: 2 / 48 });
    assert.deepEqual(
      [report.findings.task.accuracy.value, report.findings.timesChance, report.findings.views.length],
      [1, 2, 12],
    );
    const [all, ...each] = report.findings.pointing;
    assert.deepEqual(
      each.map(({ activity, pictures }) => [activity, pictures]),
      [
        ["green", 6],
        ["red", 6],
      ],
    );
    assert.deepEqual([all.activity, all.onTool.value, all.onPerson], ["all", 1, 0]);
    // Of the person's 12 columns two are within 2 pixels of the tool; of its 36 rows the tool's 12 and a few more.
    assert.ok(all.personShare > (2 * 12) / (12 * 36) && all.personShare < (2 * 16) / (12 * 36));
    assert.equal(all.timesPerson.value, 1 / all.personShare);
    assert.ok(all.timesPerson.low <= all.timesPerson.value && all.timesPerson.value <= all.timesPerson.high);
    assert.equal(report.findings.views[3].map.label, report.findings.views[3].predicted);
    assert.equal(report.findings.views[3].picture, people.pictures[15]);
  });

  test("at an object means within half a cell of the map, for peaks and for pixels of the person", async () => {
    const people = await drawPeople(24);
    const { views } = (await discoverActivities(network, people)).findings;
    // 4×4 cells on 48×48 pixels.
    assert.deepEqual([...new Set(views.map(({ pointing }) => pointing!.radius))], [6]);
    const never = await discoverActivities(network, people, { radius: 0 });
    assert.deepEqual(
      [never.findings.pointing[0].personShare, never.findings.pointing[0].timesPerson.value],
      [0, Infinity],
    );
  });

  test("maps of the label, where the probe was wrong", async () => {
    const people = await drawPeople(24);
    const lied = people.pictures.map((picture) => (picture.split === "test" ? { ...picture, label: "red" } : picture));
    const { views } = (await discoverActivities(network, { pictures: lied }, { of: "label" })).findings;
    assert.ok(views.some(({ predicted }) => predicted === "green"));
    assert.ok(views.every(({ map }) => map.label === "red"));
    await assert.rejects(discoverActivities(network, people, { of: "both" as "label" }), /invalid of: "both"/);
  });

  test("without objects there is nothing to point at; bad options are refused", async () => {
    const { pictures } = await drawPeople(24);
    const plain = { pictures: pictures.map(({ file, id, label, split }) => ({ file, id, label, split })) };
    assert.deepEqual((await discoverActivities(network, plain)).findings.pointing, []);
    await assert.rejects(discoverActivities(network, plain, { radius: -1 }), /invalid radius: -1/);
    await assert.rejects(discoverActivities(network, plain, { layer: "x" }), /GAP head/);
  });

  test("the drawn world says what each activity is done with, apart from the person", async () => {
    const { pictures } = await drawWorld("activities", { train: 22, test: 0, folder });
    assert.equal(pictures.length, 22);
    const truths = pictures.map((picture) => ({ label: picture.label, ...activityTruth(picture) }));
    for (const { label, tools, person } of truths) {
      if (label === "standing about") assert.equal(tools, undefined);
      if (!tools || !person) continue;
      const body = decodeMask(person);
      for (const tool of tools) assert.ok(decodeMask(tool).every((inside, at) => !inside || !body[at]));
    }
    assert.ok(truths.filter(({ tools, person }) => tools && person).length >= 18);
  });
});
