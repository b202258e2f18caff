import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { writeGraph } from "../../../../src/kernel-helpers/graph/onnx/write-graph.js";
import { openNetwork } from "../../../../src/kernel-helpers/networks/open-network.js";
import { browserWithFolder, noChromium } from "../../../widgets/chromium.js";
import { smallNetwork } from "../../graph/build-graph.js";
import { TAILS } from "../../graph/head/tails.js";
import { openGraph } from "../../networks/open-small.js";
import { assertClose, type Expected } from "./compare.js";
import { exportedCase, expectedOfPixels } from "./exported-case.js";
import { probeOn } from "./probe-on.js";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const RUNTIME = join(root, "node_modules/onnxruntime-web/dist");
const HOST = "http://localhost:1";

/** The script of docs/export.md, as it stands there. */
function documented(): string {
  const [, script] = /<script type="module">\n([\s\S]*?)<\/script>/.exec(
    readFileSync(join(root, "docs/export.md"), "utf8"),
  )!;
  return script;
}

/** What a page handed over: the outputs of the file, and the pixels that it saw. */
interface Shown {
  readonly pixels: readonly number[];
  readonly outputs: Readonly<Record<string, { readonly dims: readonly number[]; readonly data: readonly number[] }>>;
}

describe("an exported file is equal to camlab in a browser", { skip: noChromium }, () => {
  const open = browserWithFolder();

  /** Runs a script in a page that finds a model, a photo and ONNX Runtime beside it. */
  async function run(script: string, model: Uint8Array): Promise<Shown> {
    const page = await open.browser.newPage();
    try {
      const failures: string[] = [];
      page.on("pageerror", (error) => failures.push(String(error)));
      await page.route(`${HOST}/**`, async (route) => {
        const name = new URL(route.request().url()).pathname.slice(1);
        const body = (file: string | Uint8Array) => (typeof file === "string" ? readFileSync(file) : Buffer.from(file));
        if (name === "") {
          const html = `<!doctype html><img src="photo.png"><canvas></canvas><script type="module">${script}</script>`;
          await route.fulfill({ contentType: "text/html", body: html });
        } else if (name.endsWith(".onnx")) await route.fulfill({ body: body(model) });
        else if (name === "photo.png") {
          await route.fulfill({ contentType: "image/png", body: body(join(root, "models/teaching/beach.png")) });
        } else {
          const contentType = name.endsWith(".wasm") ? "application/wasm" : "text/javascript";
          await route.fulfill({ contentType, body: body(join(RUNTIME, name)) });
        }
      });
      await page.goto(`${HOST}/`);
      await page.waitForFunction(() => "shown" in globalThis || "failed" in globalThis, undefined, {
        timeout: 120_000,
      });
      assert.deepEqual(failures, []);
      return await page.evaluate(() => (globalThis as unknown as { shown: Shown }).shown);
    } finally {
      await page.close();
    }
  }

  const assertShown = (shown: Shown, expected: Expected, maps: number): void => {
    assert.deepEqual(Object.keys(shown.outputs).sort(), Object.keys(expected).sort());
    assertClose(shown.outputs, expected, maps);
  };

  test("the script of the page on export draws a map", async () => {
    using network = await openNetwork(undefined, { device: "cpu" });
    const { graph, maps } = await exportedCase(network, { pixels: true });
    const shown = await run(`${documented()}\n${HAND_OVER}`, writeGraph(graph));
    const rows = network.classes.map((_, row) => row);
    assertShown(shown, await expectedOfPixels(network, Uint8Array.from(shown.pixels), rows), maps);
  });

  test("a probe with probabilities, and a small network behind the pooling", async () => {
    using network = await openNetwork(undefined, { device: "cpu" });
    const labels = Array.from({ length: 24 }, (_, i) => ["none", "text", "bird"][i % 3]);
    const probe = await probeOn(network, labels, { probabilities: true, steps: ["l2Normalise"] });
    const tail = TAILS.find(({ name }) => name.startsWith("MobileNetV3"));
    assert.ok(tail);
    using small = await openGraph(smallNetwork(tail.tail, { opset: tail.opset }));
    for (const made of [
      await exportedCase(network, { pixels: true, probe }),
      await exportedCase(small, { pixels: true }),
    ]) {
      const { input, graph, expected, maps } = made;
      const script = `import * as ort from "./ort.wasm.min.mjs";
        const session = await ort.InferenceSession.create("detector.onnx");
        const pixels = new Uint8Array(${JSON.stringify(Array.from(input.data))});
        const outputs = await session.run({ pixels: new ort.Tensor("uint8", pixels, ${JSON.stringify(input.dims)}) });
        ${HAND_OVER}`;
      assertShown(await run(script, writeGraph(graph)), expected, maps);
    }
  });
});

const HAND_OVER = `globalThis.shown = { pixels: Array.from(pixels), outputs: Object.fromEntries(
  Object.entries(outputs).map(([name, { dims, data }]) => [name, { dims: [...dims], data: Array.from(data) }])) };`;
