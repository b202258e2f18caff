import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
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

const folder = join(root, "notebooks");
const temporary = mkdtempSync(join(tmpdir(), "camlab-notebooks-"));
after(() => rmSync(temporary, { recursive: true, force: true }));

for (const name of readdirSync(folder).filter((file) => file.endsWith(".ipynb"))) {
  describe(name, () => {
    const output = join(temporary, name);
    const html = join(temporary, `${name}.html`);

    test("runs from its first cell to its last, and shows pictures", async () => {
      const { code, stderr } = await camlab("run", join(folder, name), "--output", output, "--html", html);
      assert.equal(code, 0, stderr);
      const { cells } = JSON.parse(readFileSync(output, "utf8")) as {
        cells: { cell_type: string; execution_count?: number; outputs?: Output[] }[];
      };
      const ran = cells.filter(({ cell_type }) => cell_type === "code");
      assert.deepEqual(
        ran.map(({ execution_count }) => execution_count),
        ran.map((_, index) => index + 1),
      );
      const outputs = ran.flatMap((cell) => cell.outputs ?? []);
      assert.ok(outputs.some(({ data }) => data?.["image/png"] && data["application/vnd.vegalite.v5+json"]));
      assert.ok(!outputs.some(({ output_type }) => output_type === "error"));
    });

    test("as committed: has its outputs, no runtime, under 1 MB", () => {
      const text = readFileSync(join(folder, name), "utf8");
      assert.ok(statSync(join(folder, name)).size < 1_000_000);
      assert.ok(text.includes('"image/png"'), "it was committed without its outputs");
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
