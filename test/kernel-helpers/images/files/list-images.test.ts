import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { describeFound, findImages, listImages } from "../../../../src/kernel-helpers/images/files/list-images.js";
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
    ]);
  });

  test("takes a path that exists as it is, whatever is in it", async () => {
    for (const path of hostile) assert.deepEqual(await listImages(at(path)), at(path));
    assert.deepEqual((await listImages(at("[a]"))).sort(), at(...hostile).sort());
  });

  test("lists every name, whatever it begins with or holds", async () => {
    const folder = join(root, "names");
    await mkdir(join(folder, "\nsub"), { recursive: true });
    const names = [
      "\na.jpg",
      "\u2028b.jpg",
      "\u2029c.jpg",
      "\rd.jpg",
      " e.jpg",
      "\u202ef.jpg",
      "\nsub/\ng.jpg",
      "-h.jpg",
    ];
    await Promise.all(names.map((name) => writeFile(join(folder, name), "x")));
    const all = names.map((name) => join(folder, name)).sort();
    assert.deepEqual((await listImages([folder])).sort(), all);
    assert.deepEqual((await listImages([`${folder}/**/*.jpg`])).sort(), all);
    assert.deepEqual(
      (await listImages([`${folder}/*[a-c].jpg`])).sort(),
      all.slice().filter((name) => /[abc]\.jpg$/.test(name)),
    );
    const { leftOut } = await findImages([folder]);
    assert.deepEqual(leftOut, []);
  });

  test("lists what links lead to once, and ends in circles of them", async () => {
    const folder = join(root, "links");
    await mkdir(join(folder, "real"), { recursive: true });
    await writeFile(join(folder, "real/a.jpg"), "x");
    await symlink("real/a.jpg", join(folder, "0-link.jpg"));
    await symlink("real", join(folder, "again"));
    await symlink("..", join(folder, "real/up"));
    await symlink("nowhere.jpg", join(folder, "broken.jpg"));
    assert.deepEqual(await listImages([folder]), [join(folder, "real/a.jpg")]);
    assert.deepEqual(await listImages([join(folder, "0-link.jpg"), folder]), [join(folder, "0-link.jpg")]);
    const { leftOut } = await findImages([folder]);
    assert.deepEqual(leftOut, [{ file: join(folder, "broken.jpg"), reason: "it is a link to nothing" }]);
  });

  test("passes over what tools leave behind, and names what it leaves out", async () => {
    const folder = join(root, "shared");
    const tools = [".ipynb_checkpoints/a-checkpoint.jpg", "__MACOSX/._a.jpg", "@eaDir/a.jpg", "sub/.git/b.png"];
    const others = ["a.mov", "a.xmp", "notes", "sub/b.txt"];
    const files = [
      "a.jpg",
      "sub/b.png",
      "Thumbs.db",
      "desktop.ini",
      ".DS_Store",
      "._a.jpg",
      "#recycle/z.jpg",
      ...tools,
    ];
    for (const file of [...files, ...others]) {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), "x");
    }
    const found = await findImages([folder]);
    assert.deepEqual(found.files, [join(folder, "a.jpg"), join(folder, "sub/b.png")]);
    assert.deepEqual(
      found.leftOut.map(({ file }) => file).sort(),
      others.map((name) => join(folder, name)),
    );
    assert.match(describeFound(found)!, /^2 of 6 files; 4 left out: .*a\.mov, .*notes.* \(no image by its name\)$/);
    assert.equal(describeFound(await findImages([join(folder, "a.jpg")])), undefined);
    assert.deepEqual(
      (await findImages([`${folder}/*.{jpg,mov}`])).leftOut.map(({ file }) => file),
      [join(folder, "a.mov")],
    );
  });

  test("names whose bytes are no text are named", { skip: process.platform !== "linux" }, async () => {
    const folder = join(root, "latin1");
    await mkdir(folder);
    await writeFile(join(folder, "a.jpg"), "x");
    await writeFile(Buffer.concat([Buffer.from(`${folder}/caf`), Buffer.from([0xe9]), Buffer.from(".jpg")]), "x");
    const found = await findImages([folder]);
    assert.deepEqual(found.files, [join(folder, "a.jpg")]);
    assert.deepEqual(found.leftOut, [
      { file: join(folder, "caf\\xE9.jpg"), reason: "its name is not UTF-8: rename it" },
    ]);
  });

  test("says which pattern means nothing", async () => {
    const none: [string, RegExp][] = [
      ["missing.jpg", /there is no file or folder .*missing\.jpg$/],
      ["photos/*.bmp", /no file .*photos\/\*\.bmp, and as a glob it matches no image/],
      ["empty", /no images in the folder .*empty: 0 of 1 files; 1 left out: .*readme\.md \(no image by its name\)/],
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
