import type { Random } from "../../kernel-helpers/support/random.js";
import { shoreLine } from "../backdrops/land.js";
import type { Backdrop, Description, Phrase, Placed, Question } from "../description.js";
import { between, happens, pick } from "../pen/chance.js";
import { everydayFilm } from "../pen/finish.js";
import type { Kind } from "../things/kind.js";
import { type KindName, kindOf } from "../things/kinds.js";
import { displayName, extent, overlap, thing } from "./draft.js";

const SIDE = 224;

/** Where on the stage a thing may go; what is not given is left to chance. */
export interface Spot extends Partial<Omit<Placed, "kind" | "x" | "y" | "scale">> {
  /** Range of x, as parts of the width. */
  readonly across?: readonly [number, number];
  /** Range of depth: 0 at the wall or far away, 1 at the viewer's feet. */
  readonly depth?: readonly [number, number];
  /** Range of height on the wall, as parts of it: 0 at the top. */
  readonly height?: readonly [number, number];
  /** Multiplies the natural size. */
  readonly size?: number;
}

/**
 * A backdrop on which things are set at their natural sizes, in perspective, where they can stand. It keeps what is
 * said of them: relations become phrases and captions.
 */
export class Stage {
  readonly things: Placed[] = [];
  readonly phrases: Phrase[] = [];
  readonly questions: Question[] = [];
  private readonly attached = new Map<Placed, Placed>();
  private keys = 0;

  constructor(
    readonly random: Random,
    readonly backdrop: Backdrop,
    /** Pixels a metre at the wall; grows towards the viewer. Outside it follows from the horizon. */
    private readonly metre = between(random, 46, 60),
  ) {}

  /** Whether it is a room. */
  get inside(): boolean {
    return this.backdrop.kind === "room";
  }

  /** The row where the ground begins. */
  get groundRow(): number {
    return this.backdrop.kind === "shore" ? shoreLine(this.backdrop.horizon) : this.backdrop.horizon;
  }

  /** Sets a thing on the ground where it hides little; undefined when there is no room for it. */
  stand(kind: KindName, spot: Spot = {}): Placed | undefined {
    const { across = [0.04, 0.96], depth = [0.05, 0.8], size = 1 } = spot;
    let best: Placed | undefined;
    let least = 0.5;
    for (let attempt = 0; attempt < 18; attempt++) {
      const y = this.groundRow + 3 + between(this.random, ...depth) * (SIDE - 4 - this.groundRow);
      const scale = this.scaleAt(kind, y) * size;
      const x = between(this.random, ...across) * SIDE;
      const candidate = this.make(kind, x, y, scale, { shadow: true, lean: 0, ...manner(spot) });
      const covered = this.covered(candidate);
      if (covered < least) [best, least] = [candidate, covered];
      if (covered < 0.12) break;
    }
    if (best) this.things.push(best);
    return best;
  }

  /** Hangs a thing on the wall or in the air. */
  hang(kind: KindName, spot: Spot = {}): Placed | undefined {
    const { across = [0.08, 0.92], height = [0.15, 0.6], size = 1 } = spot;
    const { height: units, metres } = kindOf(kind);
    const scale = ((metres * this.metre) / units) * size;
    for (let attempt = 0; attempt < 12; attempt++) {
      const middle = between(this.random, ...height) * this.backdrop.horizon;
      const candidate = this.make(
        kind,
        between(this.random, ...across) * SIDE,
        middle + (units * scale) / 2,
        scale,
        manner(spot),
      );
      if (this.covered(candidate) > 0.1) continue;
      this.things.push(candidate);
      return candidate;
    }
    return undefined;
  }

  /** Puts a thing on top of another; `at` −1 is the left end of the top, 1 the right. */
  putOn(
    support: Placed,
    kind: KindName,
    { at = between(this.random, -0.8, 0.8), size = 1, say = true, ...rest }: Spot & { at?: number; say?: boolean } = {},
  ): Placed {
    const under: Kind = kindOf(support.kind);
    const top = under.top ?? { height: under.height, width: under.width * 0.7 };
    const upper = kindOf(kind);
    const metre = (support.scale * under.height) / under.metres;
    // Small things are drawn somewhat too large: at their natural size nobody could see what they are.
    const scale = ((upper.metres * metre) / upper.height) * size * (upper.metres < 0.4 ? 1.7 : 1.1);
    const placed = this.make(
      kind,
      support.x + (at * top.width * support.scale) / 2,
      support.y - top.height * support.scale,
      scale,
      { lean: 0, shadow: true, ...rest },
    );
    this.things.push(placed);
    this.attached.set(placed, support);
    if (say) this.say(`${placed.name} on the ${support.name}`, placed, support);
    return placed;
  }

