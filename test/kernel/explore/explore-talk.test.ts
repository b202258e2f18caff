// What the explorer's front end asks and what it hears, without a kernel.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { boxOf } from "../../../src/kernel-helpers/boxes/box-of.js";
import { cam } from "../../../src/kernel-helpers/cam/cam.js";
import { look } from "../../../src/kernel-helpers/networks/look.js";
import type { Network } from "../../../src/kernel-helpers/networks/network.js";
import { openNetwork } from "../../../src/kernel-helpers/networks/open-network.js";
import type { Seen } from "../../../src/kernel-helpers/networks/seen.js";
import { packageRoot } from "../../../src/kernel-helpers/support/package-root.js";
import { ExploreAnswers } from "../../../src/kernel/explore/explore-answers.js";
import { ExploreTalk } from "../../../src/kernel/explore/explore-talk.js";
import { exploreView } from "../../../src/widgets/explore/explore.js";

const PHOTO = join(packageRoot(), "models/teaching/beach.png");

interface Said {
  readonly kind: string;
  readonly id: string;
  readonly error?: string;
  readonly names?: string[];
  readonly layers?: { name: string }[];
  readonly whole?: boolean;
  readonly spec?: {
    data: { name: string; values: { name: string; boxes: number[][]; values: number[] }[] }[];
    signals: { name: string; value: unknown }[];
  };
  readonly buffers: readonly Uint8Array[];
}

