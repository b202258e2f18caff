import assert from "node:assert/strict";
import { test } from "node:test";
import { giveOne } from "../../src/cli/give-one.js";
import { UsageError } from "../../src/cli/usage-error.js";

test("one source at most: those that were given are named", () => {
  giveOne({ coco: undefined, yolo: undefined });
  giveOne({ coco: "a.json", yolo: undefined });
  const wrong = (sources: Record<string, unknown>, message: string) =>
    assert.throws(() => giveOne(sources), new UsageError(message));
  wrong({ coco: "a.json", labelme: undefined, yolo: "b" }, "give one of --coco and --yolo, not both");
  wrong({ ade20k: "", coco: "a", yolo: "b" }, "give one of --ade20k, --coco and --yolo, not several");
});
