import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import sharp from "sharp";
import { camlab, root } from "../cli/camlab.js";
import { noChromium, openChromium } from "../widgets/chromium.js";

interface Output {
  output_type: string;
  data?: Record<string, unknown>;
}

interface Cell {
  cell_type: string;
  source: string[];
  metadata: { tags?: string[] };
  execution_count?: number;
  outputs?: Output[];
}

const read = (path: string) => JSON.parse(readFileSync(path, "utf8")) as { cells: Cell[] };
const isExercise = ({ metadata }: Cell) => metadata.tags?.includes("exercise");

const folder = join(root, "notebooks");
const temporary = mkdtempSync(join(tmpdir(), "camlab-notebooks-"));
after(() => rmSync(temporary, { recursive: true, force: true }));

const names = readdirSync(folder).filter((file) => /^\d.*\.ipynb$/.test(file));
for (const name of names) {
  describe(name, () => {
    const output = join(temporary, name);
    const html = join(temporary, `${name}.html`);

    test("has an aim, parameters, three exercises with folded solutions, and what to try next", () => {
      const { cells } = read(join(folder, name));
      const texts = cells.filter(({ cell_type }) => cell_type === "markdown").map(({ source }) => source.join(""));
      assert.match(texts[0], /^# .+\n\n\*\*Aim\.\*\* [^]+ \*\d+\s+minutes; /);
      assert.match(texts.at(-1)!, /^## What to try next\n/);
      assert.equal(cells.filter(({ metadata }) => metadata.tags?.includes("parameters")).length, 1);
      const exercises = cells.flatMap((cell, i) => (isExercise(cell) ? [i] : []));
      assert.equal(exercises.length, 3);
      for (const i of exercises) {
        assert.match(cells[i - 1].source.join(""), /^### \d\. /);
        assert.match(cells[i].source.join(""), /^const \w+ = undefined;.*\n\n[^]*notebook\.check\(/);
        assert.match(JSON.stringify(cells[i].outputs), /○ Open/);
        assert.match(cells[i + 1].source.join(""), /^<details><summary>Solution<\/summary>\n\n```ts\n[^]+?```[^]+<\/details>$/);
      }
    });

    test("runs from its first cell to its last, shows pictures, and its solutions are right", async () => {
      // Below the repository, where `import "camlab"` finds it; git ignores `out`.
      const solved = join(root, "out", `solved-${name}`);
      mkdirSync(join(root, "out"), { recursive: true });
      writeFileSync(solved, JSON.stringify(withSolutions(read(join(folder, name)))));
      const { code, stderr } = await camlab("run", solved, "--output", output, "--html", html).finally(() => rmSync(solved));
      assert.equal(code, 0, stderr);
      const { cells } = read(output);
      for (const exercise of cells.filter(isExercise)) {
        assert.match(JSON.stringify(exercise.outputs), /✓ Right/, exercise.source.join(""));
      }
      const ran = cells.filter(({ cell_type }) => cell_type === "code");
      assert.deepEqual(
        ran.map(({ execution_count }) => execution_count),
        ran.map((_, index) => index + 1),
      );
      const outputs = ran.flatMap((cell) => cell.outputs ?? []);
      assert.ok(outputs.some(({ data = {} }) => (data["image/png"] ?? data["image/jpeg"]) && data["application/vnd.vegalite.v5+json"]));
      assert.ok(!outputs.some(({ output_type }) => output_type === "error"));
    });

    test("as committed: has its outputs, no runtime, under 300 KB (npm run notebooks -- --light)", () => {
      const text = readFileSync(join(folder, name), "utf8");
      assert.ok(statSync(join(folder, name)).size < 300_000);
      assert.ok(/"image\/(png|jpeg)"/.test(text), "it was committed without its outputs");
      assert.ok(!text.includes("<script"));
    });

    test("its page opens in a browser without an error and shows the maps", { skip: noChromium }, async () => {
      const browser = await openChromium();
      try {
        const page = await browser.newPage({ viewport: { width: 1000, height: 1400 } });
        const errors: string[] = [];
        page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
        page.on("pageerror", (error) => errors.push(error.message));
        page.on("request", (request) => /^https?:/.test(request.url()) && errors.push(`asks for ${request.url()}`));
        await page.goto(pathToFileURL(html).href);
        await page.waitForFunction("document.querySelectorAll('svg.marks image').length > 5", undefined, { timeout: 60_000 });
        assert.deepEqual(errors, []);
        const { channels } = await sharp(await page.screenshot()).stats();
        assert.ok(channels[0].stdev > 10, "the page is not blank");
      } finally {
        await browser.close();
      }
    });
  });
}

/** Each answer, up to the first empty line of an exercise's cell, replaced by the solution below it. */
function withSolutions({ cells, ...notebook }: { cells: Cell[] }): object {
  const solved = cells.map((cell, i) => {
    if (!isExercise(cell)) return cell;
    const [, solution] = /```ts\n([^]+?)```/.exec(cells[i + 1].source.join(""))!;
    const source = cell.source.join("");
    return { ...cell, source: [solution, source.slice(source.indexOf("\n\n"))] };
  });
  return { ...notebook, cells: solved };
}

test("the map of the course names every notebook with its title, its minutes and what comes before", () => {
  const map = readFileSync(join(folder, "README.md"), "utf8");
  for (const name of names) {
    const [first] = read(join(folder, name)).cells;
    const source = first.source.join("");
    const [, title] = /^# (.+)$/m.exec(source)!;
    const [, minutes, before] = /\*(\d+)\s+minutes; ([^.]*)\./.exec(source)!;
    const row = map.split("\n").find((line) => line.startsWith(`| [${name.slice(0, 2)} ${title}](${name})`));
    assert.ok(row?.includes(`| ${minutes} min `), `${name}: no row of the map says “${title}” and ${minutes} min`);
    const [after] = row!.split("|").slice(-2);
    const numbers = (text: string) => text.match(/\b\d\d\b/g) ?? [];
    assert.deepEqual(numbers(after), numbers(before), `${name}: what comes before it`);
    assert.ok(numbers(before).length > 0 || before.startsWith("comes first"), `${name} says what comes before it`);
  }
});
