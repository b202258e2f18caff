import { CamlabError } from "../../support/errors.js";
import { floatAttribute } from "../onnx/attributes.js";
import { composed } from "./compose-head.js";
import { constantOf } from "../onnx/constants.js";
import { describeTail } from "./describe-tail.js";
import type { GapHead } from "./gap-head.js";
import type { Graph } from "../onnx/graph.js";
import { logitsBehind } from "./logits.js";
import { poolingAt, type FoundPooling } from "./head-pooling.js";
import { stepBack, type HeadStep, type Refused, type Tail } from "./head-steps.js";
import { inferShapes } from "../shapes/infer-shapes.js";
import type { NodeProto } from "../onnx/onnx_pb.js";

/**
 * Finds the tail that makes class activation maps possible: feature maps → global pooling → linear classifier (§2 of
 * Zhou et al. 2016), or 1×1 convolution → (activation) → pooling as in SqueezeNet. The search goes back from each
 * output of the graph, through softmax and reshapes, so that poolings inside the network (squeeze-and-excitation) are
 * never mistaken for the head. Whatever is linear beside the classifier is folded into its weights.
 *
 * @throws CamlabError when no output has such a tail: it says what the tail looks like and what to do
 * @example
 * const head = findGapHead(await readGraph("resnet18.onnx"));
 * head.summary; // GAP head: /layer4/layer4.1/relu_1 512×7×7 → average → /fc/Gemm 1000
 */
export function findGapHead(graph: Graph): GapHead {
  const tail: Tail = { graph, shapes: inferShapes(graph) };
  const refusals: string[] = [];
  const heads: { output: string; head: GapHead }[] = [];
  for (const { name } of graph.outputs) {
    const head = headOf(tail, name);
    if ("refused" in head) {
      refusals.push(`output "${name}": ${head.refused}.\n  Its tail: ${describeTail(tail, name)}`);
    } else heads.push({ output: name, head });
  }
  if (heads.length === 0) throw noHead(refusals);
  const [{ output, head }, ...others] = heads;
  const rivals = others.filter(
    (other) => other.head.logits.name !== head.logits.name || other.head.featureMaps.name !== head.featureMaps.name,
  );
  if (rivals.length === 0) return head;
  const passed = rivals.map((rival) => `${rival.output} (${rival.head.summary})`).join(", ");
  return {
    ...head,
    notes: [...(head.notes ?? []), `this head leads to the first output, ${output}; passed over: ${passed}`],
  };
}

function noHead(refusals: readonly string[]): CamlabError {
  return new CamlabError(
    `no GAP head in this network: ${refusals.join("\n")}\n` +
      "  Class activation maps need feature maps → global pooling → one linear classifier. Take a network that ends " +
      "so (ResNet, MobileNet, DenseNet, SqueezeNet, …), or cut this one after its last feature maps, add global average " +
      "pooling and a linear layer, and train those (docs/bring-your-network.md)",
  );
}

function headOf(tail: Tail, output: string): GapHead | Refused {
  const { name: logits, probabilities, notes } = logitsBehind(tail.graph, output);
  const head = headBefore(tail, logits);
  if ("refused" in head) return head;
  const said = [...(head.notes ?? []), ...notes];
  return { ...head, ...(probabilities && { probabilities }), ...(said.length > 0 && { notes: said }) };
}

function headBefore(tail: Tail, logits: string): GapHead | Refused {
  const steps: HeadStep[] = [];
  let name = logits;
  let columns = false;
  let pooling: FoundPooling | Refused | undefined;
  for (;;) {
    pooling = poolingAt(tail, name);
    if (pooling) break;
    const back = stepBack(tail, name, columns);
    if ("refused" in back) return steps.some(isLinear) ? afterClassifier(tail, name, back) : back;
    steps.unshift(back.step);
    ({ input: name, columns } = back);
  }
  if ("refused" in pooling) return pooling;
  const features = pooling.factor === 1 ? { name } : undefined;
  if (!steps.some(isLinear)) return classifiedMaps(tail, pooling, steps, logits);
  if (pooling.factor !== 1) steps.unshift({ kind: "affine", scale: pooling.factor, shift: 0 });
  const sum = composed(steps);
  if ("refused" in sum) return sum;
  if (pooling.channels !== undefined && pooling.channels !== sum.channels) {
    return { refused: `the classifier reads ${sum.channels} numbers, but the pooled maps are ${pooling.channels}` };
  }
  const { weights, bias, normalisation, classes } = sum;
  const normal = normalisation ? " → layer normalisation" : "";
  return {
    form: "pool-then-classify",
    pooling: pooling.pooling,
    featureMaps: mapsOf(pooling, sum.channels),
    ...(features && { features }),
    logits: { name: logits, classes },
    weights,
    ...(bias && { bias }),
    ...(normalisation && { normalisation }),
    summary: `${title(pooling)}: ${mapsText(pooling, sum.channels)} → ${pooling.pooling}${normal} → ${sum.label} ${classes}`,
    ...notesOf(steps),
  };
}

