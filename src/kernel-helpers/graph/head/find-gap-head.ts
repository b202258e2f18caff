import { CamlabError } from "../../support/errors.js";
import { intAttribute } from "../onnx/attributes.js";
import { nodeLabel, type Graph } from "../onnx/graph.js";
import { fromFront } from "../shapes/shape-arithmetic.js";
import { inferShapes } from "../shapes/infer-shapes.js";
import { describeTail } from "./describe-tail.js";
import { Expressions } from "./express.js";
import { classifiedForm } from "./forms/classify-then-pool.js";
import { baseOf, poolsOf, type Base } from "./forms/base.js";
import { linearForm, type LinearForm } from "./forms/linear.js";
import { networkForm } from "./forms/network.js";
import { normalisedForm, type NormalisedForm } from "./forms/normalised.js";
import { notLocalized, type GapHead } from "./gap-head.js";
import { logitsBehind, type Logits } from "./logits.js";
import type { Tail } from "./norms.js";
import type { Vector } from "./vectors.js";
import type { Refused } from "./refused.js";

/** What is known of a network beside its graph. */
export interface HeadHints {
  /** How many classes it has; 0 for an embedding, whose outputs are no classes. */
  readonly classes?: number;
}

/**
 * Finds the tail that makes class activation maps possible: feature maps → global pooling → classifier (§2 of Zhou et
 * al. 2016). The values behind the pooling are written as algebra over the pooled maps, through softmax and reshapes, with
 * constants and batch normalisations folded and activations named; then the first form that fits is taken: a linear
 * classifier (of several heads that are added, of averages and maxima side by side, of tokens), one on normalised
 * features, a classifier before the pooling, a small network, or none at all.
 *
 * @param hints how many classes there are, where that is known: 0 says that the outputs are an embedding
 * @throws CamlabError when no output has such a tail: it says what the tail looks like and what to do
 * @example
 * const head = graph.findGapHead(await graph.readGraph("resnet18.onnx"));
 * head.summary; // GAP head: /layer4/layer4.1/relu_1 512×7×7 → average → /fc/Gemm 1000
 */
export function findGapHead(graph: Graph, hints: HeadHints = {}): GapHead {
  const tail: Tail = { graph, shapes: inferShapes(graph) };
  const expressions = new Expressions(tail);
  const refusals: string[] = [];
  const causes = new Set<string>();
  const heads: { output: string; head: GapHead }[] = [];
  for (const { name } of graph.outputs) {
    const head = headOf(expressions, name, hints);
    if ("refused" in head) {
      refusals.push(`output "${name}": ${head.refused}.\n  Its tail: ${describeTail(tail, name)}`);
      if (head.because) causes.add(head.because);
    } else heads.push({ output: name, head });
  }
  if (heads.length === 0) throw noHead(refusals, causes.has("one token"));
  // An embedding beside class scores is what they are made of.
  heads.sort((a, b) => Number(a.head.form === "embedding") - Number(b.head.form === "embedding"));
  const [{ output, head: first }, ...others] = heads;
  const head = withProbabilities(first, others);
  const rivals = others.filter(
    (other) => other.head.logits.name !== head.logits.name && other.head.form !== "embedding",
  );
  if (rivals.length === 0) return head;
  const passed = rivals.map((rival) => `${rival.output} (${rival.head.summary})`).join(", ");
  return {
    ...head,
    notes: [...(head.notes ?? []), `this head leads to the first output, ${output}; passed over: ${passed}`],
  };
}

/** Where one output holds the scores and another what becomes of them, both tell of one head. */
function withProbabilities(head: GapHead, others: readonly { readonly head: GapHead }[]): GapHead {
  if (head.probabilities || head.form === "embedding") return head;
  const probable = others.find((other) => other.head.logits.name === head.logits.name && other.head.probabilities);
  return probable ? { ...head, probabilities: probable.head.probabilities } : head;
}

const NO_HEAD =
  "Class activation maps need feature maps → global pooling → a classifier. Take a network that ends so (ResNet, MobileNet, " +
  "DenseNet, SqueezeNet, …), or cut this one after its last feature maps, add global average pooling and a linear layer, and " +
  "train those (docs/bring-your-network.md)";

const ONE_TOKEN =
  "Its class scores come from one token that attention fills (a class token, or attention pooling), not from a mean over " +
  "places: no weights exist whose sum over the places is the score. openNetwork(…, " +
  '{ head: "tokens" }) opens it as an embedding, the mean of its last patch tokens: lookWays then looks at its own classes by ' +
  "attention and gradients (attention-rollout, legrad, saliency), extractFeatures and a linear SVM on those give a probe whose maps are exact. Or take a network that ends in a " +
  "mean over its tokens (names with gap, avg, Swin, BEiT)";

