import assert from "node:assert/strict";
import { test } from "node:test";
import { isToolName } from "../../../../src/kernel-helpers/support/files/tool-names.js";

test("knows what tools leave behind from what people name", () => {
  const tools = [
    ...[".DS_Store", "._photo.jpg", ".git", ".ipynb_checkpoints", ".AppleDouble", ".Trash-1000", ".thumbnails"],
    ...["__MACOSX", "__pycache__", "@eaDir", "@__thumb", "#recycle", "#snapshot", "$RECYCLE.BIN"],
    ...["Thumbs.db", "THUMBS.DB", "ehthumbs.db", "desktop.ini", "Desktop.ini", "Picasa.ini", "Icon\r"],
    ...["RECYCLER", "FOUND.000", "~snapshot", "PaxHeader", "PaxHeaders.1234", "RESOURCE.FRK", "_gsdata_"],
    ...["Lightroom Previews.lrdata"],
    ...["System Volume Information", "lost+found", "~$report.docx", "photo.jpg~"],
  ];
  for (const name of tools) assert.ok(isToolName(name), name);
  const people = [
    "photo.jpg",
    "_photo.jpg",
    "#1.jpg",
    "cat",
    "thumbs",
    "icon",
    "Tim@home",
    "~draft.png",
    "..",
    "a.b",
    "found.jpg",
    "snapshot",
    "pax",
  ];
  for (const name of people) assert.ok(!isToolName(name), name);
});
