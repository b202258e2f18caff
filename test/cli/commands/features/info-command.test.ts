import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { FeatureTable } from "../../../../src/kernel-helpers/features/feature-table.js";
import { saveFeatures } from "../../../../src/kernel-helpers/features/feature-files.js";
import { drawPhotos, temporaryFolder } from "../../../kernel-helpers/features/photos.js";
import { runHere } from "../../bare-network.js";

describe("camlab features info, duplicates, outliers", () => {
  const folder = temporaryFolder();
  const table = join(folder, "features.arrow");
  let files: string[];
  // A pair of the same direction, one of nearly the same, and one row that points elsewhere.
  const rows = [
    [1, 0, 0, 0.1],
    [0, 1, 0.2, 0],
    [2, 0, 0, 0.2],
    [-1, -1, 5, 0],
    [0, 3, 0.3, 0],
  ];
  before(async () => {
    files = await drawPhotos(folder, 5);
    rmSync(files[3]);
    const pictures = files.map((file, i) => ({
      file,
      label: i < 2 ? "red" : "blue",
      ...(i === 0 && { split: "test" }),
    }));
    const data = Float32Array.from(rows.flat());
    const origin = {
      software: "drawn",
      network: "drawn",
      layer: "pool",
      pooling: "average",
      preprocessing: "",
    } as const;
    const skipped = [{ picture: { file: "gone.png" }, error: "cannot read gone.png" }];
    await saveFeatures(new FeatureTable({ rows: 5, columns: 4, data, pictures, origin, skipped }), table);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const json = async (...args: string[]) =>
    JSON.parse((await runHere("features", ...args, "--json")).stdout) as unknown;

  test("info counts rows, labels and splits", async () => {
    const { code, stdout } = await runHere("features", "info", table);
    assert.equal(code, 0);
    assert.match(stdout, /^5 rows × 4 features, 1 skipped\nof drawn, pool, average, by drawn\n/);
    assert.match(stdout, /labels: 2 red, 3 blue\nsplits: 1 test, 4 none\n$/);
    const about = (await json("info", table)) as Record<string, unknown>;
    assert.deepEqual([about.rows, about.columns], [5, 4]);
    assert.deepEqual(about.skipped, [{ file: "gone.png", error: "cannot read gone.png" }]);
    assert.deepEqual(about.labels, { red: 2, blue: 3 });
  });

  test("duplicates are grouped, and shown on a sheet", async () => {
    const sheet = join(folder, "sheet.html");
    const { code, stdout } = await runHere("features", "duplicates", table, "--sheet", sheet);
    assert.equal(code, 0);
    for (const file of files.filter((_, i) => i !== 3)) assert.ok(stdout.includes(file));
    assert.ok(!stdout.includes(files[3]));
    const found = {
      pairs: 2,
      isExact: true,
      groups: [
        [files[0], files[2]],
        [files[1], files[4]],
      ],
    };
    assert.deepEqual(await json("duplicates", table), found);
    assert.equal(readFileSync(sheet, "utf8").match(/<img src="data:image/g)?.length, 4);
    const { groups } = (await json("duplicates", table, "--similarity", "0.999")) as typeof found;
    assert.deepEqual(groups, [found.groups[0]]);
  });

  test("outliers come farthest first; a picture that is gone has its name on the sheet", async () => {
    const sheet = join(folder, "outliers.html");
    const { outliers } = (await json("outliers", table, "--count", "2", "--sheet", sheet)) as {
      outliers: { file: string; similarity: number }[];
    };
    assert.equal(outliers.length, 2);
    assert.equal(outliers[0].file, files[3]);
    assert.ok(outliers[0].similarity < outliers[1].similarity);
    const page = readFileSync(sheet, "utf8");
    assert.match(page, /cannot be read/);
    assert.match(page, /photo-003\.png/);
    const { stdout } = await runHere("features", "outliers", table, "--count", "1");
    assert.match(stdout, new RegExp(`^-?0\\.\\d{4}  .*photo-003\\.png\\n`));
  });

  test("what is no file of features is refused", async () => {
    for (const command of ["info", "duplicates", "outliers"]) {
      const { code, stderr } = await runHere("features", command, join(folder, "none.arrow"));
      assert.equal(code, 1);
      assert.match(stderr, /none\.arrow/);
    }
  });
});
