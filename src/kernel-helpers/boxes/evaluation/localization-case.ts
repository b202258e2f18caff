import { classIndexOf } from "../../cam/class-index.js";
import type { Box } from "../../images/box.js";
import type { RunLengthMask } from "../../images/masks/masks.js";
import type { Picture } from "../../images/picture.js";
import { CamlabError, messageOf } from "../../support/errors.js";

/** A picture and one of its classes: what is judged. A picture of several labels is judged once for each. */
export interface LocalizationCase<P extends Picture = Picture> {
  readonly picture: P;
  readonly label: string;
  /** The class, by index among the network's. */
  readonly index: number;
  /** All true boxes of the class, in pixels of the original photo; none where the class alone is judged. */
  readonly boxes: readonly Box[];
  /** Masks of the class, where there are any. */
  readonly masks: readonly RunLengthMask[];
  /** Masks of what does not count: things that are hard to tell, and crowds. */
  readonly ignored: readonly RunLengthMask[];
}

/** Finds a label's class among the network's. */
export type ClassOf = (label: string) => number;

/**
 * How labels become classes of the network: as a list says; else by name; else, where not one label is a name but there
 * are as many labels in the set as classes, by their place.
 *
 * @param labels of the set, in its order
 * @param list what labels the network's outputs have, in their order
 * @throws CamlabError for a list that is not as long as the network has classes
 */
export function classFinder(
  network: readonly string[],
  labels: readonly string[],
  list?: readonly string[],
): { readonly classOf: ClassOf; readonly note?: string } {
  if (list && list.length !== network.length) {
    throw new CamlabError(`classes lists ${list.length} labels, and the network has ${network.length} classes`);
  }
  if (list) {
    const places = new Map(list.map((label, index) => [label, index]));
    return {
      classOf: (label) => {
        const index = places.get(label);
        if (index === undefined) throw new CamlabError(`its label ${JSON.stringify(label)} is not among classes`);
        return index;
      },
    };
  }
  const known = new Map<string, number | string>();
  for (const label of labels) known.set(label, indexOrError(network, label));
  const isNamed = labels.some((label) => typeof known.get(label) === "number");
  if (!isNamed && labels.length === network.length && labels.length > 0) {
    const places = new Map(labels.map((label, index) => [label, index]));
    return {
      classOf: (label) => places.get(label) ?? classIndexOf(network, label),
      note: "no label is called like a class of the network: they were matched by their place in the lists of both",
    };
  }
  return {
    classOf: (label) => {
      const found = known.get(label) ?? indexOrError(network, label);
      known.set(label, found);
      if (typeof found === "number") return found;
      throw new CamlabError(
        `${found}; say with { classes } (--labels FILE) which label each output of the network has`,
      );
    },
  };
}

function indexOrError(network: readonly string[], label: string): number | string {
  try {
    return classIndexOf(network, label);
  } catch (error) {
    return messageOf(error);
  }
}

/**
 * What is to be judged of a picture. Boxes are those of the objects that are called like the label, or the picture's own
 * where it has one label; things that are hard to tell and crowds are passed over.
 *
 * @throws CamlabError for a picture without a label, or with one that the network has no class for
 */
export function casesOf<P extends Picture>(picture: P, classOf: ClassOf): LocalizationCase<P>[] {
  const { label, labels, box, objects = [] } = picture;
  const wanted = label !== undefined ? [label] : [...new Set(labels)];
  if (wanted.length === 0) throw new CamlabError("it has no label: whether its class was found cannot be told");
  return wanted.map((one) => {
    const named = objects.filter(({ name }) => name === one);
    const things = named.filter(({ crowd, difficult }) => !crowd && !difficult);
    const passed = named.filter(({ crowd, difficult }) => crowd ?? difficult);
    const boxes = things.length === 0 && label !== undefined && box ? [box] : things.map((thing) => thing.box);
    const masks = (of: typeof named) => of.flatMap(({ mask }) => (mask ? [mask] : []));
    return { picture, label: one, index: classOf(one), boxes, masks: masks(things), ignored: masks(passed) };
  });
}
