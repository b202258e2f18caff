import type { View } from "../networks/views/view.js";

/**
 * What of photographs each task sees, unless the options or the network say it: where they were measured the better of the two
 * views, else the one whose maps reach the edges (docs/views.md).
 */
export const USUAL_VIEWS = {
  scenes: "whole",
  phrases: "whole",
  text: "whole",
  answers: "whole",
  units: "whole",
  activities: "card",
  fineGrained: "card",
  newTask: "card",
} as const satisfies Readonly<Record<string, View>>;
