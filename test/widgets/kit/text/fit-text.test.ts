import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fitText, isWhole, wrapText } from "../../../../src/widgets/kit/text/fit-text.js";
import { textWidth } from "../../../../src/widgets/kit/text/text-width.js";
import { loadFonts } from "../../../../src/widgets/kit/draw/fonts.js";

const room = { width: 140, size: 13, bold: true };

describe("fitText", () => {
  test("keeps the part that tells: both ends of a name, not a data set's number", () => {
    assert.deepEqual(fitText("tench", room), ["tench"]);
    assert.deepEqual(fitText("Cardinalis cardinalis (Northern Cardinal)", { ...room, width: 150, lines: 3 }), [
      "Cardinalis cardinalis",
      "(Northern Cardinal)",
    ]);
    assert.deepEqual(fitText("n02093428_American_Staffordshire_terrier", { ...room, width: 170, lines: 2 }), [
      "American_",
      "Staffordshire_terrier",
    ]);
    assert.deepEqual(fitText("n02093428", room), ["n02093428"]);
    assert.deepEqual(fitText("great white shark, white shark, man-eater, Carcharodon carcharias", room), [
      "great white shark",
    ]);
    const [cut] = fitText("scene-text-test-0-000072.jpg", room);
    assert.match(cut, /^scene.*….*0072\.jpg$/);
  });

  test("names that differ at one end only stay different", () => {
    const names = Array.from(
      { length: 30 },
      (_, i) => `a-data-set-with-a-very-long-name-test-0-${String(i).padStart(6, "0")}`,
    );
    assert.equal(new Set(names.map((name) => fitText(name, room)[0])).size, 30);
  });

  test("no line is wider than its room, whatever it is made of", () => {
    const texts = [
      ...[
        "x".repeat(500),
        "word ".repeat(90),
        "鹦鹉照片".repeat(30),
        "أ".repeat(100),
        "👩‍👩‍👧‍👦".repeat(20),
        "(((([[[[",
        "a/b\\c_d-e,f",
      ],
      ...["", " ", "\n\t", "W", "-".repeat(99), "a (b (c (d (e (f (g (h (i (j (k (l"],
    ];
    for (const text of texts) {
      for (const lines of [1, 2, 5]) {
        const fitted = fitText(text, { ...room, lines });
        assert.ok(fitted.length >= 1 && fitted.length <= lines, `${JSON.stringify(text)}: ${fitted.length} lines`);
        for (const line of fitted) assert.ok(textWidth(line, room) <= room.width, line);
      }
    }
    assert.deepEqual(fitText("WWWW", { width: 3, size: 13 }), ["…"]);
  });

  test("says whether all of it is to be seen", () => {
    const text = "Cardinalis cardinalis (Northern Cardinal)";
    assert.equal(isWhole(text, fitText(text, { ...room, width: 150, lines: 3 })), true);
    assert.equal(isWhole(text, fitText(text, room)), false);
  });

  test("breaks after spaces, hyphens, underscores and slashes, never inside a letter with its accents", () => {
    assert.deepEqual(wrapText("a-b c_d/e", { width: 1, size: 13 }), ["a", "-", "b", "c", "_", "d", "/", "e"]);
    const name = { width: 92, size: 13 };
    assert.deepEqual(wrapText("COCO_000000397529.jpg", name), ["COCO_00000", "0397529.jpg"]);
    assert.deepEqual(wrapText("0123456789.jpg", { width: 12, size: 13 }).slice(-3), [".j", "p", "g"], "no room for it");
    const family = "👨‍👩‍👧‍👦";
    assert.deepEqual(wrapText(family.repeat(2), { width: 20, size: 13 }), [family, family]);
  });
});

test("widths are those of the letters that pictures are drawn with", async () => {
  const fonts = await loadFonts();
  for (const text of [
    "1. tench",
    "n01440764_tench.JPEG",
    "<0.001",
    "400 × 200",
    "Größe, façade, Ångström",
    "Ελλάδα Россия …",
  ]) {
    for (const style of [{ size: 11 }, { size: 13, bold: true }]) {
      assert.ok(Math.abs(textWidth(text, style) - fonts.measure(text, style)) < 1e-6, text);
    }
  }
});
