import type { Description } from "../description.js";
import type { WorldPart } from "../picture.js";
import type { Draft } from "./draft.js";
import { objects } from "./objects.js";
import { scenes } from "./scenes.js";

const COMPOSERS: Record<WorldPart, (draft: Draft) => Description | Promise<Description>> = {
  objects,
  scenes,
} as never;

/** Composes one picture of a part. */
export async function describe(part: WorldPart, draft: Draft): Promise<Description> {
  return COMPOSERS[part](draft);
}
