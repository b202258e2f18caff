import assert from "node:assert/strict";
import { test } from "node:test";
import { minimise, type Objective } from "../../../../src/kernel-helpers/discovery/answers/lbfgs.js";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";

/** ½ Σ d_i (x_i − m_i)², whose least value is 0. */
function quadratic(scales: readonly number[], middle: readonly number[], seen: number[] = []): Objective {
  return (point, gradient) => {
    let value = 0;
    point.forEach((x, i) => {
      gradient[i] = scales[i] * (x - middle[i]);
      value += 0.5 * scales[i] * (x - middle[i]) ** 2;
    });
    seen.push(value);
    return value;
  };
}

const enough = (_: number, length: number) => length < 1e-8;

test("finds the least value of a long and narrow bowl, falling at each step", async () => {
  const random = seededRandom("bowl");
  const scales = Array.from({ length: 40 }, () => 10 ** (2 * random() - 1));
  const middle = scales.map(() => 6 * random() - 3);
  const values: number[] = [];
  const steps: number[] = [];
  const found = await minimise(quadratic(scales, middle, values), 40, {
    enough,
    mostSteps: 500,
    onStep: (step, elapsed) => {
      steps.push(step);
      assert.ok(elapsed >= 0 && elapsed < 60_000);
      return Promise.resolve();
    },
  });
  assert.ok(found.converged && found.gradientLength < 1e-8, `${found.steps} steps, ${found.gradientLength}`);
  found.point.forEach((x, i) => assert.ok(Math.abs(x - middle[i]) < 1e-5));
  assert.equal(found.evaluations, values.length);
  assert.deepEqual(
    steps,
    Array.from({ length: found.steps }, (_, i) => i + 1),
  );
  // Twelve pairs know most of forty scales: gradient descent would need hundreds of steps.
  assert.ok(found.steps < 100, `${found.steps} steps`);
  assert.ok(found.value < 1e-12, `${found.value}`);
});

test("a bowl that is as steep everywhere takes the second step right into its middle", async () => {
  const found = await minimise(quadratic([5, 5, 5], [1, -2, 3]), 3, { enough, mostSteps: 10 });
  assert.ok(found.converged);
  assert.equal(found.steps, 2);
  // The first step has length 1 at most, whatever the gradient.
  const first = await minimise(quadratic([5, 5, 5], [1, -2, 3]), 3, { enough, mostSteps: 1 });
  assert.ok(Math.abs(Math.hypot(...first.point) - 1) < 1e-12);
  assert.deepEqual([first.steps, first.converged, first.evaluations], [1, false, 2]);
});

test("starting in the least place it stays; a step that throws ends it", async () => {
  const still = await minimise(quadratic([1, 2], [0, 0]), 2, { enough, mostSteps: 10 });
  assert.deepEqual([...still.point, still.steps, still.evaluations, still.converged], [0, 0, 0, 1, true]);
  const stop = () => Promise.reject(new Error("enough of it"));
  await assert.rejects(minimise(quadratic([1, 2], [1, 1]), 2, { enough, mostSteps: 10, onStep: stop }), /enough of it/);
});

test("where rounding leaves nothing to gain it ends, and does not say that it converged", async () => {
  // A slope that is told is not there: no length makes the value fall.
  const flat: Objective = (_, gradient) => {
    gradient.fill(1);
    return 7;
  };
  const found = await minimise(flat, 2, { enough, mostSteps: 10 });
  assert.deepEqual([found.converged, found.value, found.steps], [false, 7, 0]);
});

test("a steep start makes long steps shorter and short steps longer until the slope has eased", async () => {
  // |x − 50| rounded at its bottom: far from there the first step of length 1 is too short.
  const distant: Objective = ([x], gradient) => {
    gradient[0] = (x - 50) / Math.hypot(x - 50, 1);
    return Math.hypot(x - 50, 1);
  };
  const found = await minimise(distant, 1, { enough, mostSteps: 30 });
  assert.ok(found.converged && Math.abs(found.point[0] - 50) < 1e-6, `${found.point[0]}`);
  assert.ok(found.steps < 15 && found.evaluations < 40, `${found.steps}, ${found.evaluations}`);
});
