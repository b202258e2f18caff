import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { discoverScenes } from "../../../../src/kernel-helpers/discovery/scenes/discover-scenes.js";
import { discoverText } from "../../../../src/kernel-helpers/discovery/text/discover-text.js";
import { textExamples } from "../../../../src/kernel-helpers/discovery/text/text-example.js";
import { look } from "../../../../src/kernel-helpers/networks/look.js";
import { openNetwork } from "../../../../src/kernel-helpers/networks/open-network.js";
import { drawWorld } from "../../../../src/world/draw-world.js";
import { camlab } from "../../camlab.js";

describe("API and command line give the same figures, which the network's card chooses", async () => {
  const network = await openNetwork();
  after(() => network.dispose());
  const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

  async function command(...args: string[]): Promise<Record<string, unknown>> {
    const { code, stdout, stderr } = await camlab("discover", ...args, "--seed", "4", "--json");
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  test("of scenes: the size, and where a map is hot; what is given goes before", async () => {
    const set = await drawWorld("scenes", { seed: 4, train: 40, test: 20 });
    const drawn = ["scenes", "--train", "40", "--test", "20", "--min-images", "1"];
    const { findings, notes, preprocessing } = await discoverScenes(network, set, { seed: 4, minImages: 1 });
    assert.deepEqual([preprocessing.width, preprocessing.height, findings.settings.hot], [240, 240, 0.04]);
    assert.match(notes[0], /shown at 240 × 240 pixels, as the card of objects-gap says/);
    assert.match(notes[1], /hot above 0\.04 of its map's maximum, as the card of objects-gap says/);
    assert.equal(findings.settings.rivals, false);
    assert.match(notes[2], /scenes do not contend for places, as the card of objects-gap says/);
    const told = await command(...drawn);
    assert.deepEqual(told.scenes, plain(findings.scenes));
    assert.deepEqual(told.settings, findings.settings);
    assert.deepEqual(told.preprocessing, plain(preprocessing));

    using small = await openNetwork(undefined, { size: 96 });
    const other = await discoverScenes(small, set, { seed: 4, minImages: 1, hot: 0.3 });
    const { width } = other.preprocessing;
    assert.deepEqual([width, other.findings.settings.hot, other.notes], [96, 0.3, [notes[2]]]);
    const otherTold = await command(...drawn, "--size", "96", "--hot", "0.3");
    assert.deepEqual(otherTold.scenes, plain(other.findings.scenes));
  });

  test("of text: the size; its detector is of that size, and says so to pictures of another", async () => {
    const set = await drawWorld("text", { seed: 4, train: 40, test: 16 });
    const { findings, model, notes } = await discoverText(network, textExamples(set), { seed: 4 });
    assert.match(notes[0], /shown at 336 × 336 pixels/);
    const { scores, radius, zoom, zoomBy, train } = findings;
    const told = await command("text", "--train", "40", "--test", "16");
    assert.deepEqual([told.scores, told.zoom, told.zoomBy], plain([scores, zoom, zoomBy]));
    assert.deepEqual([told.radius, told.train], [radius, train]);

    const [picture] = set.pictures;
    using sized = await openNetwork(undefined, { size: 336 });
    model.predict(await look(sized, picture));
    const small = await look(network, picture);
    assert.throws(
      () => model.predict(small),
      /pictures or maps of another size \(336 × 336 pixels, these are 168 × 168\)/,
    );
  });
});
