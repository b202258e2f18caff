import { darkSpec } from "./dark-spec.js";
import { scaledSpec } from "./scaled-spec.js";
import type { ShowOptions } from "./show-options.js";
import type { VegaSpec } from "./vega-spec.js";

/** A spec as it is shown: larger or smaller, on a light or a dark ground. */
export function shownAs(spec: VegaSpec, { scale, theme }: Required<ShowOptions>): VegaSpec {
  const scaled = scale === 1 ? spec : scaledSpec(spec, scale);
  return theme === "dark" ? darkSpec(scaled) : scaled;
}
