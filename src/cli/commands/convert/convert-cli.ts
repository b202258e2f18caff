import type { Command } from "commander";
import type { Exit } from "../../exit.js";
import { addPreprocessingOptions } from "../../network-flags.js";
import type { ConvertFlags } from "./convert-command.js";

const HELP = `
Reads ONNX and the formats of docs/formats.md; its content says which one a file is of. A card is written beside the .onnx
file: how pictures reach the network, what its classes are called, and where each was read.

Examples:
  camlab convert bvlc_googlenet.caffemodel --out googlenet.onnx --classes synset_words.txt
  camlab convert teachable-machine/ --out mine.onnx
  camlab convert resnet18.pth --out resnet18.onnx
  camlab convert mobilenet_v2_1.0_224_quant.tflite --out mobilenet.onnx`;

/** Adds `camlab convert`. */
export function addConvertCommand(program: Command, exit: Exit): void {
  const command = program
    .command("convert")
    .description("a network of another format as an ONNX file and its card")
    .argument("<network>", "a model file, or a folder that holds one")
    .requiredOption("-o, --out <file>", "the .onnx file to write")
    .option("--classes <file>", "names of the network's classes, in the order of its scores")
    .option("--architecture <name>", "for a file of weights alone (.pth, safetensors): which network they are of")
    .option("--force", "overwrite the file and the card that are there")
    .option("--json", "print one JSON document instead of text");
  addPreprocessingOptions(command)
    .addHelpText("after", HELP)
    .action(async (source: string, flags: ConvertFlags) => {
      const { convertCommand } = await import("./convert-command.js");
      exit.code = await convertCommand(source, flags);
    });
}
