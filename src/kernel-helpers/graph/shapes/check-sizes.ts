import { CamlabError } from "../../support/errors.js";
import { nodeLabel, type Graph } from "../onnx/graph.js";
import { inferShapes } from "./infer-shapes.js";
import { shapeText } from "./shape.js";

/** Numbers in one value for one picture: 1 GB of them. The largest networks compute about a tenth of that. */
const LARGEST = 2 ** 28;

/**
 * Refuses a network that would compute values too large for any machine, before an engine tries: the sizes in a file are
 * only words.
 *
 * @throws CamlabError naming the node and its shape
 */
export function checkSizes(graph: Graph): void {
  const shapes = inferShapes(graph);
  const images = typeof graph.batch === "number" ? graph.batch : 1;
  for (const node of graph.nodes) {
    for (const name of node.output) {
      const shape = shapes.get(name);
      if (!shape) continue;
      const count = shape.reduce<number>((product, dim) => product * (typeof dim === "number" ? dim : 1), 1);
      if (count <= LARGEST * images) continue;
      throw new CamlabError(
        `this network is too large: "${nodeLabel(node)}" (${node.opType}) would compute ${shapeText(shape)} numbers, more than ` +
          "1 GB a picture; give it a smaller input, or export it again if these sizes are wrong",
      );
    }
  }
}
