import { extname } from "node:path";
import { contactSheet } from "../../../world/contact-sheet.js";
import { makeDataset } from "../../../world/make-dataset.js";
import type { WorldPart } from "../../../world/drawing.js";
import { type DatasetInfo, datasetInfo } from "../../../world/read-world.js";
import { printable } from "../../../kernel-helpers/support/escape.js";
import { writeWhole } from "../../../kernel-helpers/support/write-file.js";
import { ProgressBar } from "../../progress-bar.js";
import { say } from "../../terminal.js";

/** Flags of `camlab dataset make`, as parsed. */
export interface DatasetMakeFlags {
  readonly out: string;
  readonly seed: number;
  readonly train?: number;
  readonly val?: number;
  readonly test?: number;
  readonly format?: "jpeg" | "png";
  readonly json?: boolean;
}

/** Flags of `camlab dataset show`, as parsed. */
export interface DatasetShowFlags {
  readonly out: string;
  readonly seed: number;
  readonly count: number;
  readonly boxes?: boolean;
}

/**
 * `camlab dataset make`: draws a part of the world into a folder. Stopped at any moment, it goes on the next time.
 *
 * @returns 0, or 130 when interrupted
 */
export async function datasetMakeCommand(
  part: WorldPart,
  flags: DatasetMakeFlags,
  signal: AbortSignal,
): Promise<number> {
  const { out, seed, train, val, test, format, json } = flags;
  const bar = new ProgressBar(process.stderr);
  try {
    await makeDataset(part, out, { seed, train, val, test, format, signal, onProgress: bar.update });
  } finally {
    bar.clear();
  }
  return datasetInfoCommand(out, { json });
}

/**
 * `camlab dataset info`: what a drawn data set holds, counted.
 *
 * @returns 0
 */
export async function datasetInfoCommand(folder: string, { json }: { readonly json?: boolean }): Promise<number> {
  const info = await datasetInfo(folder);
  say(json ? `${JSON.stringify(info, null, 2)}\n` : textOf(info));
  return 0;
}

/**
 * `camlab dataset show`: a contact sheet of a part, as PNG or JPEG by the file's ending.
 *
 * @returns 0
 */
export async function datasetShowCommand(
  part: WorldPart,
  flags: DatasetShowFlags,
  signal: AbortSignal,
): Promise<number> {
  const { out, seed, count, boxes } = flags;
  const format = [".jpg", ".jpeg"].includes(extname(out).toLowerCase()) ? "jpeg" : "png";
  await writeWhole(out, await contactSheet(part, { seed, count, boxes, format, signal }));
  say(`${printable(out)}\n`);
  return 0;
}

function textOf({ folder, part, seed, counts, images, bytes, labels, objects, questions, words }: DatasetInfo): string {
  const { train, val, test } = counts;
  const width = Math.max(...labels.map(({ label }) => label.length), 0);
  const lines = [
    `${printable(folder)}: ${part}, seed ${seed}, ${images} pictures, ${(bytes / 2 ** 20).toFixed(1)} MiB`,
    `train ${train}, val ${val}, test ${test}; ${questions} questions, ${words} words`,
    ...labels.map((each) => `  ${each.label.padEnd(width)}  ${each.train} / ${each.val} / ${each.test}`),
    `seen most: ${objects
      .slice(0, 12)
      .map(({ name, count }) => `${name} ${count}`)
      .join(", ")}`,
  ];
  return `${lines.join("\n")}\n`;
}
