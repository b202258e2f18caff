import type { View } from "../networks/views/view.js";

/**
 * What of photographs each task sees, unless the options or the network say it: the better of the two views, measured with
 * networks whose cards cut photographs (docs/views.md).
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
