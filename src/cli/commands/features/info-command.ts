import { loadFeatures } from "../../../kernel-helpers/features/feature-files.js";
import { nearDuplicates } from "../../../kernel-helpers/features/look/near-duplicates.js";
import { outliers } from "../../../kernel-helpers/features/look/outliers.js";
import { type Picture, nameOf } from "../../../kernel-helpers/images/picture.js";
import { thumbnail } from "../../../kernel-helpers/images/files/thumbnail.js";
import { escapeHtml, printable } from "../../../kernel-helpers/support/escape.js";
import { grouped } from "../../../kernel-helpers/support/grouped.js";
import { writeWhole } from "../../../kernel-helpers/support/write-file.js";
import { htmlPage } from "../../../widgets/kit/html-page.js";
import { skippedJson } from "../../skipped.js";
import { say } from "../../terminal.js";

/** Flags of what looks at features, as parsed. */
export interface InfoFlags {
  readonly json?: boolean;
  readonly similarity?: number;
  readonly count?: number;
  readonly sheet?: string;
}

/**
 * `camlab features info`: what a file of features holds.
 *
 * @returns 0
 */
export async function infoCommand(file: string, { json }: InfoFlags): Promise<number> {
  const { rows, columns, pictures, skipped, origin, shard, notes } = await loadFeatures(file);
  const counted = (of: (picture: Picture) => string | undefined) =>
    Object.fromEntries(
      [...grouped(pictures, (picture) => of(picture) ?? "none")].map(([name, own]) => [name, own.length]),
    );
  const [labels, splits] = [counted(({ label }) => label), counted(({ split }) => split)];
  const about = { rows, columns, skipped: skippedJson(skipped), labels, splits, origin, shard, notes };
  if (json) say(`${JSON.stringify(about)}\n`);
  else {
    const counts = (some: Readonly<Record<string, number>>) =>
      Object.entries(some)
        .slice(0, 20)
        .map(([name, count]) => `${count} ${printable(name)}`)
        .join(", ");
    say(
      `${rows} rows × ${columns} features, ${skipped.length} skipped${shard ? `, shard ${shard.index}/${shard.of}` : ""}\n`,
    );
    if (origin) say(`of ${printable(origin.network)}, ${origin.layer}, ${origin.pooling}, by ${origin.software}\n`);
    say(`labels: ${counts(labels)}\nsplits: ${counts(splits)}\n`);
  }
  return 0;
}

/**
 * `camlab features duplicates`: pictures whose features are almost the same.
 *
 * @returns 0
 */
export async function duplicatesCommand(file: string, { similarity, sheet, json }: InfoFlags): Promise<number> {
  const { files, pictures, ...table } = await loaded(file);
  const { groups, pairs, isExact } = await nearDuplicates(table, { similarity });
  if (sheet !== undefined) {
    const shown = groups
      .slice(0, 100)
      .map((group, i) => ({ title: `group ${i + 1}`, pictures: group.slice(0, 12).map((row) => pictures[row]) }));
    await writeSheet(sheet, "Near duplicates", shown);
  }
  const named = groups.map((group) => group.map((row) => files[row]));
  if (json) say(`${JSON.stringify({ pairs, isExact, groups: named })}\n`);
  else {
    for (const group of named) say(`${group.map(printable).join("\n  ")}\n`);
    say(`${groups.length} groups, ${pairs} pairs; ${isExact ? "all pairs compared" : APPROXIMATE}\n`);
  }
  return 0;
}

/**
 * `camlab features outliers`: pictures whose nearest neighbours are far.
 *
 * @returns 0
 */
export async function outliersCommand(file: string, { count, sheet, json }: InfoFlags): Promise<number> {
  const { files, pictures, ...table } = await loaded(file);
  const { rows, isExact } = await outliers(table, { count });
  if (sheet !== undefined) {
    await writeSheet(sheet, "Outliers", [
      { title: "the farthest first", pictures: rows.map(({ row }) => pictures[row]) },
    ]);
  }
  if (json)
    say(
      `${JSON.stringify({ isExact, outliers: rows.map(({ row, similarity }) => ({ file: files[row], similarity })) })}\n`,
    );
  else {
    for (const { row, similarity } of rows) say(`${similarity.toFixed(4)}  ${printable(files[row])}\n`);
    say(`${isExact ? "all pairs compared" : APPROXIMATE}\n`);
  }
  return 0;
}

const APPROXIMATE = "compared within cells: some pairs are missed";

async function loaded(file: string) {
  const { rows, columns, data, files, pictures } = await loadFeatures(file);
  return { rows, columns, data, files, pictures };
}

interface SheetPart {
  readonly title: string;
  readonly pictures: readonly Picture[];
}

/** One page with a thumbnail a picture; one that cannot be read is its name. */
async function writeSheet(path: string, title: string, parts: readonly SheetPart[]): Promise<void> {
  const sections: { html: string }[] = [];
  for (const part of parts) {
    const cells: string[] = [];
    for (const picture of part.pictures) {
      const name = escapeHtml(printable(nameOf(picture)));
      const shown = await thumbnail(picture.file, { maxSide: 160 }).catch(() => undefined);
      const image = shown ? `<img src="${shown.dataUri}" alt="${name}">` : "<p>cannot be read</p>";
      cells.push(
        `<figure style="margin:0;width:160px">${image}<figcaption style="font-size:11px;overflow-wrap:anywhere">${name}</figcaption></figure>`,
      );
    }
    sections.push({
      html: `<h2>${escapeHtml(part.title)}</h2><div style="display:flex;flex-wrap:wrap;gap:8px">${cells.join("")}</div>`,
    });
  }
  await writeWhole(path, await htmlPage({ title, sections }));
}
