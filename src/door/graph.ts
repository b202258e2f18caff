// A network as data: read, check, cut, write an ONNX graph; its head, its layers, its gradients.

export type { Graph } from "../kernel-helpers/graph/onnx/graph.js";
export type { GapHead } from "../kernel-helpers/graph/head/gap-head.js";
export { findGapHead } from "../kernel-helpers/graph/head/find-gap-head.js";
export { classWeightsFor, scoreOffsetFor } from "../kernel-helpers/graph/head/class-weights.js";
export { exposeHead, headOutputs, type HeadOutputs } from "../kernel-helpers/graph/surgery/expose-head.js";
export { checkGraph } from "../kernel-helpers/graph/onnx/check-graph.js";
export { countMacs } from "../kernel-helpers/graph/count-macs.js";
export { countParameters, listLayers, type Layer } from "../kernel-helpers/graph/list-layers.js";
export { cutAfter, withOutputs } from "../kernel-helpers/graph/surgery/cut-graph.js";
export { withInputSize } from "../kernel-helpers/graph/surgery/input-size.js";
export { type OpenSides, withOpenSides } from "../kernel-helpers/graph/surgery/open-sides.js";
export { unclipped, type Unclipped } from "../kernel-helpers/graph/surgery/unclipped.js";
export { withDynamicBatch, type DynamicBatch } from "../kernel-helpers/graph/surgery/dynamic-batch.js";
export { withFinerMaps } from "../kernel-helpers/graph/surgery/finer-maps.js";
export {
  fieldBox,
  receptiveField,
  type FieldAxis,
  type ReceptiveField,
} from "../kernel-helpers/graph/shapes/receptive-field.js";
export { importGraph } from "../kernel-helpers/formats/import-graph.js";
export type { FoundSettings, ImportedNetwork } from "../kernel-helpers/formats/format.js";
export { readGraph } from "../kernel-helpers/graph/onnx/read-graph.js";
export { writeGraph, writeGraphFile } from "../kernel-helpers/graph/onnx/write-graph.js";
export {
  gradientName,
  gradientOf,
  type GradientOptions,
  type ReluRule,
} from "../kernel-helpers/graph/gradient/gradient-of.js";
export { exportGraph, type ExportGraphOptions } from "../kernel-helpers/cam/export/export-graph.js";