  /** Sets a thing on the ground right beside another. */
  standBeside(
    other: Placed,
    kind: KindName,
    {
      side = happens(this.random, 0.5) ? 1 : -1,
      size = 1,
      say = true,
      ...rest
    }: Spot & { side?: 1 | -1; say?: boolean } = {},
  ): Placed {
    const neighbour = kindOf(other.kind);
    const y = Math.min(SIDE - 2, other.y + between(this.random, -2, 4));
    const scale = this.scaleAt(kind, y) * size;
    const reach = (neighbour.width * other.scale + kindOf(kind).width * scale) / 2 + 1;
    const wanted = other.x + side * reach;
    const x = wanted < 12 || wanted > SIDE - 12 ? other.x - side * reach : wanted;
    const placed = this.make(kind, x, y, scale, { shadow: true, lean: 0, ...rest });
    this.things.push(placed);
    if (say) this.say(`${placed.name} beside the ${other.name}`, placed, other);
    return placed;
  }

  /** Adds a thing at an exact place. */
  add(placed: Omit<Placed, "key">): Placed {
    const made = { ...placed, key: this.nextKey() };
    this.things.push(made);
    return made;
  }

  /** Draws `upper` right after `support`, whatever its row. */
  attach(upper: Placed, support: Placed): void {
    this.attached.set(upper, support);
  }

  say(text: string, ...things: Placed[]): void {
    this.phrases.push({ text, keys: things.map(({ key }) => key!) });
  }

  /** Pixels a local unit of a thing of natural size whose foot is on row `y`. */
  scaleAt(kind: KindName, y: number): number {
    const { height, metres } = kindOf(kind);
    const { horizon } = this.backdrop;
    const part = (y - horizon) / (SIDE - horizon);
    const metre = this.inside ? this.metre * (0.92 + 0.75 * part) : (y - horizon + 14) / 2.1;
    // Houses, trees and boats are drawn smaller than life, hand-held things larger: a picture is 224 pixels wide.
    const human = metres > 3 ? Math.pow(3 / metres, 0.45) : metres < 0.5 ? Math.pow(0.5 / metres, 0.6) : 1;
    return (metres * metre * human) / height;
  }

  /** The finished description; the texts of the caption are the scene's name and what was said. */
  finish(labels: readonly string[], title: string): Description {
    const names = [...new Set(this.things.map(({ name }) => name))];
    const { random } = this;
    const said = this.phrases.map(({ text }) => `a ${text}`);
    const seen = names.slice(0, 3).map((name) => `a ${name}`);
    return {
      backdrop: this.backdrop,
      things: this.inOrder(),
      film: everydayFilm(random),
      labels,
      captions: [
        said.length ? `${title} with ${list(said.slice(0, 3))}.` : `${title} with ${list(seen)}.`,
        `${title} where one sees ${list(seen)}.`,
        said.length ? `There is ${pick(random, said)}.` : `${title}.`,
      ],
      phrases: this.phrases,
      questions: this.questions,
    };
  }

  private make(kind: KindName, x: number, y: number, scale: number, rest: Partial<Placed>): Placed {
    return thing(this.random, kind, { x, y, scale, key: this.nextKey(), name: displayName(kind), ...rest });
  }

  private nextKey(): string {
    return `t${this.keys++}`;
  }

  private covered(candidate: Placed): number {
    const { x, width, y } = extent(candidate);
    const outside = Math.max(0, -x, x + width - SIDE) / width + Math.max(0, -y - 6) / 60;
    return Math.max(outside, ...this.things.map((other) => (other.kind === "rug" ? 0 : overlap(candidate, other))));
  }

  /** From far to near; what lies on something right after it. */
  private inOrder(): Placed[] {
    const roots = this.things.filter((item) => !this.attached.has(item));
    const rank = (item: Placed) => (item.kind === "rug" ? -500 : item.shadow ? item.y : item.y - 400);
    roots.sort((a, b) => rank(a) - rank(b));
    const follow = (item: Placed): Placed[] => [
      item,
      ...this.things.filter((other) => this.attached.get(other) === item).flatMap(follow),
    ];
    return roots.flatMap(follow);
  }
}

/** What a spot says of the thing itself, and not of where it goes. */
function manner({ name, colour, flip, lean, pose, shadow, seed }: Spot): Partial<Placed> {
  const given = Object.entries({ name, colour, flip, lean, pose, shadow, seed }).filter(
    ([, value]) => value !== undefined,
  );
  return Object.fromEntries(given);
}

/** "a, b and c". */
export function list(items: readonly string[]): string {
  if (items.length < 2) return items.join("");
  return `${items.slice(0, -1).join(", ")} and ${items[items.length - 1]}`;
}
