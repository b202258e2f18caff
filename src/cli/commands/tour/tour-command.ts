import { dirname } from "node:path";
import type { WorldPart } from "../../../world/drawing.js";
import { drawWorld } from "../../../world/draw-world.js";
import { makeFolder } from "../../../kernel-helpers/support/make-folder.js";
import { writeWhole } from "../../../kernel-helpers/support/write-file.js";
import { htmlPage, type PageSection } from "../../../widgets/kit/html-page.js";
import { notesSection } from "../../notes.js";
import { openFlagged, type NetworkFlags } from "../../network-flags.js";
import { ProgressBar } from "../../progress-bar.js";
import { knownThings } from "./known-things.js";
import { newScenes } from "./new-scenes.js";
import { photographNetwork } from "./photograph-network.js";
import { foundText } from "./found-text.js";
import type { TourContext } from "./tour-context.js";
import { say } from "../../terminal.js";

/** Flags of `camlab tour`, as parsed. */
export interface TourFlags extends NetworkFlags {
  readonly out: string;
  readonly seed: number;
}

/**
 * `camlab tour`: a page that shows what camlab is for, made from nothing but the package: what the embedded network was
 * taught and where it looks; a new task learned from image-level labels; text found by a network that never heard of
 * it. Prints what it finds, and last of all the page's path.
 *
 * @returns 0
 */
export async function tourCommand(flags: TourFlags, signal: AbortSignal): Promise<number> {
  using network = await openFlagged(flags);
  const bar = new ProgressBar(process.stderr);
  const began = performance.now();
  const context: TourContext = {
    network,
    signal,
    onProgress: bar.update,
    say: (line) => {
      bar.clear();
      say(`${line}\n`);
    },
    draw: (part: WorldPart, counts) => drawWorld(part, { seed: flags.seed, ...counts, signal, onProgress: bar.update }),
  };
  context.say(`${network.card.title}\n${network.head.summary}\nDevice: ${network.device}, ${network.deviceReason}\n`);
  const sections: PageSection[] = [
    {
      text: "A convolutional network that ends in global average pooling scores a class by a weighted sum of its last feature maps' means. Sum the maps themselves with the same weights and you see where the evidence was: the class activation map. Everything on this page was learned from labels of whole pictures; no network or probe was ever told where anything is.",
    },
    ...(await knownThings(context)),
    ...(await newScenes(context)),
    ...(await foundText(context)),
    ...(flags.network === undefined ? await photographNetwork(context) : []),
    ...notesSection(network),
  ];
  await makeFolder(dirname(flags.out));
  await writeWhole(flags.out, await htmlPage({ title: "Where does it look?", sections }));
  context.say(`\nDone in ${((performance.now() - began) / 1000).toFixed(0)} s. The page:\n${flags.out}`);
  return 0;
}
