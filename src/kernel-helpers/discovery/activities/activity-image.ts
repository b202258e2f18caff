import type { LabelledImage } from "../../datasets/labelled-image.js";
import type { RunLengthMask } from "../../images/masks/masks.js";
import type { WorldDataset } from "../../../world/world-dataset.js";

/** A picture of somebody doing something: its label says what. */
export interface ActivityImage extends LabelledImage {
  /** Visible pixels of what the activity is done with; absent where that is unknown, or there is nothing. */
  readonly tools?: readonly RunLengthMask[];
  /** Visible pixels of who does it. */
  readonly person?: RunLengthMask;
}

/**
 * The activities of the drawn world, with the objects that they are done with and the person who does them.
 *
 * @param dataset the part "activities"
 * @example
 * const images = worldActivities(await worldDataset("activities", { train: 1100, test: 550 }));
 */
export function worldActivities({ images, records }: Pick<WorldDataset, "images" | "records">): ActivityImage[] {
  return records.map(({ labels, phrases, objects }, i) => {
    const image = images[i];
    // People in the background are smaller than the one whom the picture is about.
    const people = objects.filter(({ name }) => name === "person").sort((a, b) => b.area - a.area);
    const said = phrases.find(({ text }) => text === labels[0]);
    const tools = objects.filter(({ id, name }) => name !== "person" && said?.objects.includes(id));
    return {
      ...image,
      ...(tools.length > 0 && { tools: tools.map(({ mask }) => mask) }),
      ...(people.length > 0 && { person: people[0].mask }),
    };
  });
}
