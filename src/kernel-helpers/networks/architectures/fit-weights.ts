import type { StateDict, StoredTensor } from "../../formats/weights/state-dict.js";
import type { Graph } from "../../graph/onnx/graph.js";
import { check, optionNames } from "../../support/check.js";
import { CamlabError } from "../../support/errors.js";
import type { InputSize } from "../opening/image-input.js";
import type { Architecture } from "./architecture.js";
import { architectureCalled, ARCHITECTURES } from "./architectures.js";
import { assembled } from "./build-network.js";
import { notedWeights } from "./parts/weights.js";

/** Which architecture weights are put into, and its size. */
export interface FitWeightsOptions {
  /** Its name; unless given it is recognised by the tensors' names and sizes. */
  readonly architecture?: string;
  /** Side of the input in pixels, or both sides; the architecture's own unless given. */
  readonly size?: InputSize;
}

/** A network that was put together from an architecture and a file's weights. */
export interface FittedNetwork {
  readonly graph: Graph;
  readonly architecture: Architecture;
  /** Tensors of the file that the network has no place for. */
  readonly leftOver: readonly string[];
  /** What was assumed, each in one sentence. */
  readonly notes: readonly string[];
}

const OPTIONS = optionNames<FitWeightsOptions>({ architecture: true, size: true });

/**
 * Puts weights into an architecture by their names. A network needs all of its own; what is left over is told. Wrappers'
 * prefixes (`module.`) and old names are understood, and as many classes are built as the classifier has.
 *
 * @param weights as `readWeights` gives them
 * @throws CamlabError that lists what is missing, what has other sizes and what is left over, when they do not fit
 * @example
 * const { graph: net, leftOver } = networks.fitWeights(await networks.readWeights("resnet18.pth"));
 */
export function fitWeights(weights: StateDict, options: FitWeightsOptions = {}): FittedNetwork {
  check.known(options, OPTIONS, "fitWeights");
  const plain = withoutPrefix(weights.tensors);
  const wanted = options.architecture === undefined ? undefined : architectureCalled(options.architecture);
  const comparisons = (wanted ? [wanted] : ARCHITECTURES).map((each) => compared(each, plain));
  const [best] = comparisons.sort((a, b) => faults(a) - faults(b) || a.leftOver.length - b.leftOver.length);
  const { architecture, tensors, classes, leftOver } = best;
  if (faults(best) > 0) throw new CamlabError(unfit(best, wanted !== undefined));
  const graph = assembled(architecture, {
    classes,
    size: options.size,
    weights: { take: (name) => tensors.get(name)!.floats() },
  });
  const notes = [...weights.notes];
  if (!wanted) notes.push(`architecture: ${architecture.name}, by the names and sizes of its weights`);
  if (leftOver.length > 0) notes.push(`left over in the file: ${listed(leftOver)}`);
  return { graph, architecture, leftOver, notes };
}

interface Comparison {
  readonly architecture: Architecture;
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly classes: number;
  /** How many tensors it needs. */
  readonly needed: number;
  readonly missing: readonly string[];
  /** Name, sizes that it has, and sizes that it should have. */
  readonly unlike: readonly string[];
  readonly leftOver: readonly string[];
}

function faults({ missing, unlike }: Comparison): number {
  return missing.length + unlike.length;
}

function compared(architecture: Architecture, plain: ReadonlyMap<string, StoredTensor>): Comparison {
  const { renamed = (name: string) => name, passedOver } = architecture;
  const tensors = new Map([...plain].map(([name, tensor]) => [renamed(name), tensor]));
  const classes = tensors.get(architecture.classifier)?.dims[0] ?? 1000;
  const noted = notedWeights();
  assembled(architecture, { classes: Math.max(1, classes), weights: noted });
  const missing: string[] = [];
  const unlike: string[] = [];
  for (const [name, dims] of noted.dims) {
    const found = tensors.get(name);
    if (!found) missing.push(name);
    else if (found.dims.join() !== dims.join())
      unlike.push(`${name} ${found.dims.join("×") || "a single number"} (expected ${dims.join("×")})`);
  }
  const leftOver = [...tensors.keys()].filter(
    (name) => !noted.dims.has(name) && !name.endsWith(".num_batches_tracked") && !passedOver?.test(name),
  );
  return { architecture, tensors, classes, needed: noted.dims.size, missing, unlike, leftOver };
}

function unfit({ architecture, needed, missing, unlike, leftOver }: Comparison, wanted: boolean): string {
  const lists = [
    missing.length > 0 && `${missing.length} of its ${needed} tensors are missing: ${listed(missing)}`,
    unlike.length > 0 && `${unlike.length} have other sizes: ${listed(unlike)}`,
    leftOver.length > 0 && `${leftOver.length} are left over: ${listed(leftOver)}`,
  ];
  const what = wanted
    ? `these weights do not fit ${architecture.name}`
    : `these weights are of no architecture that camlab builds; the nearest is ${architecture.name}`;
  const advice = wanted ? "" : ". Export the network to ONNX and open that, or name its architecture";
  return `${what}: ${lists.filter(Boolean).join("; ")}${advice}`;
}

const SHOWN = 12;

function listed(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN).join(", ");
  return names.length > SHOWN ? `${shown} and ${names.length - SHOWN} more` : shown;
}

/** What wrappers put in front of every name. */
const PREFIX = /^(module|_orig_mod|model|net|network|backbone)\./;

function withoutPrefix(tensors: ReadonlyMap<string, StoredTensor>): ReadonlyMap<string, StoredTensor> {
  let found = tensors;
  for (;;) {
    const [first = ""] = found.keys();
    const prefix = PREFIX.exec(first)?.[0];
    if (prefix === undefined || ![...found.keys()].every((name) => name.startsWith(prefix))) return found;
    found = new Map([...found].map(([name, tensor]) => [name.slice(prefix.length), tensor]));
  }
}
