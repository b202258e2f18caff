import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Reading } from "../../../../src/kernel-helpers/datasets/files/reading.js";
import { childrenOf, readXml } from "../../../../src/kernel-helpers/datasets/files/xml.js";
import { inTree } from "../tree.js";

interface Case {
  readonly declared: string;
  readonly bytes: string;
  readonly text: string;
}

const { xml } = JSON.parse(
  readFileSync(new URL("../../../fixtures/datasets/readers.json", import.meta.url), "utf8"),
) as { xml: Case[] };

const read = (bytes: string | Uint8Array, reading?: Reading) =>
  inTree({ "a.xml": bytes }, (folder) => readXml(join(folder, "a.xml"), reading));

test("XML is read in the encoding that it declares, as ElementTree reads it", async () => {
  assert.ok(xml.length >= 20);
  for (const { declared, bytes, text } of xml) {
    const root = await read(Buffer.from(bytes, "base64"));
    assert.deepEqual([declared, childrenOf(root, "b")[0].text, root.attributes.n], [declared, text, text]);
  }
});

test("UTF-16 without a mark, and a mark that overrules the declaration", async () => {
  const text = '<?xml version="1.0" encoding="UTF-16"?><a>ü</a>';
  assert.equal((await read(Buffer.from(text, "utf16le"))).text, "ü");
  assert.equal((await read(Buffer.from(text, "utf16le").swap16())).text, "ü");
  assert.equal((await read(`\uFEFF${text.replace("UTF-16", "ISO-8859-1")}`)).text, "ü");
  assert.equal((await read(text)).text, "ü");
});

test("bytes that are no UTF-8 and declare nothing are read as Western, and that is said", async () => {
  const reading = new Reading();
  const root = await read(Buffer.from("<a>café</a>", "latin1"), reading);
  assert.equal(root.text, "café");
  assert.match(reading.notes()[0], /^neither UTF-8 nor a declared encoding, so read as Windows-1252 .*: .*a\.xml$/);
});

test("an encoding that is not known, or not that of the bytes, is named", async () => {
  const declaring = (encoding: string, text = "é") =>
    read(Buffer.from(`<?xml version="1.0" encoding="${encoding}"?><a>${text}</a>`, "latin1"));
  await assert.rejects(
    declaring("klingon"),
    /a\.xml is no XML that can be read: it declares an encoding that is not known: klingon/,
  );
  await assert.rejects(declaring("utf-8"), /its bytes are not in the encoding that it declares, UTF-8/);
  await assert.rejects(declaring("shift_jis", "\x81"), /its bytes are not in the encoding that it declares, shift_jis/);
});

test("what is no XML at all is told as what it is, and a fault in the parser's plain words", async () => {
  await assert.rejects(read('{"images": [], "annotations": []}'), /is no XML: it does not begin with <; it looks like COCO's annotations, which readCoco reads/); // prettier-ignore
  await assert.rejects(read(" \n"), /is no XML: it is empty$/);
  await assert.rejects(read("<a>&eacute;</a>"), /is no XML: entity not found:&eacute;$/);
});