function noHead(refusals: readonly string[], oneToken: boolean): CamlabError {
  return new CamlabError(`no GAP head in this network: ${refusals.join("\n")}\n  ${oneToken ? ONE_TOKEN : NO_HEAD}`);
}

const NORMS = { layer: "layer", rms: "RMS", variance: "variance" } as const;

/** Names that exporters give to outputs that are no class scores. */
const EMBEDDING = /embed|feature|latent|pooler|last_hidden|representation/i;

function headOf(expressions: Expressions, output: string, hints: HeadHints): GapHead | Refused {
  const logits = logitsBehind(expressions.tail.graph, output);
  const found = expressions.of(logits.name);
  if ("refused" in found) return found;
  const { graph, shapes } = expressions.tail;
  const [rows, photos] = [shapes.get(logits.name)?.[found.photos ?? -1] ?? null, graph.inputs[0]?.dims?.[0] ?? null];
  if (rows !== null && photos !== null && rows !== photos && typeof rows === typeof photos) {
    return { refused: `it has ${rows} rows of scores for ${photos} photos` };
  }
  const head = formOf(expressions.tail, logits, found.vector, hints, output);
  if ("refused" in head) return head;
  const said = [...(head.notes ?? []), ...logits.notes];
  const unlocalized = notLocalized(head);
  if (unlocalized) said.push(unlocalized);
  if (found.vector.rounds) said.unshift("the head is quantised: maps and scores agree up to its rounding");
  const { kind: probabilities, note } = kindOf(expressions.tail, logits, head.logits.classes);
  if (note !== undefined) said.push(note);
  const bounded = probabilities ? undefined : boundedBy(head, found.vector);
  if (bounded) {
    said.push(
      `the scores are what comes out of a ${bounded}, between its bounds: they may be probabilities already, and what camlab ` +
        "makes of them by softmax or sigmoid says less than the scores themselves",
    );
  }
  return { ...head, ...(probabilities && { probabilities }), ...(said.length > 0 && { notes: [...new Set(said)] }) };
}

const BOUNDED: ReadonlySet<string> = new Set(["sigmoid", "tanh", "hard-sigmoid"]);

/** The last function behind the classifier, where it lets nothing out of its bounds. */
function boundedBy({ form, activation }: GapHead, { terms }: Vector): string | undefined {
  const [{ atom }] = terms;
  const last =
    form === "pool-then-network" && terms.length === 1 && atom.kind === "activation"
      ? atom.activation
      : form === "classify-then-pool"
        ? activation
        : undefined;
  return last && BOUNDED.has(last.kind) ? last.kind : undefined;
}

/** What the scores become, where a softmax is over all classes; one over a single score would be 1 for every photo. */
function kindOf(
  { graph, shapes }: Tail,
  { probabilities: kind, softmax }: Logits,
  classes: number,
): { readonly kind?: "softmax" | "sigmoid"; readonly note?: string } {
  if (!softmax || kind !== "softmax") return { kind };
  const label = `"${nodeLabel(softmax)}" (${softmax.opType})`;
  if (classes === 1) {
    return { kind: "sigmoid", note: `${label} of a single score is 1 for every photo; camlab shows its sigmoid` };
  }
  const shape = shapes.get(softmax.input[0]);
  const old = graph.opset < 13;
  const axis = fromFront(intAttribute(softmax, "axis", old ? 1 : -1), shape?.length ?? 2);
  if (axis === 0 && !old && (shape?.length ?? 0) > 1) {
    const note = `${label} shares out probability among the photos of a batch; camlab's are over the classes of each photo`;
    return { kind, note };
  }
  const over = shape?.slice(axis, old ? undefined : axis + 1);
  if (!over?.every((dim) => typeof dim === "number")) return { kind };
  const together = over.reduce((product, dim) => product * dim, 1);
  if (together === classes || classes === 0) return { kind };
  const note =
    `${label} shares out probability among ${together} of the ${classes} classes at a time, in groups; camlab's ` +
    "probabilities are over all of them: compare classes of one group by their scores";
  return { kind, note };
}

