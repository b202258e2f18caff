import { seededRandom } from "../kernel-helpers/support/random.js";
import type { Panel, Placed } from "./description.js";
import { COAT_NAMES, COLOUR_NAMES, type ColourName, namedColour, shade } from "./pen/colour.js";
import { pick } from "./pen/chance.js";
import { Pen } from "./pen/pen.js";
import type { Kind } from "./things/kind.js";
import { kindOf } from "./things/kinds.js";

/** The side of every picture. */
export const SIDE = 224;

/** What is known of an object by its number, before pixels tell what is visible of it. */
export interface Entry {
  readonly id: number;
  readonly name: string;
  readonly key?: string;
  readonly colour?: ColourName;
  /** Wall, floor, sky: without a count and without an outline of its own. */
  readonly stuff: boolean;
}

/** Collects the drawing of a description and what each object's number means. */
export class Canvas {
  readonly pen = new Pen(SIDE, SIDE);
  readonly entries: Entry[] = [];

  /** Stuff behind the things: drawn with a number of its own and a name. */
  surface(name: string, body: () => void): void {
    this.pen.thing(this.enter(name, { stuff: true }), body);
  }

  place(placed: Placed): void {
    const kind: Kind = kindOf(placed.kind);
    const random = seededRandom(placed.seed);
    const names: readonly ColourName[] = kind.coat ? COAT_NAMES : COLOUR_NAMES;
    const colourName = placed.colour ?? pick(random, names);
    const look = {
      colour: namedColour(colourName, random),
      second: namedColour(pick(random, COLOUR_NAMES), random),
      third: namedColour(pick(random, COLOUR_NAMES), random),
      random,
      pose: placed.pose,
    };
    const { x, y, scale, flip, lean = 0 } = placed;
    if (placed.shadow) {
      this.pen.contactShadow(
        x + 2,
        y - kind.width * scale * 0.01,
        kind.width * scale * 0.56,
        kind.width * scale * 0.11,
      );
    }
    this.pen.thing(this.enter(placed.name, { key: placed.key, colour: colourName, stuff: false }), () => {
      const middle = (kind.height * scale) / 2;
      this.pen.group({ x, y: y - middle, turn: lean }, () => {
        this.pen.group({ y: middle, scaleX: flip ? -scale : scale, scaleY: scale }, () => kind.draw(this.pen, look));
      });
    });
  }

  panel(panel: Panel): void {
    this.pen.thing(this.enter(panel.name, { key: panel.key, stuff: false }), () => {
      this.pen.fill(panel.path, panel.colour, { to: shade(panel.colour, -0.12), material: "paper" });
      if (panel.rim) this.pen.scratch(panel.path, panel.rim, 2);
      for (const { path, colour } of panel.marks) this.pen.mark(path, colour);
      for (const word of panel.words) this.pen.mark(word.path, word.colour);
    });
  }

  private enter(name: string, entry: Omit<Entry, "id" | "name">): number {
    const id = this.entries.length + 1;
    this.entries.push({ id, name, ...entry });
    return id;
  }
}
