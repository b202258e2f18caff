import type { FeatureTable } from "../../features/feature-table.js";
import { isLocated } from "../../images/packed/packed-image.js";
import { nameOf, type Picture } from "../../images/picture.js";

/** Finds the row of a picture: the very picture, else, for features that come from a file, one of its name. */
export function rowFinder(features: FeatureTable): (picture: Picture) => number | undefined {
  const byPicture = new Map<Picture, number>(features.pictures.map((picture, row) => [picture, row]));
  const byName = new Map(features.files.map((file, row) => [file, row]));
  return (picture) => byPicture.get(picture) ?? (isLocated(picture.file) ? byName.get(nameOf(picture)) : undefined);
}
