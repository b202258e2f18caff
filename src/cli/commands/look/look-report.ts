import type { ClassMap } from "../../../kernel-helpers/boxes/class-maps.js";
import type { TableShard } from "../../../kernel-helpers/features/shards/table-shard.js";
import type { Network } from "../../../kernel-helpers/networks/network.js";
import type { LookView } from "../../../kernel-helpers/networks/views/view.js";
import type { Seen } from "../../../kernel-helpers/networks/seen.js";
import { printable } from "../../../kernel-helpers/support/escape.js";
import type { SkippedPicture } from "../../../kernel-helpers/images/picture.js";
import { networkJson } from "../../network-json.js";
import { skippedJson, skippedText } from "../../skipped.js";

/** What was seen, told as it comes: one photo at a time, so that a thousand photos need no more memory than one. */
export interface LookReport {
  start(network: Network, view: LookView): void;
  photo(seen: Seen, maps: readonly ClassMap[]): void;
  skipped(left: SkippedPicture): void;
  end(): void;
}

type Write = (text: string) => void;

/** For people: the network and device first, then a block a photo. Skipped photos go to `writeError`. */
export function textReport(write: Write, writeError: Write): LookReport {
  let done = 0;
  let skipped = 0;
  return {
    start(network, view) {
      writeError(`${printable(network.card.title)}\n${printable(network.head.summary)}\n`);
      writeError(`Device: ${network.device}, ${network.deviceReason}\n`);
      writeError(`View: ${VIEW_TEXTS[view]}\n`);
    },
    photo(seen, maps) {
      done += 1;
      write(`\n${printable(seen.photo.file)}  ${seen.photo.width}×${seen.photo.height}\n`);
      const nameOf = ({ seenClass, way }: ClassMap) =>
        printable(way ? `${seenClass.name}, ${way.title}` : seenClass.name);
      const column = Math.max(...maps.map((each) => nameOf(each).length), 8);
      for (const each of maps) {
        const { seenClass, box, reason = "nothing speaks for it" } = each;
        const where = box
          ? `box ${Math.round(box.x)},${Math.round(box.y)} ${Math.round(box.width)}×${Math.round(box.height)}`
          : `no box: ${reason}`;
        const { probability } = seenClass;
        const share = Number.isFinite(probability) ? probability.toFixed(3) : "–".padEnd(5);
        write(`  ${nameOf(each).padEnd(column)}  ${share}  ${where}\n`);
      }
    },
    skipped(left) {
      skipped += 1;
      writeError(`skipped: ${skippedText(left)}\n`);
    },
    end() {
      writeError(`\n${done} ${done === 1 ? "photo" : "photos"} done${skipped ? `, ${skipped} skipped` : ""}\n`);
    },
  };
}

/** For programs: one JSON document, written piece by piece; complete also when the work was interrupted. */
export function jsonReport(write: Write, shard?: TableShard): LookReport {
  const skipped: SkippedPicture[] = [];
  const document = lookDocument(write);
  return {
    start: (network, view) => document.start({ ...networkJson(network), view, ...(shard && { shard }) }),
    photo: (seen, maps) => document.photo(photoJson(seen, maps)),
    skipped: (left) => void skipped.push(left),
    end: () => document.end(skippedJson(skipped)),
  };
}

/** The document, whatever stands in it: `head`, then `images`, a line each, then `skipped`. */
export function lookDocument(write: Write) {
  let first = true;
  return {
    start: (head: object) => write(`${JSON.stringify(head).slice(0, -1)},"images":[`),
    photo: (image: unknown) => {
      write(`${first ? "" : ","}\n${JSON.stringify(image)}`);
      first = false;
    },
    end: (skipped: readonly unknown[]) => write(`\n],"skipped":${JSON.stringify(skipped)}}\n`),
  };
}

const VIEW_TEXTS = {
  card: "card, what the network was trained on",
  whole: "whole, all of each photo in its own proportions",
  both: "both, classes as the network was trained, maps of the whole photo (--view card: of what it was trained on)",
} as const;

function photoJson(seen: Seen, maps: readonly ClassMap[]) {
  const { file, width, height } = seen.photo;
  return {
    file,
    width,
    height,
    classes: maps.map(({ seenClass: { index, name, probability, score }, map, way, box }) => {
      const { min, max } = rangeOf(map.data);
      return {
        ...(way && { way: way.name }),
        index,
        name,
        probability,
        score,
        map: { width: map.width, height: map.height, min, max },
        box: box ?? null,
      };
    }),
  };
}

function rangeOf(values: Float32Array): { min: number; max: number } {
  let [min, max] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { min, max };
}
