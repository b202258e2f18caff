import { readGraphFile } from "../../graph/onnx/read-graph.js";
import type { Format } from "../format.js";

/** ONNX: a protobuf message whose first field is the version of the format, a number. */
export const onnxFormat: Format = {
  name: "ONNX",
  endings: [".onnx"],
  recognises: ({ head }) => head[0] === 0x08 && head[1] > 0 && head[1] < 0x20,
  read: async (path, _head, { bytes } = {}) => ({
    graph: await readGraphFile(path, bytes),
    preprocessing: [],
    notes: [],
  }),
};
