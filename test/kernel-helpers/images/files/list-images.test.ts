import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { listImages } from "../../../../src/kernel-helpers/images/files/list-images.js";
import { CamlabError } from "../../../../src/kernel-helpers/support/errors.js";

describe("listImages", () => {
  let root: string;
  const at = (...names: string[]) => names.map((name) => join(root, name));
  const hostile = [
    "[a]/x[1].png",
    "[a]/x1.png",
    "[a]/<script>\"'.jpg",
    "[a]/new\nline.jpg",
    "[a]/{b,c}*?.gif",
    "[a]/!(q) .tif",
  ];
  before(async () => {
    root = await mkdtemp(join(tmpdir(), "camlab-list-"));
    await Promise.all(
      ["photos/deep/er", "photos/.hidden", "[a]", "empty"].map((path) => mkdir(join(root, path), { recursive: true })),
    );
    const files = [
      "photos/p10.jpg",
      "photos/p2.JPEG",
      "photos/notes.txt",
      "photos/deep/er/d.webp",
      "photos/.hidden/h.png",
      "odd.data",
    ];
    await Promise.all([...files, ...hostile, "empty/readme.md"].map((path) => writeFile(join(root, path), "x")));
    await symlink(join(root, "odd.data"), join(root, "photos/link.avif"));
  });
  after(() => rm(root, { recursive: true }));

  test("searches folders with their subfolders, in natural order", async () => {
    const expected = at("photos/deep/er/d.webp", "photos/link.avif", "photos/p2.JPEG", "photos/p10.jpg");
    assert.deepEqual(await listImages(at("photos")), expected);
    assert.deepEqual(await listImages(at("photos/")), expected);
    assert.deepEqual(await listImages(at("photos/*.jpg", "photos", "odd.data")), [
      join(root, "photos/p10.jpg"),
      ...expected.slice(0, 3),
      join(root, "odd.data"),
    ]);
  });

  test("takes a path that exists as it is, whatever is in it", async () => {
    for (const path of hostile) assert.deepEqual(await listImages(at(path)), at(path));
    assert.deepEqual((await listImages(at("[a]"))).sort(), at(...hostile).sort());
  });

  test("says which pattern means nothing", async () => {
    const none: [string, RegExp][] = [
      ["missing.jpg", /there is no file or folder .*missing\.jpg$/],
      ["photos/*.bmp", /no file .*photos\/\*\.bmp, and as a glob it matches no image/],
      ["empty", /no images in the folder .*empty \(looked for \.jpg /],
      ["no\nsuch", /no file or folder .*no\\nsuch$/],
    ];
    for (const [path, expected] of none) {
      await assert.rejects(listImages(at("photos", path)), (error) => {
        assert.ok(error instanceof CamlabError);
        assert.match(error.message, expected);
        return true;
      });
    }
  });
});
