import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { visualOrder } from "../../../../src/widgets/kit/draw/visual-order.js";
import { noChromium, openChromium } from "../../chromium.js";

describe("a line from left to right", () => {
  test("what is written from left to right stays as it is", () => {
    for (const line of ["1. tench 0.93", "Größe (cm)", "鹦鹉", "", "12 (3)"]) assert.equal(visualOrder(line), line);
  });

  test("Hebrew is turned around, with numbers and Latin words as they are and brackets mirrored", () => {
    assert.equal(visualOrder("כלב"), "בלכ");
    assert.equal(visualOrder("1. כלב"), "1. בלכ");
    assert.equal(visualOrder("כלב 12"), "12 בלכ");
    assert.equal(visualOrder("a dog (כלב) here"), "a dog (בלכ) here");
    assert.equal(visualOrder("כלב (dog)"), "בלכ (dog)");
  });

  test("Arabic letters take the forms that join, lam and alef their ligature", () => {
    assert.equal(visualOrder("سلام"), "\ufee1\ufefc\ufeb3");
    assert.equal(visualOrder("كلب"), "\ufe90\ufee0\ufedb");
    assert.equal(visualOrder("دار"), "\ufead\ufe8d\ufea9", "letters that join backwards only");
    assert.equal(visualOrder("گربه"), "\ufeea\ufe91\ufeae\ufb94", "Persian letters too");
    assert.equal([...visualOrder("كَلْب")].length, 5, "vowel marks are no letters between");
  });
});

describe("a line as a browser sets it", { skip: noChromium }, () => {
  let browser: Browser;
  let page: Page;
  before(async () => {
    browser = await openChromium();
    page = await browser.newPage();
  });
  after(() => browser?.close());

  /** The letters of a line from left to right, by where Chromium puts them. */
  async function shown(line: string): Promise<string> {
    return page.evaluate(`(() => {
      document.body.innerHTML = "<p dir=ltr style='white-space: pre'></p>";
      const [p] = document.getElementsByTagName("p");
      p.textContent = ${JSON.stringify(line)};
      const at = [...p.textContent].map((letter, i) => {
        const range = document.createRange();
        range.setStart(p.firstChild, i);
        range.setEnd(p.firstChild, i + 1);
        return { letter, x: range.getBoundingClientRect().x };
      });
      return at.sort((a, b) => a.x - b.x).map(({ letter }) => letter).join("");
    })()`);
  }

  test("is in the same order, word by word, number by number", async () => {
    const lines = [
      "כלב",
      "כלב חום",
      "1. כלב",
      "כלב 12 חום",
      "dog כלב 12",
      "כלב dog חום",
      "כלב, dog 3",
      "a כ b ל c",
      "כלב 0.93",
      "כ-ל_ב",
      "כלב חום (1)",
      "כלב (dog)",
      "dog (כלב)",
      "כלב [dog (חום)] 3",
    ];
    for (const line of lines) {
      const unmirrored = (text: string) => text.replace(/[()[\]]/g, "|");
      assert.equal(unmirrored(visualOrder(line)), unmirrored(await shown(line)), line);
    }
  });
});
