import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { isSkipped, lookAtAll } from "../../../src/kernel-helpers/networks/look-at-all.js";
import { openNetwork } from "../../../src/kernel-helpers/networks/open-network.js";
import type { Seen } from "../../../src/kernel-helpers/networks/seen.js";

const real = process.env.CAMLAB_REAL ?? "";
const models = join(real, "models");

describe("real data: networks that people use", { skip: !process.env.CAMLAB_REAL }, () => {
  test("MobileNet is right on at least 84 of 100 ImageNet photos, and within its first five on 95", async (t) => {
    using network = await openNetwork("mobilenet_v1_0.75_224", { models });
    assert.equal(network.head.summary, "GAP head: conv_pw_13_relu 768×7×7 → average → conv_preds 1000");
    assert.deepEqual(network.notes, []);
    const list = JSON.parse(readFileSync(join(models, network.name, "classes.json"), "utf8")) as { wnid: string }[];
    const folder = join(real, "data", "imagenet-photos");
    let [first, firstFive, count] = [0, 0, 0];
    for await (const { photo, top } of seenOnly(lookAtAll(network, filesOf(folder)))) {
      const truth = list.findIndex(({ wnid }) => photo.file.includes(`${wnid}_`));
      assert.ok(truth >= 0);
      count++;
      if (top[0].index === truth) first++;
      if (top.some(({ index }) => index === truth)) firstFive++;
    }
    t.diagnostic(`top-1 ${first}, top-5 ${firstFive} of ${count}`);
    assert.equal(count, 100);
    assert.ok(first >= 84 && firstFive >= 95);
  });

  test("the Places network sees forests, streets, mountains and glaciers in their photos", async (t) => {
    using network = await openNetwork("squeezenet_places365", { models });
    assert.match(network.head.summary, /fire9\/concat 512×13×13 → conv10 365 → leaky-relu → average/);
    // The class that leads most often, names that fit, and how many of 50 photos at least must have one of those.
    const expected: [scene: string, leaders: string[], fitting: RegExp, least: number][] = [
      ["forest", ["forest/broadleaf"], /forest/, 45],
      ["glacier", ["iceberg", "mountain_snowy"], /^(iceberg|ice_|mountain|crevasse|snowfield|glacier|ski_)/, 30],
      ["mountain", ["mountain", "mountain_snowy"], /^(mountain|cliff|valley|canyon|butte|badlands|volcano)/, 30],
      ["sea", ["ocean"], /^(ocean|islet|lagoon|wave|beach|coast|cliff|harbor|pier)/, 28],
      ["street", ["alley"], /^(alley|street|slum|medina|residential|crosswalk|downtown|village|bazaar|plaza)/, 28],
      ["buildings", ["apartment_building/outdoor", "parking_garage/outdoor", "skyscraper", "courthouse"], /./, 50],
    ];
    for (const [scene, likely, pattern, least] of expected) {
      const folder = join(real, "data", "scenes6", "test", scene);
      const leaders = new Map<string, number>();
      let fits = 0;
      let count = 0;
      for await (const { top } of seenOnly(lookAtAll(network, filesOf(folder)))) {
        leaders.set(top[0].name, (leaders.get(top[0].name) ?? 0) + 1);
        count++;
        if (pattern.test(top[0].name)) fits++;
      }
      const often = [...leaders].sort(([, a], [, b]) => b - a).slice(0, 6);
      t.diagnostic(`${scene}: ${fits} of ${count} fit; ${often.map(([name, times]) => `${name} ${times}`).join(", ")}`);
      assert.ok(likely.includes(often[0][0]) && fits >= least, scene);
    }
  });
});

function filesOf(folder: string): string[] {
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name));
}

async function* seenOnly(results: ReturnType<typeof lookAtAll>): AsyncGenerator<Seen> {
  for await (const result of results) {
    assert.ok(!isSkipped(result), "error" in result ? result.error : "");
    yield result;
  }
}
