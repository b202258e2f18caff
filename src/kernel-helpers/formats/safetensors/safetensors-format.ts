import type { Format } from "../format.js";
import { modelBytes } from "../model-file.js";
import { builtOf } from "../weights/weights-file.js";
import { isSafetensors, readSafetensors } from "./read-safetensors.js";

/** safetensors: a header of names, types and sizes, then numbers. */
export const safetensorsFormat: Format = {
  name: "safetensors",
  endings: [".safetensors"],
  recognises: ({ head, size }) => isSafetensors(head, size),
  async read(path, _head, options = {}) {
    return builtOf(path, readSafetensors(await modelBytes(path), path), options);
  },
};
