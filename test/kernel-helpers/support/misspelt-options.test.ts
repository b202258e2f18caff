import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as camlab from "../../../src/index.js";
import { fakeNetwork, plain } from "../networks/fake-network.js";

const network = fakeNetwork((red) => [red]);
const photo = plain(1, 2, 3);
const set = { classes: ["a"], pictures: [] };
const matrix = { rows: 2, columns: 1, data: Float32Array.of(0, 1) };
const map = { width: 1, height: 1, data: Float32Array.of(1) };

/** What is called as plain JavaScript calls it, each option spelled wrong, and the option that was meant. */
const CALLS: Readonly<Record<string, readonly [call: (options: never) => unknown, wrong: string, meant: string]>> = {
  openNetwork: [(options) => camlab.openNetwork(undefined, options), "preprocesing", "preprocessing"],
  writeCard: [(options) => camlab.networks.writeCard("net.onnx", options), "clases", "classes"],
  look: [(options) => camlab.look(network, photo, options), "tops", "top"],
  lookAtAll: [(options) => camlab.lookAtAll(network, [photo], options).next(), "batchsize", "batchSize"],
  extractFeatures: [(options) => camlab.extractFeatures(network, [photo], options), "polling", "pooling"],
  trainLinearSvm: [(options) => camlab.trainLinearSvm(matrix, ["a", "b"], options), "classWeight", "classWeights"],
  chooseC: [(options) => camlab.svm.chooseC(matrix, ["a", "b"], options), "candidate", "candidates"],
  bootstrapInterval: [(options) => camlab.svm.bootstrapInterval(2, () => 1, options), "resample", "resamples"],
  cam: [(options) => camlab.cam({} as never, 0, options), "activations", "activation"],
  upsample: [(options) => camlab.upsample(map, options), "widht", "width"],
  loadImage: [(options) => camlab.loadImage(photo, options), "maxpixels", "maxPixels"],
  crop: [(options) => camlab.crop(photo, undefined, options), "max_pixels", "maxPixels"],
  makeDataset: [(options) => camlab.world.makeDataset("birds", "nowhere", options), "trian", "train"],
  drawWorld: [(options) => camlab.drawWorld("birds", options), "sead", "seed"],
  splitPerClass: [(options) => camlab.splitPerClass(set, options), "sed", "seed"],
  splitInParts: [(options) => camlab.readers.splitInParts(set, { train: 0.5 }, options), "redeel", "redeal"],
  splitByChance: [(options) => camlab.readers.splitByChance(set, options), "trains", "train"],
  learnTask: [(options) => camlab.discover.learnTask(network, { name: "t", pictures: [] }, options), "svms", "svm"],
  discoverScenes: [(options) => camlab.discoverScenes(network, [], options), "fold", "folds"],
  discoverPhrases: [(options) => camlab.discoverPhrases(network, [], options), "phrase", "phrases"],
  discoverText: [(options) => camlab.discoverText(network, [], options), "thresold", "threshold"],
  judgeText: [(options) => camlab.discover.judgeText(network, {} as never, [], options), "zooms", "zoom"],
  discoverActivities: [(options) => camlab.discoverActivities(network, [], options), "radios", "radius"],
  discoverAnswers: [(options) => camlab.discoverAnswers(network, [], options), "control", "controls"],
  discoverFineGrained: [(options) => camlab.discoverFineGrained(network, [], options), "publish", "published"],
  discoverUnits: [(options) => camlab.discoverUnits(network, [], options), "minIoU", "minIou"],
  ablateUnits: [(options) => camlab.discover.ablateUnits({} as never, {} as never, options), "draw", "draws"],
  trainGapNetwork: [(options) => camlab.trainGapNetwork(options), "learningrate", "learningRate"],
  lookWays: [(options) => camlab.boxes.lookWays(network, photo, options), "way", "ways"],
  mineHardNegatives: [
    (options) => camlab.discover.mineHardNegatives(matrix, [0], [1], options),
    "perround",
    "perRound",
  ],
  minePhrases: [(options) => camlab.discover.minePhrases([["a dog"]], options), "minImage", "minImages"],
  ask: [(options) => camlab.ask({} as never, network, photo, "what?", options), "topp", "top"],
  trainAnswers: [(options) => camlab.discover.trainAnswers({} as never, [], options), "mostAnswer", "mostAnswers"],
  iou: [(options) => camlab.iou({} as never, {} as never, options), "conventions", "convention"],
  encodeJpeg: [(options) => camlab.images.encodeJpeg({} as never, options), "qualitty", "quality"],
  askSeen: [(options) => camlab.discover.askSeen({} as never, {} as never, "what?", options), "tops", "top"],
  vqaAccuracy: [(options) => camlab.discover.vqaAccuracy("a", ["a"], options), "normalize", "normalise"],
  pointAtEvidence: [
    (options) => camlab.discover.pointAtEvidence({} as never, network, [], options),
    "regions",
    "region",
  ],
  heuristicGuesses: [(options) => camlab.boxes.heuristicGuesses([], options), "lose", "loose"],
  fineTune: [(options) => camlab.fineTune(options), "epoch", "epochs"],
};

describe("an option that is misspelt is refused, with the one that was meant", () => {
  for (const [name, [call, wrong, meant]] of Object.entries(CALLS)) {
    test(name, async () => {
      const message = new RegExp(`^${name} has no option "${wrong}", did you mean "${meant}"\\?`);
      await assert.rejects(() => new Promise((resolve) => resolve(call({ [wrong]: 1 } as never))), {
        name: "CamlabError",
        message,
      });
    });
  }
});

test("options that are no object are refused", async () => {
  for (const options of [5, "top", [1], null]) {
    await assert.rejects(camlab.look(network, photo, options as never), {
      name: "CamlabError",
      message: /options of look/,
    });
  }
});

test("an option that is undefined counts as not given", async () => {
  await camlab.look(network, photo, { tops: undefined } as never);
});

test("a share to train on is a share", () => {
  for (const train of [1.5, -0.1, NaN, "half" as never]) {
    assert.throws(() => camlab.readers.splitByChance({ classes: [], pictures: [] }, { train }), /invalid train/);
  }
});
