// The flags of every command that opens a network, called as `openNetwork` calls its options.
import { type Command, Option } from "commander";
import type { Network } from "../kernel-helpers/networks/network.js";
import { type OpenNetworkOptions, openNetwork } from "../kernel-helpers/networks/open-network.js";
import { type View, VIEWS } from "../kernel-helpers/networks/views/view.js";
import type { InputSize } from "../kernel-helpers/networks/opening/image-input.js";
import type { PreprocessingOptions } from "../kernel-helpers/networks/opening/preprocessing-options.js";
import { deviceOption, positiveInteger } from "./option-parsers.js";
import { tellNetwork } from "./notes.js";
import { channelOrder, crop, inputSize, pixelScale, positiveTriple, resize, triple } from "./preprocessing-parsers.js";
import { UsageError } from "./usage-error.js";

/** How pictures become a network's input. */
export interface PreprocessingFlags {
  readonly resize?: PreprocessingOptions["resize"];
  readonly crop?: number;
  readonly fit?: PreprocessingOptions["fit"];
  readonly mean?: readonly [number, number, number];
  readonly std?: readonly [number, number, number];
  readonly scale?: PreprocessingOptions["scale"];
  readonly channelOrder?: "RGB" | "BGR";
}

/** Flags of every command that opens a network. */
export interface NetworkFlags extends PreprocessingFlags {
  readonly network?: string;
  readonly size?: InputSize;
  readonly view?: View;
  readonly maps?: "own" | "finer";
  readonly classes?: string;
  readonly probabilities?: "softmax" | "sigmoid";
  readonly head?: "tokens";
  readonly architecture?: string;
  readonly card?: string;
  readonly device?: "auto" | "cpu" | "webgpu" | "cuda";
  readonly threads?: number;
}

/** Flags of every command that opens a network and says what it found, in a file or as a document. */
export interface FindingFlags extends NetworkFlags {
  readonly out?: string;
  readonly json?: boolean;
}

/** What a command says of its own about the flags that it shares. */
export interface NetworkOptionsHelp {
  readonly network?: string;
  readonly size?: string;
  /** Views that `--view` takes beside the network's own. */
  readonly views?: readonly string[];
  /** What is seen unless `--view` says it. */
  readonly usualView?: string;
  /** What the flag is called that names the file of class names; `--classes` unless given. */
  readonly names?: string;
}

const NETWORK = "a named network or a model file; the embedded one unless given";
/** The help of `--size`. */
export const SIZE_HELP = "side that pictures are brought to, or WxH, instead of the network's own size";
const GROUP = "How pictures reach the network, where its card does not say it:";

/** Adds the flags of everything that opens a network. */
export function addNetworkOptions(command: Command, help: NetworkOptionsHelp = {}): Command {
  command
    .option("-n, --network <name|file>", help.network ?? NETWORK)
    .addOption(
      new Option("--maps <kind>", "finer: take the network's last stride away")
        .choices(["own", "finer"])
        .default("own"),
    )
    .addOption(
      new Option(
        "--view <what>",
        `what of a picture is seen: card, as the network's card says; whole, all of it in its own proportions${help.usualView ?? ""}`,
      ).choices([...VIEWS, ...(help.views ?? [])]),
    )
    .addOption(
      new Option("--head <kind>", "tokens: the mean of the last patch tokens as features, for ViT").choices(["tokens"]),
    )
    .option("--architecture <name>", "for a file of weights alone (.pth, safetensors): which network they are of")
    .addOption(deviceOption())
    .option("--threads <count>", "CPU threads", positiveInteger);
  return addDescribingOptions(command, help);
}

/** Adds the flags that say of a network what its card would. */
export function addDescribingOptions(command: Command, help: Pick<NetworkOptionsHelp, "size" | "names"> = {}): Command {
  command
    .option("--size <pixels>", help.size ?? SIZE_HELP, inputSize)
    .option(`${help.names ?? "--classes"} <file>`, "names of the network's classes, in the order of its scores")
    .addOption(
      new Option("--probabilities <kind>", "softmax: one class is right; sigmoid: each by itself").choices([
        "softmax",
        "sigmoid",
      ]),
    )
    .option("--card <file>", "a card instead of the one beside the network");
  return addPreprocessingOptions(command);
}

/** Adds the flags that say how pictures become a network's input. */
export function addPreprocessingOptions(command: Command): Command {
  const fits = ["squash", "cover", "contain", "centre-crop"] as const;
  const options = [
    new Option("--resize <pixels>", "shorter side, or WxH, that the middle is cut from").argParser(resize),
    new Option("--crop <share|pixels>", "what is cut out of the middle: 0.875, or the input's side").argParser(crop),
    new Option("--fit <how>", "how pictures fit the input").choices(fits),
    new Option("--mean <numbers>", "subtracted from each channel: one number, or three").argParser(triple),
    new Option("--std <numbers>", "what each channel is divided by then").argParser(positiveTriple),
    new Option(
      "--scale <range>",
      "what pixels from 0 to 255 become before that: 0..1, -1..1, or a factor as 1/255",
    ).argParser(pixelScale),
    new Option("--channel-order <order>", "RGB or BGR").argParser(channelOrder),
  ];
  for (const option of options) command.addOption(option.helpGroup(GROUP));
  return command;
}

/** The options of `openNetwork` that the flags mean. */
export function openOptions(flags: NetworkFlags): OpenNetworkOptions {
  const { device, threads, maps, size, view, classes, probabilities, head, architecture, card } = flags;
  return {
    device,
    threads,
    maps,
    size,
    view,
    classes,
    probabilities,
    head,
    architecture,
    card,
    preprocessing: preprocessingOf(flags),
  };
}

/**
 * What the flags say of the preprocessing.
 *
 * @throws UsageError for flags that contradict each other
 */
export function preprocessingOf(flags: PreprocessingFlags & { readonly size?: InputSize }): PreprocessingOptions {
  const { resize, crop, fit, mean, std, scale, channelOrder, size } = flags;
  if (fit !== undefined && fit !== "centre-crop") {
    if (resize !== undefined) throw new UsageError(`--resize belongs to --fit centre-crop, not to --fit ${fit}`);
    if (crop !== undefined) throw new UsageError(`--crop belongs to --fit centre-crop, not to --fit ${fit}`);
  }
  if (crop !== undefined && crop <= 1 && resize !== undefined) {
    throw new UsageError("give --resize or a share as --crop, not both: each says what the middle is cut from");
  }
  const [width, height] = typeof size === "object" ? [size.width, size.height] : [size, size];
  if (crop !== undefined && crop > 1 && size !== undefined && (crop !== width || crop !== height)) {
    throw new UsageError(`--crop ${crop} is not the input's side that --size asks for: leave one of them out`);
  }
  const given = { resize, crop, fit, mean, std, scale, channelOrder };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** Opens the network that the flags mean, and says on one line what was assumed of it. */
export async function openFlagged(flags: NetworkFlags): Promise<Network> {
  const network = await openNetwork(flags.network, openOptions(flags));
  tellNetwork(network);
  return network;
}
