import { convertNetwork, type ConvertedNetwork } from "../../../kernel-helpers/networks/convert-network.js";
import { describePreprocessing } from "../../../kernel-helpers/networks/choose-preprocessing.js";
import { printable } from "../../../kernel-helpers/support/escape.js";
import { preprocessingOf, type PreprocessingFlags } from "../../network-flags.js";
import { tellNetwork } from "../../notes.js";
import { say } from "../../terminal.js";
import { UsageError } from "../../usage-error.js";

/** Flags of `camlab convert`, as parsed. */
export interface ConvertFlags extends PreprocessingFlags {
  readonly out: string;
  readonly classes?: string;
  readonly architecture?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/**
 * `camlab convert`: a network of another format as ONNX.
 *
 * @returns 0
 * @throws UsageError for a file that is not called .onnx
 */
export async function convertCommand(source: string, flags: ConvertFlags): Promise<number> {
  const { out, classes, architecture, force, json } = flags;
  if (!/\.onnx$/i.test(out)) throw new UsageError(`--out ${out} should end in .onnx: it becomes an ONNX file`);
  const said = preprocessingOf(flags);
  const preprocessing = Object.keys(said).length > 0 ? said : undefined;
  const converted = await convertNetwork(source, out, { classes, architecture, force, preprocessing });
  tellNetwork(converted);
  say(json ? `${JSON.stringify(converted)}\n` : textOf(converted));
  return 0;
}

function textOf({ file, inputs, outputs, card }: ConvertedNetwork): string {
  const ports = (list: ConvertedNetwork["inputs"]) =>
    list.map(({ name, dims }) => printable(`${name} ${dims?.map((dim) => dim ?? "?").join("×") ?? ""}`)).join(", ");
  const classes = Array.isArray(card?.classes) ? card.classes.length : 0;
  return (
    `wrote ${printable(file)}\ntakes ${ports(inputs)}\ngives ${ports(outputs)}\n` +
    (card
      ? `wrote ${printable(card.file)} (${describePreprocessing(card.preprocessing)}; ` +
        `${classes > 0 ? `${classes} class names` : "no class names"})\n`
      : "")
  );
}
