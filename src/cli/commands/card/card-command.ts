import { writeCard, type WrittenCard } from "../../../kernel-helpers/networks/write-card.js";
import { printable } from "../../../kernel-helpers/support/escape.js";
import { openOptions, type NetworkFlags } from "../../network-flags.js";
import { tellNetwork } from "../../notes.js";
import { say } from "../../terminal.js";

/** Flags of `camlab card`, as parsed. */
export interface CardFlags extends NetworkFlags {
  readonly out?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/**
 * `camlab card`: writes what is known of a network, and where each part of it was read.
 *
 * @returns 0
 */
export async function cardCommand(network: string, flags: CardFlags, signal: AbortSignal): Promise<number> {
  const { preprocessing, classes, probabilities, size, card } = openOptions(flags);
  const { out, force } = flags;
  signal.throwIfAborted();
  const written = await writeCard(network, { preprocessing, classes, probabilities, size, card, out, force });
  tellNetwork(written);
  say(flags.json ? `${JSON.stringify(written)}\n` : textOf(written));
  return 0;
}

function textOf({ file, card, sources }: WrittenCard): string {
  const { width, height, fit, resize, channelOrder, mean, std } = card.preprocessing;
  const cut =
    resize &&
    ("shorterSide" in resize ? ` of shorter side ${resize.shorterSide}` : ` of ${resize.width}×${resize.height}`);
  const names = Array.isArray(card.classes) ? (card.classes as readonly string[]) : [];
  const few = names.slice(0, 3).join(", ") + (names.length > 3 ? ", …" : "");
  const rows: [string, string, string | undefined][] = [
    ["size", `${width}×${height}`, sources.preprocessing.width],
    ["fit", `${fit}${cut ?? ""}`, sources.preprocessing.fit],
    ["channel order", channelOrder, sources.preprocessing.channelOrder],
    ["mean", mean.join(" "), sources.preprocessing.mean],
    ["std", std.join(" "), sources.preprocessing.std],
    ["classes", names.length > 0 ? `${names.length}: ${few}` : "none", sources.classes],
  ];
  const lines = rows.map(
    ([field, value, from = "assumed"]) => `  ${field.padEnd(13)}  ${printable(value)}  (${printable(from)})`,
  );
  return `${lines.join("\n")}\nwrote ${printable(file)}\n`;
}
