import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { TrainingEvent } from "../../../src/kernel-helpers/training/loop/training-events.js";
import { installKernelHook } from "../../../src/kernel/display/kernel-hook.js";
import type { MimeBundle } from "../../../src/kernel/display/mime-bundle.js";
import { trainingMonitor } from "../../../src/kernel/display/training-monitor.js";

const EPOCHS = 6;
const STEPS = 3;

/** What a training of six epochs of three steps tells. */
function events(): TrainingEvent[] {
  const common = { epochs: EPOCHS, learningRate: 0.1 };
  return Array.from({ length: EPOCHS }, (_, i) => i + 1).flatMap((epoch): TrainingEvent[] => [
    ...Array.from({ length: STEPS }, (_, i) => ({
      ...({ ...common, kind: "step", epoch, step: i + 1, steps: STEPS, loss: 1 / epoch } as const),
      ...{ imagesPerSecond: 10, secondsLeft: 1 },
    })),
    { ...common, kind: "epoch", epoch, loss: 1 / epoch, seconds: 1, validation: { loss: 1, accuracy: epoch / 10 } },
  ]);
}

const drawn: { readonly bundle: MimeBundle; readonly id?: string; readonly update?: boolean }[] = [];
before(() =>
  installKernelHook({
    display: (bundle, options = {}) => drawn.push({ bundle, ...options }),
    clearOutput: () => undefined,
    signal: new AbortController().signal,
  }),
);
after(() => Reflect.deleteProperty(globalThis, Symbol.for("camlab.kernel")));

const specsOf = () =>
  drawn.flatMap(({ bundle, id, update }) => {
    const spec = bundle["application/vnd.vegalite.v5+json"];
    return spec === undefined ? [] : [{ text: JSON.stringify(spec), id, update }];
  });

test("a bar through all steps, and curves in one place that end with the last epoch, however fast epochs come", async () => {
  const tell = trainingMonitor({ title: "Six things" });
  for (const event of events()) tell(event);
  for (let waited = 0; waited < 10_000 && !specsOf().at(-1)?.text.includes('"epoch":6'); waited += 20) await sleep(20);
  const curves = specsOf();
  assert.match(curves.at(-1)!.text, /Six things/);
  assert.match(curves.at(-1)!.text, /"epoch":6/);
  assert.ok(curves.length <= 3, `${curves.length}: what comes while it draws is drawn once`);
  assert.equal(new Set(curves.map(({ id }) => id)).size, 1);
  assert.deepEqual([curves[0].update, curves.at(-1)!.update], [false, curves.length > 1]);
  const bars = drawn.flatMap(({ bundle }) =>
    String(bundle["text/html"]).includes("<progress") ? [bundle["text/plain"]] : [],
  );
  assert.match(String(bars[0]), /^epoch 1 of 6, loss 1\.000, steps: 1\/18 /);
  assert.match(String(bars.at(-1)), /^epoch 6 of 6, loss 0\.167, steps: 18\/18 \(100 %\)/);
});

test("a loss that is no number does not end the training: a warning says why there are no curves", async () => {
  const warned = new Promise<Error>((resolve) => process.once("warning", resolve));
  const [, , , epoch] = events();
  trainingMonitor()({ ...epoch, loss: NaN });
  assert.match((await warned).message, /curves are not drawn: .*loss/);
});

test("refuses options that curves do not have", () => {
  assert.throws(() => trainingMonitor({ titel: "x" } as never), /title/);
});