/** SqueezeNet's form: what stands before the pooling is an activation, then a 1×1 convolution. */
function classifiedMaps(
  tail: Tail,
  pooling: FoundPooling,
  after: readonly HeadStep[],
  logits: string,
): GapHead | Refused {
  const steps: HeadStep[] = [];
  let name = pooling.maps;
  let activation: GapHead["activation"];
  let classMaps = name;
  while (!steps.some(isLinear)) {
    const node = tail.graph.producer(name);
    const found = node && activationOf(tail, node);
    if (found && !activation && steps.every(({ kind }) => kind === "pass")) {
      activation = found;
      classMaps = name = node.input[0];
      continue;
    }
    const back = stepBack(tail, name, false);
    if ("refused" in back) {
      return { refused: `nothing classifies the pooled maps, and before the pooling ${back.refused}` };
    }
    steps.unshift(back.step);
    name = back.input;
  }
  const scaled = after.some(({ kind }) => kind !== "pass") || pooling.factor !== 1;
  if (scaled && (activation || pooling.pooling === "max")) {
    return {
      refused: "the class maps are scaled after their pooling, which an activation or a maximum does not allow",
    };
  }
  const scaling: HeadStep[] = pooling.factor === 1 ? [] : [{ kind: "affine", scale: pooling.factor, shift: 0 }];
  const sum = composed([...steps, ...scaling, ...after]);
  if ("refused" in sum) return sum;
  const maps = { ...pooling, maps: name, channels: sum.channels };
  const { weights, bias, classes } = sum;
  const middle = activation ? `${activation.kind} → ` : "";
  return {
    form: "classify-then-pool",
    pooling: pooling.pooling,
    featureMaps: mapsOf(maps, sum.channels),
    ...(!scaled && { classMaps: { name: classMaps, ...(pooling.layout !== "NCHW" && { layout: pooling.layout }) } }),
    logits: { name: logits, classes },
    weights,
    ...(bias && { bias }),
    ...(activation && { activation }),
    summary: `${title(pooling)}: ${mapsText(maps, sum.channels)} → ${sum.label} ${classes} → ${middle}${pooling.pooling}`,
    ...notesOf([...steps, ...after]),
  };
}

function activationOf({ graph }: Tail, node: NodeProto): GapHead["activation"] {
  if (node.opType === "Relu") return { kind: "relu" };
  if (node.opType === "LeakyRelu") return { kind: "leaky-relu", slope: floatAttribute(node, "alpha", 0.01) };
  const slope = node.opType === "PRelu" ? constantOf(graph, node.input[1])?.data : undefined;
  return slope?.length === 1 ? { kind: "leaky-relu", slope: slope[0] } : undefined;
}

/** A second layer behind the classifier: the words for networks with a hidden layer after their pooling. */
function afterClassifier({ graph }: Tail, name: string, back: Refused): Refused {
  const node = graph.producer(name);
  return node
    ? { refused: `${back.refused}, and it stands before the last linear layer without a pooling between` }
    : back;
}

function isLinear({ kind }: HeadStep): boolean {
  return kind === "linear";
}

function title({ pooling }: FoundPooling): string {
  return pooling === "average" ? "GAP head" : "GMP head";
}

function mapsText(pooling: FoundPooling, channels: number): string {
  return `${pooling.maps} ${channels}×${pooling.height ?? "?"}×${pooling.width ?? "?"}`;
}

function mapsOf({ maps, layout, height, width }: FoundPooling, channels: number): GapHead["featureMaps"] {
  return {
    name: maps,
    channels,
    ...(height !== undefined && { height }),
    ...(width !== undefined && { width }),
    ...(layout !== "NCHW" && { layout }),
  };
}

function notesOf(steps: readonly HeadStep[]): { notes?: readonly string[] } {
  const rounds = steps.some((step) => step.kind === "pass" && step.rounds);
  return rounds ? { notes: ["the head is quantised: maps and scores agree up to its rounding"] } : {};
}