function formOf(
  tail: Tail,
  { name, probabilities }: Logits,
  scores: Vector,
  hints: HeadHints,
  output: string,
): GapHead | Refused {
  const named = EMBEDDING.test(output) && probabilities === undefined && hints.classes === undefined;
  if (hints.classes === 0 || named) return embedding(name, scores);
  const linear: (LinearForm & Partial<NormalisedForm>) | Refused | undefined =
    linearForm(scores) ?? normalisedForm(scores);
  if (linear) {
    if ("refused" in linear) return linear;
    const { base, weights, bias, normalisation } = linear;
    const middle = normalisation ? ` → ${NORMS[normalisation.kind]} normalisation` : "";
    const classes = scores.size ?? 0;
    return {
      ...shared(base),
      form: "pool-then-classify",
      logits: { name, classes },
      weights,
      ...(bias && { bias }),
      ...(normalisation && { normalisation }),
      summary: `${base.title}: ${base.text}${middle} → ${scores.label} ${classes}`,
    };
  }
  if (scores.label === undefined) return withoutClassifier(tail, name, scores, hints, probabilities !== undefined);
  const network = networkForm(scores, tail.graph);
  if ("refused" in network) return network;
  const { base, classes } = network;
  return {
    ...shared(base),
    form: "pool-then-network",
    logits: { name, classes },
    weights: new Float32Array(0),
    network: network.network,
    summary: `${base.title}: ${base.text} → ${stepsText(scores)} → ${scores.label} ${classes} (weights along a path, a photo each)`,
  };
}

/** Pooled maps that nothing classifies: either they are class scores of every place, or an embedding. */
function withoutClassifier(
  tail: Tail,
  logits: string,
  scores: Vector,
  hints: HeadHints,
  probable: boolean,
): GapHead | Refused {
  const [term] = scores.terms;
  const single = scores.terms.length === 1 && term.atom.kind === "pool" && term.by.kind === "scale";
  if (!single || term.atom.kind !== "pool") return embedding(logits, scores);
  const { pooling } = term.atom;
  const found = classifiedForm(tail, pooling, scores);
  if ("refused" in found) {
    return probable
      ? { refused: `nothing classifies the pooled maps, and before the pooling ${found.refused}` }
      : embedding(logits, scores);
  }
  // The last 1×1 convolution of a trunk looks the same; its activation tells, unless the number of classes does.
  const usual =
    found.activation === undefined || found.activation.kind === "relu" || found.activation.kind === "leaky-relu";
  const counted = hints.classes !== undefined && Math.abs(hints.classes - found.classes) <= 1;
  if (!probable && !usual && !counted) return embedding(logits, scores);
  const { featureMaps, classMaps, weights, bias, activation, outside, classes, label, rounds } = found;
  const { height, width, name, channels } = featureMaps;
  const middle = activation ? `${activation.kind} → ` : "";
  const title = pooling.pooling === "average" ? "GAP head" : "GMP head";
  return {
    form: "classify-then-pool",
    pooling: pooling.pooling,
    featureMaps,
    ...(classMaps && { classMaps }),
    logits: { name: logits, classes },
    weights,
    ...(bias && { bias }),
    ...(activation && { activation }),
    ...(outside && { outside }),
    summary: `${title}: ${name} ${channels}×${height ?? "?"}×${width ?? "?"} → ${label} ${classes} → ${middle}${pooling.pooling}`,
    ...(rounds && { notes: ["the head is quantised: maps and scores agree up to its rounding"] }),
  };
}

function embedding(name: string, scores: Vector): GapHead | Refused {
  const network = networkForm({ ...scores, size: scores.size ?? 0 });
  const base = "refused" in network ? baseOf(poolsOf(scores), new Map()) : network.base;
  if ("refused" in base) return base;
  const size = scores.size ?? base.channels;
  return {
    ...shared(base),
    form: "embedding",
    logits: { name, classes: 0 },
    weights: new Float32Array(0),
    summary: `${base.title}: ${base.text} → an embedding of ${size} numbers, no classes`,
  };
}

function shared(base: Base): Pick<GapHead, "pooling" | "featureMaps" | "features" | "notes"> {
  const { pooling, featureMaps, features, notes } = base;
  return { pooling, featureMaps, ...(features && { features }), ...(notes.length > 0 && { notes }) };
}

/** The steps behind the pooling that are not linear, first to last. */
function stepsText(scores: Vector): string {
  const steps: string[] = [];
  const seen = new Set<string>();
  const visit = (vector: Vector, depth: number): void => {
    for (const { atom } of vector.terms) {
      if (seen.has(atom.key) || atom.kind === "pool" || depth > 100) continue;
      seen.add(atom.key);
      for (const inner of atom.kind === "product" ? atom.of : [atom.of]) visit(inner, depth + 1);
      if (atom.kind === "activation") steps.push(atom.activation.kind);
      else steps.push(atom.kind === "product" ? "product" : `${NORMS[atom.norm]} normalisation`);
    }
  };
  visit(scores, 0);
  return steps.join(" → ");
}
