import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeText, decodeWestern } from "../../../src/kernel-helpers/support/decode-text.js";

test("text is decoded by its mark, by its zeros, as UTF-8, or as Windows' Western code page", () => {
  const text = "naïve – 鳥";
  const utf16 = Buffer.from(text, "utf16le");
  const cases = [
    [Buffer.from(text), "utf-8"],
    [Buffer.from(`\uFEFF${text}`), "utf-8"],
    [Buffer.concat([Buffer.of(0xff, 0xfe), utf16]), "utf-16le"],
    [Buffer.concat([Buffer.of(0xfe, 0xff), Buffer.from(utf16).swap16()]), "utf-16be"],
    [utf16, "utf-16le"],
    [Buffer.from(utf16).swap16(), "utf-16be"],
  ] as const;
  for (const [bytes, encoding] of cases) assert.deepEqual(decodeText(bytes), { text, encoding });
  assert.deepEqual(decodeText(Buffer.from("caf\xe9 \x80", "latin1")), { text: "café €", encoding: "windows-1252" });
  assert.deepEqual(decodeText(Buffer.alloc(0)), { text: "", encoding: "utf-8" });
});

test("the Western code page is Unicode's table of it", () => {
  const bytes = Uint8Array.from({ length: 32 }, (_, i) => 0x80 + i);
  // https://www.unicode.org/Public/MAPPINGS/VENDORS/MICSFT/WindowsBestFit/bestfit1252.txt
  const codes =
    "20ac 81 201a 192 201e 2026 2020 2021 2c6 2030 160 2039 152 8d 17d 8f 90 2018 2019 201c 201d 2022 2013 2014 2dc 2122 161 203a 153 9d 17e 178";
  assert.deepEqual(
    [...decodeWestern(bytes)].map((one) => one.codePointAt(0)!.toString(16)),
    codes.split(" "),
  );
});
