import { CamlabError } from "../../support/errors.js";
import { checkIsModel } from "../check-is-model.js";
import { isPytorch, readPytorch } from "../pytorch/read-pytorch.js";
import { isSafetensors, readSafetensors } from "../safetensors/read-safetensors.js";
import type { StateDict } from "./state-dict.js";
import { modelBytes } from "../model-file.js";

/**
 * Reads the weights of a PyTorch file (`.pth`, `.pt`; a checkpoint is looked through for its state dict) or a safetensors
 * file, by name. Nothing in a file is executed: a pickle that names anything but tensors and containers is refused.
 *
 * @throws CamlabError when the file is damaged, of another format, or refused
 * @example
 * const { tensors } = await networks.readWeights("resnet18.pth");
 * tensors.get("fc.weight")!.dims; // [1000, 512]
 */
export async function readWeights(path: string): Promise<StateDict> {
  const bytes = await modelBytes(path);
  checkIsModel(path, bytes);
  if (isSafetensors(bytes, bytes.length)) return readSafetensors(bytes, path);
  if (isPytorch(bytes)) return readPytorch(bytes, path);
  throw new CamlabError(
    `cannot read ${path}: it is neither a file of PyTorch's (torch.save) nor a safetensors file; is it whole?`,
  );
}
