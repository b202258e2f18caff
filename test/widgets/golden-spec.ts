import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Widget } from "../../src/widgets/kit/widget.js";
import { warningsOf } from "./warnings-of.js";

/** Tests that a widget's spec is the one that was looked at, kept as a fixture of this name, and that it compiles. */
export function testGoldenSpec(name: string, widget: () => Pick<Widget, "spec">): void {
  const golden = join(import.meta.dirname, `../fixtures/widgets/${name}.vl.json`);
  test("is the spec that was looked at (CAMLAB_UPDATE=1 writes it anew: then look again)", async () => {
    const spec = await widget().spec();
    if (process.env.CAMLAB_UPDATE) writeFileSync(golden, `${JSON.stringify(spec, null, 1)}\n`);
    assert.deepEqual(JSON.parse(JSON.stringify(spec)), JSON.parse(readFileSync(golden, "utf8")));
  });

  test("compiles without a warning", async () => {
    assert.deepEqual(warningsOf(await widget().spec()), []);
  });
}