describe("the explorer's talk with its front end", () => {
  let network: Network;
  let seen: Seen;
  before(async () => {
    network = await openNetwork(join(packageRoot(), "models/teaching"));
    seen = await look(network, PHOTO);
  });
  after(() => network?.dispose());

  function talk(options = {}) {
    const said: Said[] = [];
    const answers = new ExploreAnswers(seen, { classes: 2, ...options });
    const own = new ExploreTalk(answers, (content, buffers = []) => said.push({ ...(content as Said), buffers }));
    let id = 0;
    const ask = async (content: object, buffers: readonly Uint8Array[] = []): Promise<Said> => {
      const name = `ask ${++id}`;
      await own.receive({ id: name, ...content }, buffers);
      assert.equal(said.find((each) => each.id === name)?.kind, "heard", "at once");
      return said.filter((each) => each.id === name).at(-1)!;
    };
    return { own, said, ask };
  }
  const classesIn = ({ spec }: Said) => spec!.data.find(({ name }) => name === "classes")!.values;
  const signalIn = ({ spec }: Said, wanted: string) => spec!.signals.find(({ name }) => name === wanted)!.value;

  test("another class is listed, shown, and has its own box; asked for by name or number, again or not", async () => {
    const { ask } = talk();
    const first = classesIn(await ask({ kind: "start" })).map(({ name }) => name);
    const other = network.classes.findIndex((name) => !first.includes(name));
    const answer = await ask({ kind: "class", name: network.classes[other] });
    const listed = classesIn(answer);
    assert.deepEqual(
      listed.map(({ name }) => name),
      [...first, network.classes[other]],
    );
    assert.equal(signalIn(answer, "pick"), 2);
    const { box } = boxOf(cam(seen, other), { threshold: 0.2 });
    if (box) assert.ok(Math.abs(listed[2].boxes[19][0] - box.x / seen.photo.width) < 1e-4);
    else assert.equal(listed[2].boxes[19], null);
    const again = await ask({ kind: "class", name: String(network.classes.indexOf(first[0])) });
    assert.deepEqual([classesIn(again).length, signalIn(again, "pick")], [3, 0]);
    assert.match((await ask({ kind: "class", name: "a zebra" })).error!, /a zebra/);
    assert.deepEqual((await ask({ kind: "names", text: "BA" })).names, ["red ball"]);
  });

  test("begins with the class and the contrast that were asked for at first, and keeps them in its list", async () => {
    const [, , pick, against, wanted] = seen.top.map(({ name }) => name);
    const options = { classes: 2, pick, against };
    const { ask } = talk(options);
    const view = (await exploreView(seen, options).spec()) as unknown as NonNullable<Said["spec"]>;
    const start = await ask({ kind: "start" });
    const names = (said: Said) => classesIn(said).map(({ name }) => name);
    assert.deepEqual(names(start), names({ spec: view } as Said));
    for (const signal of ["pick", "against"])
      assert.equal(signalIn(start, signal), signalIn({ spec: view } as Said, signal));
    const other = await ask({ kind: "class", name: wanted });
    assert.deepEqual(names(other), [...names(start), wanted]);
    assert.deepEqual([signalIn(other, "pick"), signalIn(other, "against")], [4, -1]);
  });

  test("a region is looked at anew, one of a region too, and the whole photo again; a dropped photo takes its place", async () => {
    const { ask } = talk();
    const region = await ask({ kind: "region", region: [0.25, 0.25, 0.75, 0.75] });
    const expected = await look(network, { file: PHOTO, region: { x: 120, y: 90, width: 240, height: 180 } });
    const top = expected.top.slice(0, 2).map(({ name }) => name);
    assert.deepEqual(
      classesIn(region).map(({ name }) => name),
      top,
    );
    assert.equal(region.whole, false);
    const inner = await ask({ kind: "region", region: [0, 0, 0.5, 0.5] });
    const innerSeen = await look(network, { file: PHOTO, region: { x: 120, y: 90, width: 120, height: 90 } });
    assert.deepEqual(
      classesIn(inner).map(({ name }) => name),
      innerSeen.top.slice(0, 2).map(({ name }) => name),
    );
    assert.match((await ask({ kind: "region", region: [0, 0, 0.01, 0.01] })).error!, /smaller than 8 pixels/);
    assert.match((await ask({ kind: "region", region: [0, 0, 2, 1] })).error!, /invalid region/);
    assert.equal((await ask({ kind: "region", region: null })).whole, true);
    const dropped = await ask({ kind: "photo", name: "mine.png" }, [await readFile(PHOTO)]);
    assert.match(JSON.stringify(dropped.spec), /mine\.png/);
    assert.match(
      (await ask({ kind: "photo", name: "broken.png" }, [Uint8Array.of(1, 2, 3)])).error!,
      /cannot read the image/,
    );
    assert.match(JSON.stringify((await ask({ kind: "start" })).spec), /mine\.png/, "what was shown before stays");
  });

  test("another layer has finer maps, and the last ones come back", async () => {
    const { ask } = talk();
    const { layers } = await ask({ kind: "layers" });
    assert.deepEqual(
      layers!.map(({ name }) => name),
      ["", "seen_relu"],
    );
    assert.equal(classesIn(await ask({ kind: "layer", layer: "seen_relu" }))[0].values.length, 112 * 112);
    assert.match((await ask({ kind: "layer", layer: "nowhere" })).error!, /no layer "nowhere"/);
    assert.equal(classesIn(await ask({ kind: "layer", layer: "" }))[0].values.length, 28 * 28);
  });

  test("a new ask ends the one before, the word to cancel ends it too, and what is no ask is passed over", async () => {
    const { own, said } = talk();
    const first = own.receive({ id: "one", kind: "region", region: [0, 0, 0.5, 0.5] }, []);
    const second = own.receive({ id: "two", kind: "start" }, []);
    await Promise.all([first, second]);
    const last = (id: string) => said.filter((each) => each.id === id).at(-1)!;
    assert.match(last("one").error!, /cancelled/);
    assert.equal(last("two").kind, "answer");
    const third = own.receive({ id: "three", kind: "region", region: null }, []);
    await own.receive({ id: "three", kind: "cancel" }, []);
    await third;
    assert.match(last("three").error!, /cancelled/);
    const before = said.length;
    for (const nothing of [null, 1, "x", {}, { kind: "class" }, { id: 7, kind: "start" }])
      await own.receive(nothing, []);
    assert.equal(said.length, before);
    await own.receive({ id: "odd", kind: "something" }, []);
    assert.match(last("odd").error!, /invalid kind/);
  });

  test("what comes later is shown as it was asked for at first: dark, larger", async () => {
    const options = { classes: 2, theme: "dark", scale: 1.5 } as const;
    const { spec } = await talk(options).ask({ kind: "start" });
    const { background, width, config } = await exploreView(seen, options).spec();
    assert.deepEqual(spec, { ...spec, background, width, config });
    assert.notEqual(background, (await exploreView(seen).spec()).background);
  });

  test("the front end gets Vega once it asks, compressed", async () => {
    const { buffers } = await talk().ask({ kind: "runtime" });
    assert.match(gunzipSync(buffers[0]).toString().slice(0, 200), /function\(define/);
  });
});
