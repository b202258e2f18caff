import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { walkFolder } from "../../../../src/kernel-helpers/images/files/walk-folder.js";

const temporary = realpathSync(mkdtempSync(join(tmpdir(), "camlab-walk-")));
after(() => rmSync(temporary, { recursive: true, force: true }));

test("every file has its path below the folder and where it really is; links to folders come last, circles end", async () => {
  const root = mkdtempSync(join(temporary, "a"));
  const write = (path: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), path);
  };
  const [inside, outside] = ["walked", "elsewhere"];
  for (const path of ["a.jpg", "deep/er/b.jpg", "deep/c.jpg"]) write(join(inside, path));
  for (const path of ["d.jpg", "more/e.jpg"]) write(join(outside, path));
  const folder = join(root, inside);
  symlinkSync(join(root, outside), join(folder, "0-linked"));
  symlinkSync(join(folder, "deep"), join(folder, "1-again"));
  symlinkSync(folder, join(folder, "deep", "circle"));
  symlinkSync(join(root, outside, "d.jpg"), join(folder, "f.jpg"));
  symlinkSync(join(root, "nowhere"), join(folder, "lost.jpg"));
  const { files, leftOut } = await walkFolder(folder);
  const shown = files.map(({ path, real, isLink }) => [path, real.slice(root.length + 1), isLink]);
  assert.deepEqual(
    shown.slice(0, 4).sort(([a], [b]) => (a < b ? -1 : 1)),
    [
      ["a.jpg", "walked/a.jpg", false],
      ["deep/c.jpg", "walked/deep/c.jpg", false],
      ["deep/er/b.jpg", "walked/deep/er/b.jpg", false],
      ["f.jpg", "elsewhere/d.jpg", true],
    ],
  );
  assert.deepEqual(
    shown.slice(4).sort(([a], [b]) => (a < b ? -1 : 1)),
    [
      ["0-linked/d.jpg", "elsewhere/d.jpg", false],
      ["0-linked/more/e.jpg", "elsewhere/more/e.jpg", false],
    ],
  );
  assert.deepEqual(leftOut, [{ file: "lost.jpg", reason: "it is a link to nothing" }]);
});
