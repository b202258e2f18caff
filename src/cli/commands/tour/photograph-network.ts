import { folderOf } from "../../../kernel-helpers/networks/network-folders.js";
import { openNetwork } from "../../../kernel-helpers/networks/open-network.js";
import type { PageSection } from "../../../widgets/kit/html-page.js";
import { newScenes } from "./new-scenes.js";
import type { TourContext } from "./tour-context.js";

const NAME = "efficientnet_lite2";

/** The new task once more, by a network that knows photographs, where it was pulled; a word how, where it was not. */
export async function photographNetwork(given: TourContext): Promise<PageSection[]> {
  const { say } = given;
  if (folderOf(NAME) === undefined) {
    say(`camlab models pull ${NAME}  gets a network that knows photographs; the tour then shows it, too`);
    return [];
  }
  using network = await openNetwork(NAME);
  say(`the same by ${network.card.title}, which has never seen a drawing:`);
  return await newScenes(
    { ...given, network },
    { heading: `The same task by a network of photographs: ${network.card.title}`, train: 200, test: 100 },
  );
}
