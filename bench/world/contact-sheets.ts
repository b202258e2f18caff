// node --import tsx bench/world/contact-sheets.ts: draws the contact sheets of the pages in datasets/.
import { writeFile } from "node:fs/promises";
import { contactSheet } from "../../src/world/contact-sheet.js";
import { WORLD_PARTS } from "../../src/world/drawing.js";

for (const part of WORLD_PARTS) {
  const sheet = await contactSheet(part, { seed: 1, split: "test", count: 15, columns: 5, format: "jpeg" });
  const file = new URL(`../../datasets/${part}.jpg`, import.meta.url);
  await writeFile(file, sheet);
  console.log(part, `${Math.round(sheet.length / 1024)} KB`);
}
