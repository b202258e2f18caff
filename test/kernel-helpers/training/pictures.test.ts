import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { writeGraph } from "../../../src/kernel-helpers/graph/onnx/write-graph.js";
import type { Image } from "../../../src/kernel-helpers/images/image.js";
import type { Picture } from "../../../src/kernel-helpers/images/picture.js";
import { differenceOf, pictureMarks } from "../../../src/kernel-helpers/training/data/picture-marks.js";
import { fineTune } from "../../../src/kernel-helpers/training/fine-tune.js";
import { trainGapNetwork } from "../../../src/kernel-helpers/training/train-gap-network.js";
import type { TrainedNetwork } from "../../../src/kernel-helpers/training/trained-network.js";
import { draw } from "../images/pictures.js";
import { smallTraining } from "./small-training.js";
import { SIDE, striped, STRIPES } from "./stripes.js";

const LEFT = 5;
const TOP = 3;

const pixel = ({ width, data }: Image, x: number, y: number): [number, number, number] => {
  const at = (y * width + x) * 3;
  return [data[at], data[at + 1], data[at + 2]];
};

/** The picture within a larger one, of which the region is the picture. */
function framed(picture: Picture): Picture {
  const image = picture.file as Image;
  const file = draw(SIDE + 9, SIDE + 7, (x, y) =>
    x >= LEFT && x < LEFT + SIDE && y >= TOP && y < TOP + SIDE ? pixel(image, x - LEFT, y - TOP) : [250, 0, 120],
  );
  return { ...picture, file, region: { x: LEFT, y: TOP, width: SIDE, height: SIDE } };
}

/** The mirror image, of which the mirror image is the picture. */
function turned(picture: Picture): Picture {
  const image = picture.file as Image;
  return { ...picture, file: draw(SIDE, SIDE, (x, y) => pixel(image, SIDE - 1 - x, y)), flip: true };
}

describe("training takes what everything else takes", () => {
  const plain = striped(8);
  const train = (pictures: Picture[]) => trainGapNetwork(smallTraining({ pictures, epochs: 1 }));
  let whole: TrainedNetwork;
  before(async () => {
    whole = await train(plain);
  });

  test("of a picture with a region its region is learned from, of one with flip the mirror image", async () => {
    const cut = await train(plain.map((picture, i) => (i % 2 === 0 ? framed(picture) : turned(picture))));
    assert.deepEqual(writeGraph(cut.graph), writeGraph(whole.graph));
    const all = await train(plain.map((picture) => ({ ...framed(picture), region: undefined })));
    assert.notDeepEqual(writeGraph(all.graph), writeGraph(whole.graph));
  });

  test("a set is as good as its list, for validation too", async () => {
    const learn = plain.filter(({ split }) => split === "train");
    const judge = plain.filter(({ split }) => split === "val");
    const options = smallTraining({ pictures: { pictures: learn }, validation: { pictures: judge }, epochs: 1 });
    const trained = await trainGapNetwork(options);
    assert.deepEqual(writeGraph(trained.graph), writeGraph(whole.graph));
    assert.equal(trained.provenance.images.validation, judge.length);
    const tuned = await fineTune({ network: whole.graph, pictures: { pictures: plain }, epochs: 1 });
    assert.deepEqual(tuned.classes, STRIPES);
    await assert.rejects(trainGapNetwork({ ...options, pictures: "photos" as never }), {
      message: 'invalid pictures: "photos" (expected a set with `pictures`, or a list of them)',
    });
  });

  test("a region outside of its picture is skipped, with the very picture that was given", async () => {
    const away = { ...plain[1], region: { x: 900, y: 0, width: 4, height: 4 } };
    const { skipped, provenance } = await train([plain[0], away, ...plain.slice(2)]);
    assert.equal(skipped.length, 1);
    assert.equal(skipped[0].picture, away);
    assert.match(skipped[0].error, /region/);
    assert.equal(provenance.images.unreadable, 1);
  });

  test("a training does not go on with another part of its pictures; of whole ones it keeps what it kept", async () => {
    const [one] = await pictureMarks([plain[0]], [[2]]);
    assert.match(one, /^[0-9a-f]+:2$/);
    const cut = { ...plain[0], region: { x: 1, y: 2, width: 8, height: 8 } };
    const differences: string[] = [];
    for (const other of [cut, { ...cut, flip: true }, { ...plain[0], flip: true }]) {
      differences.push(differenceOf([one], await pictureMarks([other], [[2]]), () => "it") ?? "none");
    }
    assert.deepEqual(new Set(differences), new Set(["it has another region or flip"]));
    const [mark, mirrored] = await pictureMarks([cut, { ...cut, flip: true }], [[2], [2]]);
    assert.notEqual(mark, mirrored);
  });
});
