import type { Format } from "../format.js";
import { modelBytes, openedFrom } from "../model-file.js";

/** TensorFlow Lite: one flatbuffer with layers and weights, in float32, float16 or quantised to 8 bits. */
export const tfliteFormat: Format = {
  name: "TensorFlow Lite",
  endings: [".tflite"],
  recognises: ({ head }) => new TextDecoder("latin1").decode(head.subarray(4, 8)) === "TFL3",
  read: async (path) => {
    const bytes = await modelBytes(path);
    // With the reader of flatbuffers, which no other format needs.
    const { importTflite } = await import("./import-tflite.js");
    return openedFrom(path, () => importTflite(bytes));
  },
};
