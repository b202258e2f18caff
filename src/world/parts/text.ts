import type { Backdrop, Description, Panel, Placed } from "../description.js";
import { between, happens, pick, whole } from "../pen/chance.js";
import { everydayFilm } from "../pen/finish.js";
import { type Faces, loadFaces } from "../pen/lettering.js";
import { anySeed, type Draft, thing } from "./draft.js";
import { drawPanel, type PanelPlan, planPanels } from "./panels.js";
import { Stage } from "./stage.js";

/** The labels of the text part. */
export const TEXT_LABELS = ["text", "no text"] as const;

/** Every second picture carries words; the others carry panels of the same shapes and colours without a letter. */
export async function text(draft: Draft): Promise<Description> {
  return street(draft, isPositive(draft), await loadFaces());
}

/**
 * Positives as in the text part; negatives are open country without any panel: they differ in everything but text, and
 * a perfect score on them teaches nothing about text.
 */
export async function textTrap(draft: Draft): Promise<Description> {
  if (isPositive(draft)) return { ...street(draft, true, await loadFaces()), group: "trap" };
  const { random } = draft;
  const backdrop: Backdrop = {
    kind: pick(random, ["land", "shore", "thicket"] as const),
    seed: anySeed(random),
    horizon: Math.round(between(random, 70, 120)),
    ground: "grass",
  };
  const stage = new Stage(random, backdrop);
  for (let i = whole(random, 1, 3); i > 0; i--)
    stage.stand(pick(random, ["tree", "bush", "flowers", "cow", "horse", "rock"] as const));
  return { ...stage.finish(["no text"], "Open country"), group: "trap" };
}

function isPositive({ index }: Draft): boolean {
  return index % 2 === 0;
}

function street({ random }: Draft, lettered: boolean, faces: Faces): Description {
  const kind = pick(random, ["facade", "facade", "street"] as const);
  const horizon = Math.round(kind === "facade" ? between(random, 160, 196) : between(random, 118, 146));
  const backdrop: Backdrop = { kind, seed: anySeed(random), horizon };
  const plans = planPanels(random, horizon);
  const passers: Placed[] = [];
  for (let i = whole(random, 0, 2); i > 0; i--) {
    const passer = pick(random, ["person", "bicycle", "car", "hydrant", "bin", "streetLamp", "plant"] as const);
    const size = { person: 0.9, bicycle: 0.8, car: 0.95, hydrant: 0.45, bin: 0.5, streetLamp: 1.2, plant: 0.45 }[
      passer
    ];
    passers.push(
      thing(random, passer, {
        x: between(random, 10, 214),
        y: between(random, horizon + 12, 220),
        scale: size * between(random, 0.8, 1.1),
        lean: 0,
        shadow: true,
      }),
    );
  }
  // In a picture with text at least one panel is lettered, the largest one among them; others may show what only looks alike.
  const panels = plans.map((plan, i) => drawPanel(random, plan, lettered && (i === 0 || happens(random, 0.6)), faces));
  const back = [...plans.keys()]
    .filter((i) => plans[i].z === 0)
    .flatMap((i) => [...post(random, plans[i], horizon), panels[i]]);
  const front = [...plans.keys()]
    .filter((i) => plans[i].z === 1)
    .flatMap((i) => [...post(random, plans[i], horizon), panels[i]]);
  const words = panels.flatMap((panel: Panel) => panel.words.map(({ text: word }) => word));
  return {
    backdrop,
    things: [...back, ...passers, ...front],
    film: everydayFilm(random),
    labels: [lettered ? "text" : "no text"],
    captions: [lettered ? `A street with the words ${words.join(", ")}.` : "A street without any words."],
    phrases: [],
    questions: [],
  };
}

/** What holds up a panel that hangs on no wall. */
function post(random: Draft["random"], { onPost, x, y, height }: PanelPlan, horizon: number): Placed[] {
  if (!onPost) return [];
  const foot = Math.min(222, Math.max(horizon + 10, y + height));
  return [
    thing(random, "pole", { x, y: foot, scale: (foot - y) / 100, lean: 0, flip: false, shadow: true, name: "pole" }),
  ];
}
