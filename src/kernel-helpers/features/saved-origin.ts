import type { SavedObject } from "../support/files/saved-object.js";
import type { FeatureOrigin } from "./feature-table.js";

/**
 * What features were made with, as a file says.
 *
 * @throws CamlabError naming the field that is missing or of another type
 */
export function savedOrigin(saved: SavedObject): FeatureOrigin {
  return {
    software: saved.text("software"),
    network: saved.text("network"),
    ...(saved.has("fingerprint") && { fingerprint: saved.text("fingerprint") }),
    ...(saved.has("weights") && { weights: saved.text("weights") }),
    ...(saved.has("size") && { size: sizeIn(saved.object("size")) }),
    layer: saved.text("layer"),
    pooling: saved.oneOf("pooling", ["average", "max"]),
    preprocessing: saved.text("preprocessing"),
    ...(saved.has("view") && { view: saved.oneOf("view", ["whole"] as const) }),
  };
}

function sizeIn(saved: SavedObject): NonNullable<FeatureOrigin["size"]> {
  return { width: saved.count("width", 1), height: saved.count("height", 1) };
}
