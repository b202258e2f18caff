import type { Picture } from "../../images/picture.js";
import type { RunLengthMask } from "../../images/masks/masks.js";

/** What an activity is done with, and who does it, as far as a picture says. */
export interface ActivityTruth {
  /** Visible pixels of what the activity is done with; absent where that is unknown, or there is nothing. */
  readonly tools?: readonly RunLengthMask[];
  /** Visible pixels of who does it. */
  readonly person?: RunLengthMask;
}

/**
 * What a picture says of its activity: the person is the largest of its objects called "person" (people in the
 * background are smaller), the tools are what the phrase that is called like the label speaks of besides people.
 *
 * @example
 * const { person, tools } = discover.activityTruth(pictures[0]);
 */
export function activityTruth({ label, objects = [], phrases = [] }: Picture): ActivityTruth {
  const people = objects
    .filter(({ name, mask }) => name === "person" && mask)
    .sort((a, b) => (b.area ?? 0) - (a.area ?? 0));
  const said = phrases.find(({ text }) => text === label);
  const tools = objects.filter(({ id, name }) => name !== "person" && id !== undefined && said?.objects?.includes(id));
  const masks = tools.flatMap(({ mask }) => mask ?? []);
  return { ...(masks.length > 0 && { tools: masks }), ...(people[0]?.mask && { person: people[0].mask }) };
}
