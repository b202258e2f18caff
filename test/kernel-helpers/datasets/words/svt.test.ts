import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { readSvt } from "../../../../src/kernel-helpers/datasets/words/svt.js";
import { parseXml } from "../../../../src/kernel-helpers/datasets/files/xml.js";

const folder = mkdtempSync(join(tmpdir(), "camlab-svt-"));
after(() => rmSync(folder, { recursive: true }));

function list(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

test("Street View Text: images with a rectangle around each word", async () => {
  const path = list(
    "train.xml",
    `<?xml version="1.0" encoding="utf-8"?>
<tagset>
  <image>
    <imageName>img/14_03.jpg</imageName>
    <address>341 Some Street, Town</address>
    <lex>LIVING,ROOM</lex>
    <Resolution x="1280" y="880"/>
    <taggedRectangles>
      <taggedRectangle height="75" width="236" x="375" y="253"><tag>LIVING</tag></taggedRectangle>
      <taggedRectangle height="76" width="175" x="639" y="272"><tag>A&B</tag></taggedRectangle>
    </taggedRectangles>
  </image>
  <image><imageName>img/15_01.jpg</imageName><taggedRectangles/></image>
</tagset>`,
  );
  assert.deepEqual((await readSvt(path)).pictures, [
    {
      file: join(folder, "img/14_03.jpg"),
      id: "14_03",
      words: [
        { polygon: [375, 253, 611, 253, 611, 328, 375, 328], text: "LIVING", readable: true },
        { polygon: [639, 272, 814, 272, 814, 348, 639, 348], text: "A&B", readable: true },
      ],
    },
    { file: join(folder, "img/15_01.jpg"), id: "15_01", words: [] },
  ]);
});

test("what is no such list is refused, with its name and the reason", async () => {
  await assert.rejects(readSvt(list("other.xml", "<annotation/>")), /other\.xml is no list of Street View Text/);
  await assert.rejects(readSvt(list("cut.xml", "<tagset><image><imageName>a.jpg")), /cut\.xml is no XML/);
  await assert.rejects(readSvt(join(folder, "none.xml")), /cannot read .*none\.xml/);
  const odd =
    "<tagset><image><imageName>a.jpg</imageName><taggedRectangles><taggedRectangle x='1' y='2'/></taggedRectangles></image></tagset>";
  await assert.rejects(
    readSvt(list("odd.xml", odd)),
    /odd\.xml cannot be used: .*a\.jpg, rectangle 1 \(a rectangle needs x, y, width and height/,
  );
});

test("XML becomes plain data; what it refers to outside is never loaded", async () => {
  const root = await parseXml("<a n='1'>x<b><![CDATA[<y>]]></b> &lt;z&gt;</a>");
  assert.deepEqual(root, {
    name: "a",
    attributes: { n: "1" },
    children: [{ name: "b", attributes: {}, children: [], text: "<y>" }],
    text: "x <z>",
  });
  const outside = `<!DOCTYPE a [<!ENTITY secret SYSTEM "file:///etc/hostname">]><a>&secret;</a>`;
  const read = await parseXml(outside).catch((error: unknown) => String(error));
  assert.ok(typeof read === "string" || read.text === "&secret;" || read.text === "", JSON.stringify(read));
});
