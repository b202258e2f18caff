// Small inputs on which camlab was wrong, each with the right value: all that lie in the folder are tried.
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { type CaseChecks, caseRoot, givenCase } from "./given-case.js";
import { hostileCases } from "./hostile-cases.js";
import { networkCases } from "./network-cases.js";
import { pageAndPictureCases } from "./page-and-picture-cases.js";
import { readerCases } from "./reader-cases.js";

const CHECKS: CaseChecks = { ...networkCases, ...readerCases, ...pageAndPictureCases, ...hostileCases };

describe("real data: every case gives its expected value", { skip: !caseRoot() }, () => {
  const root = caseRoot()!;
  const scratch = mkdtempSync(join(tmpdir(), "camlab-cases-"));
  after(() => rm(scratch, { recursive: true, force: true }));

  const names = root
    ? readdirSync(root, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => name)
    : [];

  test("each folder has its check", () => {
    assert.ok(names.length > 0);
    assert.deepEqual(
      names.filter((name) => !Object.hasOwn(CHECKS, name)),
      [],
    );
  });

  for (const name of names.filter((one) => Object.hasOwn(CHECKS, one)).sort()) {
    test(name, { timeout: 240_000 }, () => CHECKS[name](givenCase(root, name), scratch));
  }
});
