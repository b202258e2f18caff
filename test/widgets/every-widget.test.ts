// Every widget on a page of its own, in a real browser, light and dark: it draws in silence, nothing of it is cut, axe finds
// nothing serious, and it looks as it did when a person looked at it. CAMLAB_UPDATE=1 writes the pictures anew: then look again.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import sharp from "sharp";
import { pictureDifference } from "../../scripts/notebook-figures.js";
import * as widgets from "../../src/door/widgets.js";
import { browserWithFolder, noChromium, openPage, seriousViolations } from "./chromium.js";
import { everyWidget, type MakeWidget } from "./every-widget.js";

const GOLDEN = join(import.meta.dirname, "../fixtures/widgets/golden");
/** Columns of a picture that is kept, and the bytes that it may have. */
const KEPT = { width: 400, bytes: 30_000 };
/** Of 255, by which places may differ at 96 columns: another browser smooths letters and maps otherwise. */
const NOISE = { place: 70, mean: 4 };

/** Names of widgets as files have them; those of the main entry beside the namespace's. */
const NAMES = Object.entries(widgets)
  .filter(([name, value]) => typeof value === "function" && name !== "probeTable")
  .map(([name]) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`));
const ALL = [
  ...["cam-grid", "box-steps", "activity-rows", "unit-patches", "text-detector-pairs", "answers-tiles"],
  ...NAMES,
];

describe("every widget in a browser", { skip: noChromium, timeout: 600_000 }, () => {
  const own = browserWithFolder();
  let made: ReadonlyMap<string, MakeWidget>;
  before(async () => {
    made = await everyWidget();
  });

  test("none is left out", () => assert.deepEqual([...made.keys()].sort(), [...ALL].sort()));

  for (const name of ALL) {
    for (const theme of ["light", "dark"] as const) {
      test(`${name}, ${theme}`, async () => {
        const html = await made.get(name)!({ theme }).toHtml({ title: name });
        const look = { viewport: { width: 1600, height: 900 }, colorScheme: theme };
        const { page, complaints } = await openPage(own, html, look);
        await page.waitForSelector("figure svg.marks");
        assert.deepEqual(await page.evaluate(CUT), [], "texts that are cut");
        assert.deepEqual(await seriousViolations(page), []);
        const shown = await page.locator("figure svg.marks").screenshot({ animations: "disabled" });
        await compareWithGolden(shown, `${name}-${theme}.png`);
        assert.deepEqual(complaints, []);
        await page.close();
      });
    }
  }
});

async function compareWithGolden(shown: Buffer, name: string): Promise<void> {
  const golden = join(GOLDEN, name);
  if (process.env.CAMLAB_UPDATE) {
    mkdirSync(GOLDEN, { recursive: true });
    for (let { width } = KEPT; width > 100; width -= 40) {
      const small = sharp(shown).resize({ width, withoutEnlargement: true });
      writeFileSync(golden, await small.png({ palette: true, colours: 96, effort: 10 }).toBuffer());
      if (statSync(golden).size <= KEPT.bytes) break;
    }
  }
  assert.ok(existsSync(golden), `${name} is missing: CAMLAB_UPDATE=1 draws it, then look at it`);
  assert.ok(statSync(golden).size <= KEPT.bytes, `${name} has ${statSync(golden).size} bytes`);
  const { most, mean, sizes } = await pictureDifference(shown, readFileSync(golden));
  assert.ok(sizes < 0.03, `${name} has other proportions`);
  assert.ok(most <= NOISE.place && mean <= NOISE.mean, `${name} looks different: ${most} at most, ${mean} on average`);
}

/** Texts and pictures that reach out of the figure. */
const CUT = `(() => {
  const outer = document.querySelector("figure svg.marks").getBoundingClientRect();
  return [...document.querySelectorAll("figure svg.marks text, figure svg.marks image")]
    .filter((each) => each.getAttribute("opacity") !== "0" && each.textContent + each.tagName !== "text")
    .filter((each) => {
      const { left, right, top, bottom, width } = each.getBoundingClientRect();
      return width > 0 && (left < outer.left - 1 || right > outer.right + 1 || top < outer.top - 1 || bottom > outer.bottom + 1);
    })
    .map((each) => each.textContent || each.getAttribute("aria-label"));
})()`;

test("the tolerance tells widgets, themes and a moved map apart", { skip: noChromium }, async () => {
  const read = (name: string) => readFileSync(join(GOLDEN, name));
  const differs = async (a: Buffer, b: Buffer) => {
    const { most, mean, sizes } = await pictureDifference(a, b);
    return sizes >= 0.03 || most > NOISE.place || mean > NOISE.mean;
  };
  assert.ok(!(await differs(read("cam-grid-light.png"), read("cam-grid-light.png"))));
  assert.ok(await differs(read("cam-grid-light.png"), read("cam-grid-dark.png")));
  assert.ok(await differs(read("cam-grid-light.png"), read("box-steps-light.png")));
  const { width, height } = await sharp(read("cam-grid-light.png")).metadata();
  const moved = sharp(read("cam-grid-light.png")).extract({ left: 12, top: 0, width: width - 12, height });
  assert.ok(
    await differs(read("cam-grid-light.png"), await moved.extend({ right: 12, background: "white" }).toBuffer()),
  );
});
