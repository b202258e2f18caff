import { isZip } from "../../support/files/zip-directory.js";
import type { Format } from "../format.js";
import { modelBytes } from "../model-file.js";
import { builtOf } from "../weights/weights-file.js";
import { isPytorch, readPytorch } from "./read-pytorch.js";

/** Names inside the ZIP archives that PyTorch writes: of weights, and of programs, which are refused in words. */
const INSIDE = /\/(data\.pkl|constants\.pkl|byteorder|code\/)/;

/** PyTorch's `.pth` and `.pt`: weights by name, in a ZIP archive or as plain pickles. */
export const pytorchFormat: Format = {
  name: "PyTorch weights",
  endings: [".pth", ".pt", ".pth.tar"],
  recognises: ({ head }) => isPytorch(head) && (!isZip(head) || INSIDE.test(Buffer.from(head).toString("latin1"))),
  async read(path, _head, options = {}) {
    return builtOf(path, readPytorch(await modelBytes(path), path), options);
  },
};
