import { create } from "@bufbuild/protobuf";
import { CamlabError } from "../../support/errors.js";
import { Emitter, freePrefix } from "../gradient/emitter.js";
import { makePort } from "../onnx/create-graph.js";
import { changedGraph } from "../onnx/changed-graph.js";
import { graphOf, type Dim, type Graph } from "../onnx/graph.js";
import { changed } from "../onnx/messages.js";
import { StringStringEntryProtoSchema, type GraphProto } from "../onnx/onnx.js";
import { withOutputs } from "../surgery/cut-graph.js";
import { withRenamedValues } from "./renamed-values.js";

/** An output that is added to a graph. */
export interface ExportedOutput {
  /** What the output is called. */
  readonly name: string;
  /** The value that it is: one that was written, and no other output. */
  readonly value: string;
  readonly dims: readonly Dim[];
}

/** Operator sets before this one cannot stretch a value along others. */
const OLDEST_OPSET = 7;
/** The first version of the file format in which weights need not be inputs as well. */
const OLDEST_IR = 4n;

/**
 * A graph with other outputs, written behind its values.
 *
 * @param write writes operators and says which values come out
 * @throws CamlabError for a graph of an operator set before 7
 */
export function withExportedOutputs(graph: Graph, write: (emit: Emitter) => readonly ExportedOutput[]): Graph {
  if (graph.opset < OLDEST_OPSET) {
    throw new CamlabError(
      `cannot export a network of operator set ${graph.opset}: maps need ${OLDEST_OPSET} or newer; export it from where it ` +
        "came again, e.g. with opset_version=13",
    );
  }
  const emit = new Emitter(graph.opset, freePrefix(graph, "export"));
  const outputs = write(emit);
  const prefix = freePrefix(graph, "inner");
  // Names of outputs may stand for other values inside already: those get other names.
  const names = new Map([
    ...outputs.map(({ name }) => [name, `${prefix}${name}`] as const),
    ...outputs.map(({ name, value }) => [value, name] as const),
  ]);
  const renamed = withRenamedValues(added(graph, emit), names);
  const proto = renamed.model.graph as GraphProto;
  const ports = outputs.map(({ name, dims }) => makePort(name, dims));
  const named = graphOf(
    changed(renamed.model, {
      irVersion: renamed.model.irVersion < OLDEST_IR ? OLDEST_IR : renamed.model.irVersion,
      graph: changed(proto, {
        // Old files repeat weights as inputs, which then look as if they had to be fed.
        input: proto.input.filter((port) => renamed.inputs.some(({ name }) => name === port.name)),
        output: ports,
      }),
    }),
  );
  return withOutputs(
    named,
    outputs.map(({ name }) => name),
  );
}

/** The same graph with other notes: those of these keys are gone, those given are there. */
export function withNotes(
  graph: Graph,
  notes: Readonly<Record<string, string>>,
  without: readonly string[] = [],
  producer?: { readonly name: string; readonly version: string },
): Graph {
  const kept = graph.model.metadataProps.filter(({ key }) => !(key in notes) && !without.includes(key));
  const own = Object.entries(notes).map(([key, value]) => create(StringStringEntryProtoSchema, { key, value }));
  return graphOf(
    changed(graph.model, {
      metadataProps: [...kept, ...own],
      ...(producer && { producerName: producer.name, producerVersion: producer.version }),
    }),
  );
}

function added(graph: Graph, emit: Emitter): Graph {
  const proto = graph.model.graph as GraphProto;
  return changedGraph(graph, {
    node: [...proto.node, ...emit.nodes],
    initializer: [...proto.initializer, ...emit.initializers],
  });
}
