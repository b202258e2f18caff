import { CamlabError } from "../../support/errors.js";
import { constantOf } from "../onnx/constants.js";
import { isStandard, nodeLabel, type Graph } from "../onnx/graph.js";
import { TensorProto_DataLocation, type NodeProto, type TensorProto } from "../onnx/onnx.js";
import { bitsOf, elementCount, tensorDims, typeName } from "../onnx/tensor.js";
import { inferShapes } from "./infer-shapes.js";
import { shapeText } from "./shape.js";

/** Numbers in one value for one picture: 1 GB of them. The largest networks compute about a tenth of that. */
const LARGEST = 2 ** 28;

/**
 * Refuses a network that would compute values too large for any machine, before an engine tries: the sizes in a file are
 * only words.
 *
 * @throws CamlabError naming the node and its shape, or the constant whose bytes do not fill its sizes
 */
export function checkSizes(graph: Graph): void {
  for (const tensor of graph.model.graph?.initializer ?? []) checkHeld(tensor);
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
  // Sizes beyond all numbers are not known above.
  for (const node of graph.nodes) checkScales(graph, node);
}

/** Sizes that its bytes do not fill would be believed by an engine's inference of shapes, which they can bring down. */
function checkHeld(tensor: TensorProto): void {
  const bits = bitsOf(tensor.dataType);
  if (tensor.dataLocation === TensorProto_DataLocation.EXTERNAL || bits === undefined) return;
  if (tensor.rawData.length === 0) return;
  const claimed = Math.ceil((elementCount(tensorDims(tensor)) * bits) / 8);
  if (claimed === tensor.rawData.length) return;
  throw new CamlabError(
    `this network is damaged: its constant "${tensor.name}" says that it is ${shapeText(tensorDims(tensor))} ` +
      `${typeName(tensor.dataType)}, ${claimed} bytes, and holds ${tensor.rawData.length}; get the file again`,
  );
}

/** No network makes its maps a thousand times as large. */
const LARGEST_SCALE = 1000;

function checkScales(graph: Graph, node: NodeProto): void {
  if ((node.opType !== "Resize" && node.opType !== "Upsample") || !isStandard(node)) return;
  const scales = ["Upsample", graph.opset < 11 ? "Resize" : ""].includes(node.opType) ? node.input[1] : node.input[2];
  const given = scales ? constantOf(graph, scales)?.data : undefined;
  const wrong = given && Array.from(given).find((scale) => !(scale > 0 && scale <= LARGEST_SCALE));
  if (wrong === undefined) return;
  throw new CamlabError(
    `this network is damaged: "${nodeLabel(node)}" (${node.opType}) would make its maps ${wrong} times as large (expected ` +
      `more than 0, at most ${LARGEST_SCALE}); get the file again`,
  );
}
