import assert from "node:assert/strict";
import { test } from "node:test";
import { activationFunction, type Activation } from "../../../../src/kernel-helpers/graph/head/activations.js";
import { quickFunction } from "../../../../src/kernel-helpers/graph/head/quick-activation.js";

const KINDS: readonly Activation[] = [
  ...(["relu", "hard-swish", "tanh", "sigmoid", "gelu", "gelu-tanh", "softplus", "mish", "erf"] as const).map(
    (kind) => ({
      kind,
    }),
  ),
  { kind: "silu", beta: 1.702 },
  { kind: "silu", beta: 40 },
  { kind: "elu", alpha: 1.6732632, gamma: 1.050701 },
  { kind: "celu", alpha: 0.5 },
];

for (const activation of KINDS) {
  test(`${JSON.stringify(activation)} from a table is the function itself`, () => {
    const [quick, exact] = [quickFunction(activation), activationFunction(activation)];
    for (let i = -4000; i <= 4000; i++) {
      const x = i * 0.00503;
      assert.ok(Math.abs(quick.value(x) - exact.value(x)) < 1e-8, `value at ${x}`);
      assert.ok(Math.abs(quick.slope(x) - exact.slope(x)) < 1e-8, `slope at ${x}`);
      const step = 1e-4;
      const rise = (of: (x: number) => number) => (of(x + step) - of(x)) / step;
      assert.ok(Math.abs(rise(quick.value) - rise(exact.value)) < 1e-5, `what it rises by at ${x}`);
    }
    for (const x of [-0, 0, 15.9999, 16, -16, 1e3, -1e3]) {
      assert.ok(Math.abs(quick.value(x) - exact.value(x)) < 1e-8);
      assert.ok(Math.abs(quick.slope(x) - exact.slope(x)) < 1e-8);
    }
    assert.ok(Number.isNaN(quick.value(NaN)) === Number.isNaN(exact.value(NaN)));
  });
}
