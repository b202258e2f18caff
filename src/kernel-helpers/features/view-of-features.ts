import type { View } from "../networks/views/view.js";
import type { FeatureOrigin } from "./feature-table.js";

/** The view that features were made in, where it is known what they were made with. */
export function viewOfFeatures(origin: FeatureOrigin | undefined): View | undefined {
  return origin && (origin.view ?? "card");
}
