import { CamlabError } from "../../support/errors.js";
import { nodeLabel } from "./graph.js";
import { changed } from "./messages.js";
import type { GraphProto, NodeProto } from "./onnx_pb.js";

/** Exports of the largest networks have about 10,000. */
const MOST_NODES = 50_000;

/**
 * The same graph with its nodes in an order of execution, which some tools do not keep; unchanged when they are in one.
 *
 * @throws CamlabError when nodes wait for each other in a circle, a value is computed twice, or there are too many nodes
 */
export function inExecutionOrder(proto: GraphProto): GraphProto {
  if (proto.node.length > MOST_NODES) {
    throw new CamlabError(
      `this network has ${proto.node.length} nodes, camlab opens those with at most ${MOST_NODES}: is the file damaged?`,
    );
  }
  const producers = producersOf(proto);
  const waitsFor = new Map<NodeProto, number>();
  const readers = new Map<NodeProto, NodeProto[]>();
  for (const node of proto.node) {
    const before = new Set<NodeProto>();
    for (const name of namesRead(node)) {
      const producer = producers.get(name);
      if (producer) before.add(producer);
    }
    waitsFor.set(node, before.size);
    for (const each of before) {
      const list = readers.get(each);
      if (list) list.push(node);
      else readers.set(each, [node]);
    }
  }
  const seen = new Set<NodeProto>();
  const sorted = proto.node.every((node) => {
    seen.add(node);
    return (readers.get(node) ?? []).every((reader) => !seen.has(reader));
  });
  if (sorted) return proto;
  const order: NodeProto[] = proto.node.filter((node) => waitsFor.get(node) === 0);
  for (const node of order) {
    for (const reader of readers.get(node) ?? []) {
      const left = (waitsFor.get(reader) ?? 0) - 1;
      waitsFor.set(reader, left);
      if (left === 0) order.push(reader);
    }
  }
  if (order.length === proto.node.length) return changed(proto, { node: order });
  const done = new Set(order);
  const stuck = proto.node.filter((node) => !done.has(node));
  const waiting = circle(stuck, producers);
  const circular = waiting.length === 1 ? "waits for itself" : "wait for each other in a circle";
  throw new CamlabError(
    `this network cannot be computed: ${waiting.join(" → ")} ${circular}; ` +
      "the file is damaged, export or download it again",
  );
}

function producersOf(proto: GraphProto): Map<string, NodeProto> {
  const producers = new Map<string, NodeProto>();
  for (const node of proto.node) {
    for (const name of node.output) {
      if (name === "") continue;
      const other = producers.get(name);
      if (other) {
        throw new CamlabError(
          `this network computes "${name}" twice, in "${nodeLabel(other)}" (${other.opType}) and in "${nodeLabel(node)}" ` +
            `(${node.opType}): the file is damaged, export or download it again`,
        );
      }
      producers.set(name, node);
    }
  }
  return producers;
}

/** What a node reads, in its own bodies too; names that a body defines itself do no harm, as nothing else computes them. */
function namesRead(node: NodeProto): string[] {
  const names = [...node.input];
  const waiting = [...node.attribute];
  for (let attribute = waiting.pop(); attribute; attribute = waiting.pop()) {
    for (const body of attribute.g ? [attribute.g, ...attribute.graphs] : attribute.graphs) {
      const own = new Set(body.node.flatMap(({ output }) => output));
      for (const inner of body.node) {
        names.push(...inner.input.filter((name) => !own.has(name)));
        waiting.push(...inner.attribute);
      }
      names.push(...body.output.map(({ name }) => name).filter((name) => !own.has(name)));
    }
  }
  return names;
}

/** The names of some nodes that each read what the one before computes, the first what the last does. */
function circle(stuck: readonly NodeProto[], producers: ReadonlyMap<string, NodeProto>): string[] {
  const among = new Set(stuck);
  const way: NodeProto[] = [];
  const at = new Map<NodeProto, number>();
  for (let node: NodeProto | undefined = stuck[0]; node;) {
    const before = at.get(node);
    if (before !== undefined) {
      const names = way
        .slice(before)
        .reverse()
        .map((each) => `"${nodeLabel(each)}"`);
      return names.length > 6 ? [...names.slice(0, 3), `${names.length - 4} more`, names[names.length - 1]] : names;
    }
    at.set(node, way.length);
    way.push(node);
    const current: NodeProto = node;
    node = namesRead(current)
      .map((name) => producers.get(name))
      .find((producer) => producer !== undefined && among.has(producer));
  }
  return stuck.slice(0, 3).map((node) => `"${nodeLabel(node)}"`);
}
