import { squaredDistances } from "../../boxes/distance-transform.js";
import { decodeMask, type RunLengthMask } from "../../images/masks/masks.js";
import { CamlabError } from "../../support/errors.js";

/** Where a point falls, against what an activity is done with and who does it. */
export interface ToolPointing {
  /** How near counts as at a tool, in pixels of the picture. */
  readonly radius: number;
  /** Whether the point is on a tool, or not farther from one than the radius. */
  readonly onTool: boolean;
  /** Whether it is on the person, and not at a tool. */
  readonly onPerson: boolean;
  /** How often a random pixel of the person is at a tool. */
  readonly personShare: number;
  /** How often a random pixel of the picture is. */
  readonly pictureShare: number;
}

/**
 * Whether a point is at one of the tools, and how often a random pixel of the person, or of the picture, would be: all
 * are judged by the same rule.
 *
 * @param point in pixels of the picture
 * @param radius how near is "at", in pixels
 * @throws CamlabError for masks of different sizes
 * @returns undefined where no pixel of the tools or of the person can be seen
 * @example
 * const { tools, person } = discover.activityTruth(picture);
 * if (tools && person) discover.pointAtTools(peakOf(map), tools, person, 0);
 */
export function pointAtTools(
  point: { readonly x: number; readonly y: number },
  tools: readonly RunLengthMask[],
  person: RunLengthMask,
  radius: number,
): ToolPointing | undefined {
  const { width, height } = person;
  for (const tool of tools) {
    if (tool.width === width && tool.height === height) continue;
    const sizes = `${tool.width}×${tool.height} pixels, the person's ${width}×${height}`;
    throw new CamlabError(`a tool's mask has ${sizes}: masks are in the picture's own pixels`);
  }
  const away = new Uint8Array(width * height).fill(1);
  for (const tool of tools) decodeMask(tool).forEach((inside, at) => inside && (away[at] = 0));
  const body = decodeMask(person);
  if (!away.includes(0) || !body.includes(1)) return undefined;
  const distances = squaredDistances(away, width, height);
  const near = (at: number) => distances[at] <= radius * radius;
  let [atTool, people, peopleAtTool] = [0, 0, 0];
  for (let at = 0; at < body.length; at++) {
    if (near(at)) atTool++;
    if (body[at] !== 1) continue;
    people++;
    if (near(at)) peopleAtTool++;
  }
  const column = Math.min(width - 1, Math.max(0, Math.floor(point.x)));
  const row = Math.min(height - 1, Math.max(0, Math.floor(point.y)));
  const at = row * width + column;
  return {
    radius,
    onTool: near(at),
    onPerson: body[at] === 1 && !near(at),
    personShare: peopleAtTool / people,
    pictureShare: atTool / body.length,
  };
}
