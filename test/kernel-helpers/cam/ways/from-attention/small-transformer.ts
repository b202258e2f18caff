// A transformer of two blocks as a graph, and the same in plain numbers, where attention can be put in by hand.
import { makeGraph } from "../../../../../src/kernel-helpers/graph/onnx/create-graph.js";
import type { Graph } from "../../../../../src/kernel-helpers/graph/onnx/graph.js";
import { seededRandom } from "../../../../../src/kernel-helpers/support/random.js";
import { Builder } from "../../../graph/build-graph.js";

const [CHANNELS, HEADS, CLASSES, BLOCKS, PATCHES] = [4, 2, 3, 2, 4];
const EACH = CHANNELS / HEADS;

type Rows = number[][];

/** Attention of each block, by head, row and column. */
export type Attentions = number[][][][];

/** The network and its oracle. */
export class SmallTransformer {
  readonly #numbers: Readonly<Record<string, number[]>>;

  /** @param leavesToken whether the class token is left behind, and scores made of the mean of the others */
  constructor(
    readonly withClassToken: boolean,
    readonly leavesToken = false,
  ) {
    const random = seededRandom("small transformer");
    const some = (count: number) => Array.from({ length: count }, () => 2 * random() - 1);
    this.#numbers = {
      ...{
        patch: some(CHANNELS * 60),
        token: some(CHANNELS),
        place: some(5 * CHANNELS),
        classes: some(CHANNELS * CLASSES),
      },
      ...(Object.fromEntries(
        Array.from({ length: BLOCKS }, (_, l) =>
          ["q", "k", "v", "o", "up", "down"].map((name) => [`${name}${l}`, some(CHANNELS * CHANNELS)]),
        ).flat(),
      ) as Record<string, number[]>),
    };
  }

  get tokens(): number {
    return PATCHES + Number(this.withClassToken);
  }

  /** One block after the other: attention, then two layers; each added to what came in. */
  graph(): Graph {
    const build = new Builder();
    const { tokens } = this;
    const square = (name: string) => build.floats([CHANNELS, CHANNELS], this.#numbers[name]);
    const conv = build.node("Conv", ["image", build.floats([CHANNELS, 3, 4, 5], this.#numbers.patch)], {
      strides: [4, 5],
    });
    const flat = build.node("Reshape", [conv, build.ints(1, CHANNELS, PATCHES)]);
    let x = build.node("Transpose", [flat], { perm: [0, 2, 1] });
    if (this.withClassToken) {
      x = build.node("Concat", [build.floats([1, 1, CHANNELS], this.#numbers.token), x], { axis: 1 });
    }
    x = build.node("Add", [x, build.floats([1, tokens, CHANNELS], this.#numbers.place.slice(0, tokens * CHANNELS))]);
    for (let l = 0; l < BLOCKS; l++) {
      const heads = (name: string, perm: number[]) => {
        const all = build.node("MatMul", [x, square(`${name}${l}`)]);
        return build.node("Transpose", [build.node("Reshape", [all, build.ints(1, tokens, HEADS, EACH)])], { perm });
      };
      const product = build.node("MatMul", [heads("q", [0, 2, 1, 3]), heads("k", [0, 2, 3, 1])]);
      const weights = build.node("Softmax", [build.node("Mul", [product, build.floats([], [0.7])])], { axis: -1 });
      const mixed = build.node("MatMul", [weights, heads("v", [0, 2, 1, 3])]);
      const joined = build.node("Reshape", [
        build.node("Transpose", [mixed], { perm: [0, 2, 1, 3] }),
        build.ints(1, tokens, CHANNELS),
      ]);
      x = build.node("Add", [x, build.node("MatMul", [joined, square(`o${l}`)])]);
      const up = build.node("Tanh", [build.node("MatMul", [x, square(`up${l}`)])]);
      x = build.node("Add", [build.node("MatMul", [up, square(`down${l}`)]), x]);
    }
    if (this.leavesToken) x = build.node("Slice", [x, build.ints(1), build.ints(tokens), build.ints(1)]);
    const readsToken = this.withClassToken && !this.leavesToken;
    const read = readsToken
      ? build.node("Gather", [x, build.constant([], [0])], { axis: 1 })
      : build.node("ReduceMean", [x], { axes: [1], keepdims: 0 });
    const scores = build.node("MatMul", [read, build.floats([CHANNELS, CLASSES], this.#numbers.classes)]);
    return makeGraph({
      inputs: [{ name: "image", dims: [1, 3, 8, 10] }],
      outputs: [{ name: scores }],
      nodes: build.nodes,
      initializers: build.initializers,
    });
  }

  /** Scores made of what block `last` hands on; attention of a block may be given. */
  scores(
    image: Float32Array,
    last = BLOCKS - 1,
    given: Partial<Attentions> = [],
  ): { scores: number[]; attention: Attentions } {
    const at = (name: string) => this.#numbers[name];
    const times = (rows: Rows, name: string, columns = CHANNELS): Rows =>
      rows.map((row) =>
        Array.from({ length: columns }, (_, j) => row.reduce((sum, v, i) => sum + v * at(name)[i * columns + j], 0)),
      );
    const plus = (a: Rows, b: Rows): Rows => a.map((row, i) => row.map((v, j) => v + b[i][j]));
    let x: Rows = Array.from({ length: PATCHES }, (_, p) =>
      Array.from({ length: CHANNELS }, (_, k) => {
        let sum = 0;
        for (let c = 0; c < 3; c++)
          for (let i = 0; i < 20; i++) {
            const [row, column] = [4 * Math.floor(p / 2) + Math.floor(i / 5), 5 * (p % 2) + (i % 5)];
            sum += at("patch")[(k * 3 + c) * 20 + i] * image[(c * 8 + row) * 10 + column];
          }
        return sum;
      }),
    );
    if (this.withClassToken) x = [at("token"), ...x];
    x = x.map((row, t) => row.map((v, k) => v + at("place")[t * CHANNELS + k]));
    const attention: Attentions = [];
    for (let l = 0; l <= last; l++) {
      const [q, k, v] = ["q", "k", "v"].map((name) => times(x, `${name}${l}`));
      attention[l] =
        given[l] ??
        Array.from({ length: HEADS }, (_, h) =>
          q.map((row) =>
            softmax(
              k.map((other) => {
                let sum = 0;
                for (let c = h * EACH; c < (h + 1) * EACH; c++) sum += row[c] * other[c];
                return 0.7 * sum;
              }),
            ),
          ),
        );
      const mixed = x.map((_, t) =>
        Array.from({ length: CHANNELS }, (_, c) =>
          attention[l][Math.floor(c / EACH)][t].reduce((sum, weight, u) => sum + weight * v[u][c], 0),
        ),
      );
      x = plus(x, times(mixed, `o${l}`));
      x = plus(
        x,
        times(
          times(x, `up${l}`).map((row) => row.map(Math.tanh)),
          `down${l}`,
        ),
      );
    }
    if (this.leavesToken) x = x.slice(1);
    const readsToken = this.withClassToken && !this.leavesToken;
    const read = readsToken ? x[0] : x[0].map((_, c) => x.reduce((sum, row) => sum + row[c] / x.length, 0));
    return { scores: times([read], "classes", CLASSES)[0], attention };
  }
}

function softmax(values: readonly number[]): number[] {
  const powers = values.map(Math.exp);
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}
