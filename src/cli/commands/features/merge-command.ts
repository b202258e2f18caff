import { checkDestination, loadFeatures, saveFeatures } from "../../../kernel-helpers/features/feature-files.js";
import type { FeatureTable } from "../../../kernel-helpers/features/feature-table.js";
import { mergeFeatures } from "../../../kernel-helpers/features/shards/merge-features.js";
import { printable } from "../../../kernel-helpers/support/escape.js";
import { skippedJson, tellSkipped } from "../../skipped.js";
import { say } from "../../terminal.js";

/** Flags of `camlab features merge`, as parsed. */
export interface MergeFlags {
  readonly out: string;
  readonly json?: boolean;
}

/**
 * `camlab features merge`: the table that shards are parts of.
 *
 * @returns 0
 * @throws CamlabError naming the shards that are missing, there twice or not as they were saved
 */
export async function mergeCommand(files: readonly string[], { out, json }: MergeFlags): Promise<number> {
  await checkDestination(out);
  const shards: FeatureTable[] = [];
  for (const file of files) shards.push(await loadFeatures(file));
  const features = mergeFeatures(shards);
  await saveFeatures(features, out);
  const { rows, columns, skipped } = features;
  if (json) {
    say(`${JSON.stringify({ shards: files.length, rows, columns, out, skipped: skippedJson(skipped) })}\n`);
    return 0;
  }
  tellSkipped(skipped);
  const left = skipped.length > 0 ? `, ${skipped.length} skipped` : "";
  say(`${rows} images × ${columns} features of ${files.length} shards in ${printable(out)}${left}\n`);
  return 0;
}
