// Pictures for the teaching network: a beach drawn from a seed, with things whose place is known.
import type { Box } from "../images/box.js";
import type { Image } from "../images/image.js";
import { invalid } from "../support/errors.js";
import { seededRandom, shuffled, type Random } from "../support/random.js";
import { TEACHING_CLASS_WEIGHTS } from "./teaching-network.js";

/** A class of the teaching network. */
export type TeachingClass = keyof typeof TEACHING_CLASS_WEIGHTS;

/** A drawn beach and what lies where. */
export interface TeachingScene {
  readonly width: number;
  readonly height: number;
  /** The picture as SVG: shapes only, no text. */
  readonly svg: string;
  /** What was drawn, from back to front, with the box around it in pixels of the picture. */
  readonly objects: readonly { readonly name: TeachingClass; readonly box: Box }[];
}

/**
 * Draws a beach, 480×360, with some or all of the six things that the teaching network knows. They lie within the
 * middle 360×360, which is what the network sees of it. Pure: the same seed gives the same picture.
 *
 * @param seed any number or text
 * @param objects which things to draw; all six unless given
 * @example
 * const { svg, objects } = networks.teachingScene(1, ["sun", "red ball"]);
 */
export function teachingScene(seed: number | string, objects: readonly TeachingClass[] = ALL): TeachingScene {
  const unknown = objects.find((name) => !ALL.includes(name));
  if (unknown !== undefined) throw invalid("objects", unknown, ALL.join(", "));
  const random = seededRandom(seed);
  // Every thing takes its random numbers whether it is drawn or not, so that leaving one out moves no other.
  const things = arrange(random).filter(({ name }) => objects.includes(name));
  return {
    width: WIDTH,
    height: HEIGHT,
    svg: [
      `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}">`,
      ...backdrop(random),
      ...things.map(({ svg }) => svg),
      "</svg>",
    ].join("\n"),
    objects: things.map(({ name, box }) => ({ name, box })),
  };
}

/**
 * The pixels of a scene, ready to look at.
 *
 * @example
 * const seen = await look(network, await networks.drawTeachingScene(networks.teachingScene(1)));
 */
export async function drawTeachingScene({ svg }: TeachingScene): Promise<Image> {
  const { default: sharp } = await import("sharp");
  const { data, info } = await sharp(Buffer.from(svg)).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

const WIDTH = 480;
const HEIGHT = 360;
const HORIZON = 225;
const ALL = Object.keys(TEACHING_CLASS_WEIGHTS) as TeachingClass[];

interface Thing {
  readonly name: TeachingClass;
  readonly box: Box;
  readonly svg: string;
}

/** Sun above, tree, house and awning in the middle in any order, ball and towel in front. */
function arrange(random: Random): Thing[] {
  const columns = [122, 240, 358];
  const jitter = (amount: number) => Math.round((random() * 2 - 1) * amount);
  const middle = shuffled([tree, house, awning], random);
  const [ballColumn, towelColumn] = shuffled(columns, random);
  const sunColumn = columns[Math.floor(random() * 3)];
  return [
    sun(sunColumn + jitter(8), 55 + jitter(4), 42 + jitter(3)),
    ...middle.map((draw, i) => draw(columns[i] + jitter(4), HORIZON + 15 + jitter(6))),
    towel(towelColumn + jitter(4), 305 + jitter(5)),
    ball(ballColumn + jitter(8), 302 + jitter(4), 43 + jitter(3)),
  ];
}

function backdrop(random: Random): string[] {
  const clouds = [0, 1, 2].map(() => {
    const x = Math.round(random() * WIDTH);
    const y = Math.round(20 + random() * 70);
    return `<ellipse cx="${x}" cy="${y}" rx="46" ry="11" fill="#eef6fb"/>`;
  });
  return [
    `<rect width="${WIDTH}" height="${HORIZON}" fill="#cfe6f7"/>`,
    ...clouds,
    `<rect y="${HORIZON}" width="${WIDTH}" height="${HEIGHT - HORIZON}" fill="#ecdcb6"/>`,
  ];
}

function sun(x: number, y: number, radius: number): Thing {
  return { name: "sun", box: around(x, y, radius), svg: circle(x, y, radius, "#f9cf24") };
}

function ball(x: number, y: number, radius: number): Thing {
  const shine = `<circle cx="${x - radius * 0.35}" cy="${y - radius * 0.35}" r="${radius * 0.14}" fill="#f4b6ae"/>`;
  return { name: "red ball", box: around(x, y, radius), svg: circle(x, y, radius, "#d8261c") + shine };
}

function tree(x: number, ground: number): Thing {
  const trunk = `<rect x="${x - 7}" y="${ground - 55}" width="14" height="55" fill="#7a5a3c"/>`;
  const crown = `<ellipse cx="${x}" cy="${ground - 80}" rx="48" ry="42" fill="#1f8a35"/>`;
  return { name: "tree", box: { x: x - 48, y: ground - 122, width: 96, height: 122 }, svg: trunk + crown };
}

function house(x: number, ground: number): Thing {
  const walls = `<rect x="${x - 48}" y="${ground - 78}" width="96" height="78" fill="#2f5fc8"/>`;
  const roof = `<path d="M${x - 54} ${ground - 78}h108l-26 -30h-56z" fill="#7b6a60"/>`;
  const door = `<rect x="${x - 10}" y="${ground - 38}" width="20" height="38" fill="#7b6a60"/>`;
  return { name: "blue house", box: { x: x - 54, y: ground - 108, width: 108, height: 108 }, svg: walls + roof + door };
}

function awning(x: number, ground: number): Thing {
  const top = ground - 108;
  const stripes = range(8).map((i) => `<rect x="${x - 54 + i * 14}" y="${top}" width="7" height="62" fill="#d8261c"/>`);
  const cloth = `<rect x="${x - 54}" y="${top}" width="105" height="62" fill="#ffffff"/>`;
  const pole = (at: number) => `<rect x="${at}" y="${top + 62}" width="5" height="46" fill="#7a5a3c"/>`;
  const svg = pole(x - 54) + pole(x + 46) + cloth + stripes.join("");
  return { name: "awning", box: { x: x - 54, y: top, width: 105, height: 62 }, svg };
}

function towel(x: number, y: number): Thing {
  const stripes = range(5).map(
    (i) => `<rect x="${x - 52}" y="${y - 32 + i * 14}" width="104" height="7" fill="#2f5fc8"/>`,
  );
  const cloth = `<rect x="${x - 52}" y="${y - 32}" width="104" height="63" fill="#ffffff"/>`;
  return { name: "towel", box: { x: x - 52, y: y - 32, width: 104, height: 63 }, svg: cloth + stripes.join("") };
}

function circle(x: number, y: number, radius: number, fill: string): string {
  return `<circle cx="${x}" cy="${y}" r="${radius}" fill="${fill}"/>`;
}

function around(x: number, y: number, radius: number): Box {
  return { x: x - radius, y: y - radius, width: 2 * radius, height: 2 * radius };
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
