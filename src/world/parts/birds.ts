import type { Backdrop, Description, Placed } from "../description.js";
import { between, happens, pick, pickSome, whole } from "../pen/chance.js";
import { everydayFilm } from "../pen/finish.js";
import { SPECIES_NAMES } from "../things/species.js";
import { anySeed, dealt, type Draft, overlap, thing } from "./draft.js";

/** One small bird of one of twenty species, among leaves, flowers, stones: looking closer pays. */
export function birds(draft: Draft): Description {
  const { random } = draft;
  const species = dealt(SPECIES_NAMES, draft);
  const backdrop: Backdrop = {
    kind: pick(random, ["thicket", "thicket", "thicket", "land", "shore"] as const),
    seed: anySeed(random),
    horizon: Math.round(between(random, 70, 130)),
    busy: 1,
  };
  const wide = between(random, 52, 84);
  const ground = backdrop.kind === "thicket" ? 60 : backdrop.horizon + 34;
  const scale = wide / 104;
  const at = { x: between(random, 34, 190), y: between(random, Math.min(ground, 200), 210), scale };
  const bird = thing(random, "bird", {
    ...at,
    key: "bird",
    name: "bird",
    pose: species,
    shadow: backdrop.kind !== "thicket",
  });
  const clutter: Placed[] = [];
  const inThicket = backdrop.kind === "thicket";
  for (let i = whole(random, 4, 9); i > 0; i--) {
    const grounded = !inThicket && happens(random, 0.7);
    const kind = grounded
      ? pick(random, ["flowers", "bush", "rock", "flowers"] as const)
      : pick(random, ["blossom", "blossom", "butterfly"] as const);
    // Blossoms need a branch; only butterflies fly over open ground.
    const airy = inThicket ? kind : "butterfly";
    const y = grounded ? between(random, backdrop.horizon + 40, 222) : between(random, 30, 222);
    const scale = between(random, 20, 50) / 92;
    const candidate = thing(random, grounded ? kind : airy, { x: between(random, 5, 219), y, scale, shadow: grounded });
    if (overlap(candidate, bird) < 0.1) clutter.push(candidate);
  }
  const twig = thing(random, "twig", {
    x: bird.x + between(random, -10, 10),
    y: bird.y + 5,
    scale: between(random, 0.9, 1.5),
    lean: between(random, -10, 10),
  });
  // A few leaves hang over the bird.
  const leaves = happens(random, 0.5)
    ? [
        thing(random, "bush", {
          x: bird.x + between(random, -30, 30),
          y: bird.y + between(random, 8, 20),
          scale: between(random, 0.16, 0.3),
        }),
      ]
    : [];
  const order = pickSome(random, clutter, clutter.length);
  return {
    backdrop,
    things: [...order, twig, bird, ...leaves],
    film: everydayFilm(random),
    labels: [species],
    captions: [`A ${species} on a twig.`],
    phrases: [{ text: species, keys: ["bird"] }],
    questions: [],
  };
}
