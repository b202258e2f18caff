import assert from "node:assert/strict";
import { after, test } from "node:test";
import { cam } from "../../../src/kernel-helpers/cam/cam.js";
import type { FoundRegion } from "../../../src/kernel-helpers/discovery/fine-grained/discover-fine-grained.js";
import { look } from "../../../src/kernel-helpers/networks/look.js";
import { openNetwork } from "../../../src/kernel-helpers/networks/open-network.js";
import { cropRows } from "../../../src/widgets/fine-grained/crop-rows.js";
import { beach } from "../../cli/camlab.js";
import { rowsOf, textsOf } from "../rows-of.js";
import { HOSTILE } from "../sample-grid.js";
import { warningsOf } from "../warnings-of.js";

const network = await openNetwork("teaching");
after(() => network.dispose());

const box = { x: 4, y: 4, width: 30, height: 20 };

async function region(label: string, given: Partial<FoundRegion>): Promise<FoundRegion> {
  const picture = { file: beach, label, box: { x: 8, y: 2, width: 20, height: 20 } };
  return { picture, predicted: label, map: cam(await look(network, picture), 0), box, byCrop: label, ...given };
}

test("a row says who named the photograph right; each answer stands below what it was given for", async () => {
  const spec = await cropRows([
    await region("beach", { predicted: "desert" }),
    await region(HOSTILE, { byCrop: "desert" }),
  ]).spec();
  assert.deepEqual(warningsOf(spec), []);
  const texts = textsOf(spec);
  assert.equal(texts[0], "beach: wrong from the whole photograph, right from the box");
  for (const said of ["✗ desert", "map of desert", "✓ beach", "from that box alone"]) {
    assert.ok(texts.includes(said), `${said} in ${texts.join(" | ")}`);
  }
  assert.equal(texts.filter((said) => said === "✗ desert").length, 2);
  assert.ok(!texts.some((said) => said.includes("true box")));
  assert.equal(rowsOf(spec).filter(({ alt }) => String(alt).startsWith("photo")).length, 6);
});

test("the true box is a fourth picture where the SVM on true boxes has an answer", async () => {
  const texts = textsOf(await cropRows([await region("beach", { byTruth: "sea" })]).spec());
  for (const said of ["✗ sea", "from the true box alone", "true box"]) {
    assert.ok(texts.includes(said), `${said} in ${texts.join(" | ")}`);
  }
});

test("without photographs, or without a box, nothing is drawn", async () => {
  const none = await region("beach", { box: undefined });
  for (const regions of [[], [none]])
    assert.throws(() => cropRows(regions), /crops are shown of photographs with a box/);
});
