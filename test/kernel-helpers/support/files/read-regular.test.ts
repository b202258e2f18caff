import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { loadAnswerModel } from "../../../../src/kernel-helpers/discovery/answers/answer-model-file.js";
import { loadFeatures } from "../../../../src/kernel-helpers/features/feature-files.js";
import { readRegular } from "../../../../src/kernel-helpers/support/files/read-regular.js";
import { loadLinearSvm } from "../../../../src/kernel-helpers/svm/linear-svm-file.js";
import { readNotebook } from "../../../../src/kernel/notebooks/notebook-file.js";

const folder = mkdtempSync(join(tmpdir(), "camlab-regular-"));
after(() => rmSync(folder, { recursive: true }));
const pipe = (name: string) => {
  const path = join(folder, name);
  execFileSync("mkfifo", [path]);
  return path;
};

test(
  "features, SVMs, answers and notebooks wait for no pipe, and read no device for ever",
  { timeout: 20_000 },
  async () => {
    const about = { name: "CamlabError", message: /cannot read .*: it is a pipe or a device, not a file/ };
    for (const name of ["f.arrow", "f.csv", "f.npy"]) await assert.rejects(loadFeatures(pipe(name)), about);
    await assert.rejects(loadLinearSvm(pipe("svm.json")), about);
    await assert.rejects(loadAnswerModel(pipe("answers.json")), about);
    await assert.rejects(readNotebook(pipe("lesson.ipynb")), about);
    await assert.rejects(readNotebook("/dev/zero"), about);
  },
);

test("a file is read; one that is not there is the file system's to tell of", async () => {
  writeFileSync(join(folder, "a.txt"), "text");
  assert.equal((await readRegular(join(folder, "a.txt"))).toString(), "text");
  await assert.rejects(readRegular(join(folder, "b.txt")), { code: "ENOENT" });
  await assert.rejects(readRegular(folder), { code: "EISDIR" });
});
