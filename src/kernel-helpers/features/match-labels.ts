import { basename, resolve } from "node:path";
import { labelsOf, type PictureSet, type StoredPicture } from "../images/picture.js";
import { readableName } from "../images/files/readable-name.js";
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
 * file's bare name if it is the only one, in the list and among the features. Lines without a label are passed over.
 *
 * @throws CamlabError when not one row is matched, and when the list gives one image two labels or splits
 * @example
 * const { features, labels } = tables.matchLabels(await loadFeatures("features.arrow"), await readers.readCsvList("labels.csv"));
 */
export function matchLabels(
  table: FeatureTable,
  { pictures }: Pick<PictureSet<StoredPicture>, "pictures">,
): MatchedLabels {
  const find = finder(
    pictures.filter((image) => image.labels !== undefined || image.label !== undefined),
    table.files,
  );
  const used = new Set<string>();
  const unlisted: string[] = [];
  const kept: { row: number; entry: StoredPicture }[] = [];
  table.files.forEach((file, row) => {
    const entry = find(file);
    if (!entry) return void unlisted.push(file);
    used.add(resolve(entry.file));
    kept.push({ row, entry });
  });
  if (kept.length === 0) {
    throw new CamlabError(
      `the list names none of the ${table.rows} images that there are features of: it has ${pictures[0]?.id ?? "no image"}, ` +
        `the features are of ${table.files[0] ?? "no image"}`,
    );
  }
  const several = pictures.some(({ labels }) => labels !== undefined);
  return {
    features: table.select(kept.map(({ row }) => row)).with((_, i) => {
      const { label, labels, split } = kept[i].entry;
      return { label, labels, split };
    }),
    labels: several ? kept.map(({ entry }) => labelsOf(entry)) : kept.map(({ entry }) => labelsOf(entry)[0]),
    unlisted,
    missing: [...new Set(pictures.filter(({ file }) => !used.has(resolve(file))).map(({ id }) => id))],
  };
}

function finder(
  pictures: readonly StoredPicture[],
  files: readonly string[],
): (file: string) => StoredPicture | undefined {
  const byPath = new Map<string, StoredPicture>();
  for (const image of pictures) {
    const path = resolve(image.file);
    const before = byPath.get(path);
    if (before) checkSame(before, image);
    else byPath.set(path, image);
  }
  const byId = new Map(pictures.map((image) => [image.id, image]));
  const byName = new Map<string, StoredPicture | undefined>();
  for (const [path, image] of byPath) byName.set(basename(path), byName.has(basename(path)) ? undefined : image);
  const seen = new Set<string>();
  for (const path of new Set(files.map((file) => resolve(file)))) {
    if (seen.has(basename(path))) byName.delete(basename(path));
    seen.add(basename(path));
  }
  return (file) => byPath.get(resolve(file)) ?? byId.get(file) ?? byName.get(basename(file));
}

function checkSame(one: StoredPicture, other: StoredPicture): void {
  const [first, second] = [one, other].map((image) => JSON.stringify([labelsOf(image), image.split ?? "no split"]));
  if (first === second) return;
  throw new CamlabError(`the list says of ${readableName(one.id)} both ${first} and ${second}: one image, one line`);
}
