import { compile } from "vega-lite";
import type { VegaSpec } from "../../src/widgets/kit/vega-spec.js";

/** Everything that Vega-Lite complains of when it compiles a spec. */
export function warningsOf(spec: VegaSpec): unknown[] {
  const said: unknown[] = [];
  const say = (...words: unknown[]) => (said.push(words), logger);
  const logger = { level: () => logger, warn: say, error: say, info: () => logger, debug: () => logger };
  compile(spec as never, { logger: logger as never });
  return said;
}
