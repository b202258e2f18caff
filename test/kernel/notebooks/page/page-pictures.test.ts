// Pictures that a notebook's text names: found, or their addresses kept.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { notebookToHtml } from "../../../../src/kernel/notebooks/page/notebook-to-html.js";
import { base64Of, pictureOf } from "../../../../src/kernel/notebooks/page/page-pictures.js";
import { parseNotebook } from "../../../../src/kernel/notebooks/parse-notebook.js";

const above = mkdtempSync(join(tmpdir(), "camlab-pictures-"));
after(() => rmSync(above, { recursive: true, force: true }));
const folder = join(above, "notes");
mkdirSync(join(folder, "folder.png"), { recursive: true });
for (const name of ["a b.png", "café.jpg", "100%.png", "a%20c.gif", "q?.webp"]) writeFileSync(join(folder, name), name);
writeFileSync(join(above, "private.png"), "private");
symlinkSync(join(above, "private.png"), join(folder, "link.png"));

const attachments = {
  "p q.png": { "image/png": "AQ\nI=" },
  "bad.png": { "image/png": 'x"><script>' },
  "html.png": { "text/html": "AQI=" },
  "v.svg": { "image/svg+xml": "<svg/>" },
};
const cell = parseNotebook(
  JSON.stringify({ nbformat: 4, cells: [{ cell_type: "markdown", metadata: {}, source: "", attachments }] }),
).cells[0];
const found = (address: string, anywhere = false) => {
  const picture = pictureOf(address, cell, { folder, anywhere });
  const [, type, base64] = /^data:([^;]*);base64,(.*)$/.exec(picture ?? "") ?? [];
  return picture === undefined ? undefined : `${type} ${Buffer.from(base64, "base64").toString("utf8")}`;
};

test("finds a file however its name is written", () => {
  const written = {
    "a%20b.png": "image/png a b.png",
    "./a b.png": "image/png a b.png",
    "caf%C3%A9.jpg": "image/jpeg café.jpg",
    "caf%E9.jpg": "image/jpeg café.jpg",
    "100%.png": "image/png 100%.png",
    "100%25.png": "image/png 100%.png",
    "a%20c.gif": "image/gif a%20c.gif",
    "a b.png?raw=true#x": "image/png a b.png",
    "q%3F.webp": "image/webp q?.webp",
  };
  for (const [address, file] of Object.entries(written)) assert.equal(found(address), file, address);
});

test("keeps the address of what is not there, is no picture, or is elsewhere", () => {
  for (const address of ["no.png", "caf%E9.png", "%.png", "%zz%", "%E0%A4%A.png", "folder.png", "a b.txt", "", "%00.png"]) {
    assert.equal(found(address), undefined, address);
  }
  for (const address of ["https://x/a b.png", "data:image/png;base64,AQI=", "/etc/a.png", "file:///a.png"]) {
    assert.equal(found(address), undefined, address);
  }
  for (const address of ["../private.png", "%2e%2e/private.png", "link.png"]) {
    assert.equal(found(address), undefined, address);
    assert.equal(found(address, true), "image/png private", address);
  }
  assert.equal(pictureOf("a b.png", cell, {}), undefined);
});

test("finds attachments that are pictures", () => {
  assert.equal(pictureOf("attachment:p%20q.png", cell, {}), "data:image/png;base64,AQI=");
  assert.equal(found("attachment:v.svg"), "image/svg+xml <svg/>");
  for (const name of ["bad.png", "html.png", "constructor", "__proto__", "%E9.png", "%"]) {
    assert.equal(found(`attachment:${name}`), undefined, name);
  }
});

test("base64 is nothing else", () => {
  assert.equal(base64Of("AQI=\r\n"), "AQI=");
  for (const text of ["", "A=A", "<b>", 'AQI="', 5, undefined, ["AQI="]]) assert.equal(base64Of(text), undefined);
});

test("a page is made whatever its addresses say", async () => {
  const addresses = ["caf%E9.png", "100%", "%", "%E0%A4%A", "a%b.png", "attachment:%E9.png", "%00"];
  const source = addresses.map((address) => `![picture](${address}) [link](${address})`).join("\n\n");
  const page = await notebookToHtml(
    parseNotebook(JSON.stringify({ nbformat: 4, cells: [{ cell_type: "markdown", metadata: {}, source }] })),
    { folder },
  );
  assert.match(page, /<img src="caf%E9\.png" alt="picture">/);
  assert.equal(page.match(/<img /g)?.length, addresses.length);
  assert.doesNotMatch(page, /cannot be shown/);
});
