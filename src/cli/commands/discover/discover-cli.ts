import type { Command } from "commander";
import type { Exit } from "../../exit.js";
import { addDiscoverActivities } from "./discover-activities-cli.js";
import { addDiscoverAnswers } from "./discover-answers-cli.js";
import { addDiscoverFineGrained } from "./discover-fine-grained-cli.js";
import { addDiscoverPhrases } from "./discover-phrases-cli.js";
import { addDiscoverScenes } from "./discover-scenes-cli.js";
import { addDiscoverText } from "./discover-text-cli.js";
import { addDiscoverUnits } from "./discover-units-cli.js";

/** Adds `camlab discover …`: patterns found with nothing but image-level labels. */
export function addDiscoverCommands(program: Command, exit: Exit): void {
  const discover = program
    .command("discover")
    .description(
      "patterns found from image-level labels: what makes a scene, phrases, text, answers, activities, kinds that differ little, units",
    );
  addDiscoverScenes(discover, exit);
  addDiscoverPhrases(discover, exit);
  addDiscoverText(discover, exit);
  addDiscoverAnswers(discover, exit);
  addDiscoverActivities(discover, exit);
  addDiscoverFineGrained(discover, exit);
  addDiscoverUnits(discover, exit);
}
