import { SPECIES_NAMES } from "./things/species.js";
import { ACTIVITIES } from "./parts/activities.js";
import { displayName } from "./parts/draft.js";
import { OBJECT_CLASSES } from "./parts/objects.js";
import { CONCEPT_NAMES } from "./parts/phrases.js";
import { SCENES } from "./parts/scenes.js";
import { TEXT_LABELS } from "./parts/text.js";
import type { WorldPart } from "./drawing.js";

/**
 * The image-level labels of a part, in their order.
 *
 * @example
 * labelClasses("scenes"); // ["bathroom", "beach", …]
 */
export function labelClasses(part: WorldPart): readonly string[] {
  switch (part) {
    case "objects":
      return OBJECT_CLASSES.map(displayName).sort();
    case "scenes":
      return SCENES;
    case "activities":
      return ACTIVITIES;
    case "birds":
      return SPECIES_NAMES;
    case "text":
    case "text-trap":
      return TEXT_LABELS;
    case "phrases":
      return CONCEPT_NAMES;
    case "questions":
      return [];
  }
}
