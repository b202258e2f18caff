import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as camlab from "../../../src/index.js";
import { fakeNetwork, plain } from "../networks/fake-network.js";

const network = fakeNetwork((red) => [red]);
const photo = plain(1, 2, 3);
const skipped = { picture: { file: "a.png" }, error: "it is empty" };
const features = { rows: 2, columns: 1, data: Float32Array.of(0, 1) };
const several = /^look takes one picture: for several there is lookAtAll/;
const noGraph = /^invalid graph: .* \(expected what readGraph, buildNetwork or /;
const unmapped = /^invalid map: .* \(expected a heat map/;

/** Slips of plain JavaScript: each is refused in words, none with an error of the language. */
const SLIPS: Readonly<Record<string, readonly [call: () => unknown, message: RegExp]>> = {
  "look: a list": [() => camlab.look(network, ["a.png"] as never), several],
  "look: a set": [() => camlab.look(network, { classes: [], pictures: [] } as never), several],
  "look: a Set": [() => camlab.look(network, new Set(["a.png"]) as never), several],
  "look: what lookAtAll gives": [() => camlab.look(network, camlab.lookAtAll(network, []) as never), several],
  "look: a promise": [() => camlab.look(network, Promise.resolve("a.png") as never), /a promise of one: await it/],
  "look: no network": [() => camlab.look(undefined as never, photo), /^invalid network of look: undefined/],
  "look: a promised network": [() => camlab.look(Promise.resolve(network) as never, photo), /await openNetwork/],
  "lookAtAll: a promised network": [() => camlab.lookAtAll(Promise.resolve(network) as never, []).next(), /await openNetwork/], // prettier-ignore
  "extractFeatures: a path for a network": [() => camlab.extractFeatures("net.onnx" as never, []), /^invalid network of extractFeatures/], // prettier-ignore
  "openNetwork: a number": [() => camlab.openNetwork(5 as never), /^invalid network: 5 \(expected a name or a path\)/],
  "cam: a skipped picture": [
    () => camlab.cam(skipped as never, 0),
    /^cam has nothing of "a\.png", which was skipped: it is empty/,
  ],
  "cam: a promise": [() => camlab.cam(Promise.resolve() as never, 0), /^cam needs what was seen, not a promise/],
  "cam: a path": [() => camlab.cam("a.png" as never, 0), /^invalid seen of cam: "a\.png"/],
  "camGrid: a path": [() => camlab.camGrid("a.png" as never), /^invalid seen: "a\.png"/],
  "boxSteps: a skipped picture": [() => camlab.boxSteps(skipped as never, 0), /^boxSteps has nothing of "a\.png"/],
  "boxOf: nothing": [() => camlab.boxOf(undefined as never), unmapped],
  "boxOf: what was seen": [async () => camlab.boxOf((await camlab.look(network, photo)) as never), unmapped],
  "upsample: nothing": [() => camlab.upsample(undefined as never), unmapped],
  "normalise: nothing": [() => camlab.normalise(undefined as never, "max"), unmapped],
  "peakOf: a plain list": [() => camlab.peakOf({ width: 1, height: 1, data: [NaN] } as never), unmapped],
  "iou: no box": [() => camlab.iou(undefined as never, { x: 0, y: 0, width: 1, height: 1 }), /^invalid box: undefined/],
  "trainLinearSvm: no labels": [
    () => camlab.trainLinearSvm(features, undefined as never),
    /^invalid labels: undefined/,
  ],
  "loadFeatures: no path": [() => camlab.loadFeatures(undefined as never), /^invalid path: undefined/],
  "saveFeatures: no table": [() => camlab.saveFeatures({} as never, "a.arrow"), /^invalid features: \{\}/],
  "listImages: a path": [() => camlab.listImages("photos" as never), /^invalid patterns: "photos" \(expected a list/],
  "listImages: nothing in a list": [() => camlab.listImages([undefined] as never), /^invalid patterns/],
  "splitPerClass: a list": [() => camlab.splitPerClass([] as never, { train: 1 }), /^invalid set: \[\]/],
  "splitPerClass: no options": [() => camlab.splitPerClass({ classes: [], pictures: [] }, undefined as never), /^invalid train/], // prettier-ignore
  "joinSets: a list of sets": [() => camlab.readers.joinSets([{ classes: [], pictures: [] }] as never), /joinSets\(\.\.\.sets\)/], // prettier-ignore
  "joinSets: nothing": [() => camlab.readers.joinSets(), /at least one set/],
  "labelByObjects: nothing": [() => camlab.readers.labelByObjects(undefined as never, {}), /^invalid set: undefined/],
  "learnTasks: nothing": [() => camlab.learnTasks(network, undefined as never), /^invalid tasks: undefined/],
  "confusionMatrix: an unknown name": [
    () => camlab.svm.confusionMatrix({ truth: ["a"], predicted: ["a"], clases: ["a"] } as never),
    /^confusionMatrix has no option "clases", did you mean "classes"\?/,
  ],
  "confusionMatrix: no label": [
    () => camlab.svm.confusionMatrix({ truth: ["a", "b"], predicted: ["a", undefined] } as never),
    /^invalid predicted\[1\]: undefined \(expected a class name or a finite number\)/,
  ],
  "toGapNetwork: nothing": [() => camlab.networks.toGapNetwork(null as never, { classes: 2 }), noGraph],
  "toGapNetwork: what importGraph gives": [() => camlab.networks.toGapNetwork({ graph: {}, notes: [] } as never, { classes: 2, after: "x" }), noGraph], // prettier-ignore
  "withFinerMaps: a path": [() => camlab.graph.withFinerMaps("net.onnx" as never), noGraph],
  "listLayers: a network": [() => camlab.graph.listLayers(network as never), noGraph],
  "writeGraphFile: a promise": [() => camlab.graph.writeGraphFile(Promise.resolve() as never, "a.onnx"), noGraph],
  "bootstrapInterval: no number": [() => camlab.svm.bootstrapInterval(3, () => undefined as never), /^invalid statistic: undefined/], // prettier-ignore
  "bootstrapInterval: now and then nothing": [
    () => camlab.svm.bootstrapInterval(3, ([first]) => (first === 0 ? (null as never) : 1)),
    /^invalid statistic: null/,
  ],
};

describe("what plain JavaScript gets wrong is refused in words", () => {
  for (const [name, [call, message]] of Object.entries(SLIPS)) {
    test(name, async () => {
      await assert.rejects(() => new Promise((resolve) => resolve(call())), { name: "CamlabError", message });
    });
  }
});
