import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { changed } from "../../../../src/kernel-helpers/graph/onnx/messages.js";
import { modelBytes } from "../../../../src/kernel-helpers/graph/onnx/model-bytes.js";
import { ModelProtoSchema, type ModelProto } from "../../../../src/kernel-helpers/graph/onnx/onnx_pb.js";

const root = join(import.meta.dirname, "../../../..");
const embedded = fromBinary(ModelProtoSchema, readFileSync(join(root, "models/objects-gap/model.onnx")));

function same(model: ModelProto): void {
  assert.ok(Buffer.from(modelBytes(model)).equals(toBinary(ModelProtoSchema, model)));
}

test("a model's bytes are those that protobuf's own writer gives, unknown fields, notes and names included", () => {
  assert.ok(embedded.graph);
  same(embedded);
  const unknown = [{ no: 200, wireType: 2, data: Uint8Array.of(2, 7, 8) }];
  const [first, ...rest] = embedded.graph.initializer;
  const initializer = [changed(first, { docString: "weights", $unknown: unknown }), ...rest];
  const graph = changed(embedded.graph, { docString: "a graph", initializer, $unknown: unknown });
  same(changed(embedded, { graph, producerName: "test", docString: "text", $unknown: unknown }));
  same(changed(embedded, { graph: changed(graph, { initializer: [] }) }));
  same(changed(embedded, { graph: undefined }));
});
