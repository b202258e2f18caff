import type { Description } from "../description.js";
import type { WorldPart } from "../drawing.js";
import { activities } from "./activities.js";
import { birds } from "./birds.js";
import type { Draft } from "./draft.js";
import { objects } from "./objects.js";
import { phrases } from "./phrases.js";
import { questions } from "./questions.js";
import { scenes } from "./scenes.js";
import { text, textTrap } from "./text.js";

const COMPOSERS: Readonly<Record<WorldPart, (draft: Draft) => Description | Promise<Description>>> = {
  objects,
  scenes,
  activities,
  birds,
  text,
  "text-trap": textTrap,
  questions,
  phrases,
};

/** Composes one picture of a part. */
export async function describe(part: WorldPart, draft: Draft): Promise<Description> {
  return COMPOSERS[part](draft);
}
