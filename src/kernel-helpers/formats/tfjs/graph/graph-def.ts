import { CamlabError } from "../../../support/errors.js";
import { fieldsOf, listOf, textIn, type Fields } from "../../keras/fields.js";

/** A node of a TensorFlow graph, as a GraphModel writes it. */
export interface GraphNode {
  readonly name: string;
  readonly op: string;
  /** Nodes that it reads, by name, and which of their outputs. */
  readonly inputs: readonly { readonly node: string; readonly output: number }[];
  readonly attributes: Fields;
}

/** More than any network has. */
const MOST_NODES = 50_000;

/**
 * The nodes of a graph, in the file's order; edges that only order the execution are left out.
 *
 * @throws CamlabError when there are too many, or two with one name
 */
export function graphNodes(topology: Fields): GraphNode[] {
  const nodes = listOf(topology.node);
  if (nodes.length > MOST_NODES) throw new CamlabError(`it holds ${nodes.length} nodes, more than any network`);
  const seen = new Set<string>();
  return nodes.map((value) => {
    const fields = fieldsOf(value);
    const name = textIn(fields, "name", "");
    if (name === "" || seen.has(name)) throw new CamlabError(`two nodes are called ${JSON.stringify(name)}`);
    seen.add(name);
    const inputs = listOf(fields.input)
      .map(String)
      .filter((input) => !input.startsWith("^"))
      .map((input) => {
        const [node, output] = input.split(":");
        return { node, output: Number(output ?? 0) };
      });
    return { name, op: textIn(fields, "op", ""), inputs, attributes: fieldsOf(fields.attr) };
  });
}

/** A text attribute; GraphModels write texts as base64. */
export function textAttribute({ attributes }: GraphNode, name: string, usual: string): string {
  const value = fieldsOf(attributes[name]).s;
  return typeof value === "string" ? decoded(value) : usual;
}

/** A list of texts. */
export function textsAttribute({ attributes }: GraphNode, name: string): string[] {
  return listOf(fieldsOf(fieldsOf(attributes[name]).list).s).map((value) => decoded(String(value)));
}

/** A list of whole numbers, which protobuf's JSON writes as texts. */
export function intsAttribute({ attributes }: GraphNode, name: string): number[] {
  return listOf(fieldsOf(fieldsOf(attributes[name]).list).i).map(Number);
}

/** A number. */
export function numberAttribute({ attributes }: GraphNode, name: string, usual: number): number {
  const { f, i } = fieldsOf(attributes[name]);
  const value = f ?? i;
  return value === undefined ? usual : Number(value);
}

/** True or false. */
export function flagAttribute({ attributes }: GraphNode, name: string): boolean {
  return fieldsOf(attributes[name]).b === true;
}

/** The sizes that an attribute gives a placeholder; undefined where it has none. */
export function shapeAttribute({ attributes }: GraphNode, name: string): number[] | undefined {
  const shape = fieldsOf(fieldsOf(attributes[name]).shape);
  if (!Array.isArray(shape.dim)) return undefined;
  return listOf(shape.dim).map((dim) => Number(fieldsOf(dim).size ?? 0));
}

function decoded(text: string): string {
  return Buffer.from(text, "base64").toString("utf8");
}
