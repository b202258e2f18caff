import { basename, resolve } from "node:path";
import type { LabelledImage, LabelledImages } from "../datasets/labelled-image.js";
import { CamlabError } from "../support/errors.js";
import type { FeatureTable } from "./feature-table.js";

/** Features with the labels that a list gives their files. */
export interface MatchedLabels {
  /** The rows that the list knows, with label or labels, and split, as it says. */
  readonly features: FeatureTable;
  /** What the list says of each row: the class, or for a list of several labels all of them. */
  readonly labels: readonly string[] | readonly (readonly string[])[];
  /** Files of the features that the list does not name. */
  readonly unlisted: readonly string[];
  /** Images of the list that there are no features of. */
  readonly missing: readonly string[];
}

/**
 * Gives features the labels of a list, matched by path; where that fails, by the path as the list has it, then by the
 * file's bare name if it is the only one.
 *
 * @throws CamlabError when not one row is matched
 * @example
 * const { features, labels } = matchLabels(await loadFeatures("features.arrow"), await readCsvList("labels.csv"));
 */
export function matchLabels(table: FeatureTable, { images }: Pick<LabelledImages, "images">): MatchedLabels {
  const find = finder(images);
  const used = new Set<LabelledImage>();
  const unlisted: string[] = [];
  const kept: { row: number; entry: LabelledImage }[] = [];
  table.files.forEach((file, row) => {
    const entry = find(file);
    if (!entry) return void unlisted.push(file);
    used.add(entry);
    kept.push({ row, entry });
  });
  if (kept.length === 0) {
    throw new CamlabError(
      `the list names none of the ${table.rows} images that there are features of: it has ${images[0]?.id ?? "no image"}, ` +
        `the features are of ${table.files[0] ?? "no image"}`,
    );
  }
  const several = images.some(({ labels }) => labels !== undefined);
  return {
    features: table.select(kept.map(({ row }) => row)).with((_, i) => {
      const { label, labels, split } = kept[i].entry;
      return { label, labels, split };
    }),
    labels: several ? kept.map(({ entry }) => namesOf(entry)) : kept.map(({ entry }) => namesOf(entry)[0]),
    unlisted,
    missing: images.filter((image) => !used.has(image)).map(({ id }) => id),
  };
}

function namesOf({ label, labels }: LabelledImage): readonly string[] {
  return labels ?? (label === undefined ? [] : [label]);
}

function finder(images: readonly LabelledImage[]): (file: string) => LabelledImage | undefined {
  const byPath = new Map(images.map((image) => [resolve(image.file), image]));
  const byId = new Map(images.map((image) => [image.id, image]));
  const byName = new Map<string, LabelledImage | undefined>();
  for (const image of images) {
    const name = basename(image.file);
    byName.set(name, byName.has(name) ? undefined : image);
  }
  return (file) => byPath.get(resolve(file)) ?? byId.get(file) ?? byName.get(basename(file));
}
