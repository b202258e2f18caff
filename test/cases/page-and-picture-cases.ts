import assert from "node:assert/strict";
import { copyFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { loadImage, svm, widgets } from "../../src/index.js";
import { camlab } from "../cli/camlab.js";
import { either, type CaseChecks, type GivenCase, refused } from "./given-case.js";

/** The three pixels that the cases look at. */
async function pixelsOf({ path }: GivenCase, file: string): Promise<number[][]> {
  const { data } = await loadImage(path(file));
  return [0, 27, 63].map((pixel) => [...data.slice(3 * pixel, 3 * pixel + 3)]);
}

export const pageAndPictureCases: CaseChecks = {
  "33-run-python-notebook": async ({ path, expected }, scratch) => {
    const notebook = join(scratch, "python.ipynb");
    await copyFile(path("python.ipynb"), notebook);
    const { code, stderr } = await camlab("run", notebook);
    assert.notEqual(code, 0);
    assert.match(stderr, /python3/);
    const lines = (await readFile(notebook, "utf8")).split("\n").filter((line) => line.includes("accuracy 0.93"));
    assert.equal(lines.length, (expected as { grep: number }).grep);
  },
  "34-html-percent-address": async ({ path }, scratch) => {
    const [notebook, page] = [join(scratch, "notes.ipynb"), join(scratch, "notes.html")];
    await copyFile(path("notes.ipynb"), notebook);
    const { code, stderr } = await camlab("run", notebook, "--html", page);
    assert.equal(code, 0, stderr);
    assert.match(await readFile(page, "utf8"), /%E9/);
  },
  "36-html-latex-environment": async ({ path }, scratch) => {
    const [notebook, page] = [join(scratch, "math.ipynb"), join(scratch, "math.html")];
    await copyFile(path("math.ipynb"), notebook);
    const { code, stderr } = await camlab("run", notebook, "--html", page);
    assert.equal(code, 0, stderr);
    const html = await readFile(page, "utf8");
    assert.match(html, /<math/);
    assert.doesNotMatch(html.replaceAll(/<annotation[^]*?<\/annotation>/g, ""), /<p>\\begin/);
  },
  "37-tiff-float-0-1": async (given) => {
    assert.deepEqual(await pixelsOf(given, "float.tif"), either(given.expected));
  },
  "39-tiff-lab-called-damaged": async (given) => {
    await refused(() => pixelsOf(given, "lab.tif"), /its colours are CIE L\*a\*b\*/);
  },
  "40-chart-cjk-names": async (_, scratch) => {
    const pictures = await Promise.all(
      [
        ["日本", "b"],
        ["中文", "b"],
      ].map(async (names, i) => {
        const file = join(scratch, `names-${i}.png`);
        const matrix = svm.confusionMatrix({ truth: names, predicted: names, classes: names });
        await widgets.confusionChart(matrix).save(file);
        return readFile(file);
      }),
    );
    assert.notDeepEqual(pictures[0], pictures[1]);
  },
};
