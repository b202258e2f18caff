/*
 * The other road: all one-vs-rest problems at once, as matrix products on ONNX Runtime. Truncated Newton with conjugate
 * gradients on the primal squared hinge (the method of newton.ts), every class in step with the others, so that each
 * product is rows × columns × classes. Measured to decide, and kept to decide again on other hardware; camlab itself
 * takes coordinate descent (src/kernel-helpers/svm/solver/solve.ts).
 *
 *     npm run build && npx tsx bench/svm/engine-road.ts [--classes 200] [--rows 6000] [--columns 1024] [--device cpu]
 */
import { loadavg } from "node:os";
import { create, toBinary } from "@bufbuild/protobuf";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { ModelProtoSchema } from "../../src/kernel-helpers/graph/onnx/onnx.js";
import { benchArguments } from "../arguments.js";
import { gapLike } from "./gap-like.js";

const { values: given } = benchArguments({ classes: "200", rows: "6000", columns: "1024", device: "cpu" });
const [rows, classes] = [Number(given.rows), Number(given.classes)];
const channels = Number(given.columns);
const columns = channels + 1;
const C = 1;
const tolerance = 1e-5;

const built = new URL("../../dist/esm/kernel-helpers/svm/train-linear-svm.js", import.meta.url).href;
const { trainLinearSvm } = (await import(built)) as typeof import("../../src/kernel-helpers/svm/train-linear-svm.js");
const { features, labels } = gapLike(rows, channels, classes, { length: "unit", noise: 1.5, seed: 1 });
console.log(`${classes} classes × ${rows} rows × ${channels} columns, load ${loadavg()[0].toFixed(1)}`);

const started = performance.now();
const svm = await trainLinearSvm(features, labels);
const objective = svm.provenance.fits.reduce((sum, fit) => sum + fit.objective, 0);
console.log(`camlab: ${(performance.now() - started).toFixed(0)} ms, objective ${objective.toFixed(4)}`);
await newtonOnTheEngine();

async function newtonOnTheEngine(): Promise<void> {
  const [X, Xt] = [new Float32Array(rows * columns), new Float32Array(rows * columns)];
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < columns; k++) {
      const value = k < channels ? features.data[i * channels + k] : 1;
      X[i * columns + k] = value;
      Xt[k * rows + i] = value;
    }
  }
  const session = await InferenceSession.create(matrixProduct(), { executionProviders: [given.device] });
  const [x, xt] = [new Tensor("float32", X, [rows, columns]), new Tensor("float32", Xt, [columns, rows])];
  let inProducts = 0;
  let products = 0;
  const product = async (a: Tensor, b: Float32Array) => {
    const begun = performance.now();
    const { c } = await session.run({ a, b: new Tensor("float32", b, [b.length / classes, classes]) });
    inProducts += performance.now() - begun;
    products++;
    return c.data as Float32Array;
  };
  await product(x, new Float32Array(columns * classes));
  [inProducts, products] = [0, 0];

  const begun = performance.now();
  const sign = (i: number, c: number) => (labels[i] === c ? 1 : -1);
  const W = new Float32Array(columns * classes);
  let M: Float32Array = new Float32Array(rows * classes);
  const { max } = Math;
  for (let step = 0; step < 50; step++) {
    const R = M.map((m, at) => {
      const y = sign((at / classes) | 0, at % classes);
      return -2 * C * y * max(0, 1 - y * m);
    });
    const G = (await product(xt, R)).map((value, at) => value + W[at]);
    const objectives = new Float64Array(classes);
    const squares = byClass(G, G);
    byClass(W, W).forEach((value, c) => (objectives[c] = value / 2));
    R.forEach((value, at) => (objectives[at % classes] += (value * value) / (4 * C)));
    const left = squares.filter((value, c) => value / 2 > tolerance * objectives[c]).length;
    if (left === 0) {
      const total = objectives.reduce((sum, value) => sum + value, 0);
      const time = performance.now() - begun;
      console.log(
        `engine: ${time.toFixed(0)} ms, of it ${inProducts.toFixed(0)} ms in ${products} products ` +
          `(${((2e-6 * rows * columns * classes * products) / inProducts).toFixed(0)} GFLOP/s), ` +
          `${step} Newton steps, objective ${total.toFixed(4)}`,
      );
      return;
    }
    const { S, XS } = await conjugateGradients(G, R);
    // Full steps: on these data they never overshoot; a real solver would search along them.
    for (let at = 0; at < W.length; at++) W[at] += S[at];
    M = M.map((value, at) => value + XS[at]);
  }

  /** S with (I + 2C Xᵀ A X) S ≈ −G to 10 % (classes that are there stop moving), and X S. */
  async function conjugateGradients(G: Float32Array, R: Float32Array) {
    const S = new Float32Array(G.length);
    const XS = new Float32Array(R.length);
    const residual = G.map((value) => -value);
    const search = residual.slice();
    let sizes = byClass(residual, residual);
    const enough = sizes.map((size) => 0.01 * size);
    while (sizes.some((size, c) => size > enough[c])) {
      const XP = await product(x, search);
      const curved = await product(
        xt,
        XP.map((value, at) => (R[at] === 0 ? 0 : 2 * C * value)),
      );
      for (let at = 0; at < curved.length; at++) curved[at] += search[at];
      const curvature = byClass(search, curved);
      const lengths = sizes.map((size, c) => (size > enough[c] ? size / curvature[c] : 0));
      for (let at = 0; at < S.length; at++) {
        S[at] += lengths[at % classes] * search[at];
        residual[at] -= lengths[at % classes] * curved[at];
      }
      for (let at = 0; at < XS.length; at++) XS[at] += lengths[at % classes] * XP[at];
      const next = byClass(residual, residual);
      for (let at = 0; at < search.length; at++) {
        search[at] = residual[at] + (next[at % classes] / sizes[at % classes]) * search[at];
      }
      sizes = next;
    }
    return { S, XS };
  }

  function byClass(a: Float32Array, b: Float32Array): Float64Array {
    const sums = new Float64Array(classes);
    for (let at = 0; at < a.length; at++) sums[at % classes] += a[at] * b[at];
    return sums;
  }
}

/** An ONNX graph of one MatMul: c = a · b. */
function matrixProduct(): Uint8Array {
  const port = (name: string) => ({
    name,
    type: {
      value: {
        case: "tensorType" as const,
        value: {
          elemType: 1,
          shape: { dim: [0, 1].map((axis) => ({ value: { case: "dimParam" as const, value: `${name}${axis}` } })) },
        },
      },
    },
  });
  return toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion: 8n,
      opsetImport: [{ domain: "", version: 17n }],
      graph: {
        name: "product",
        node: [{ opType: "MatMul", input: ["a", "b"], output: ["c"] }],
        input: [port("a"), port("b")],
        output: [port("c")],
      },
    }),
  );
}
