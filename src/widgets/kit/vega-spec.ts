/**
 * A Vega-Lite 5 or Vega 5 specification as plain JSON; `$schema` says which. Deliberately loose: Vega's own types are
 * so large that a notebook cell would wait for them.
 */
export interface VegaSpec {
  readonly $schema: string;
  /** What is to be seen, for people who do not see it. */
  readonly description?: string;
  readonly [property: string]: unknown;
}

/**
 * The MIME type under which Jupyter front ends draw a spec.
 *
 * @example
 * vegaMimeType(spec); // "application/vnd.vegalite.v5+json"
 */
export function vegaMimeType(spec: VegaSpec): string {
  return isVegaLite(spec) ? "application/vnd.vegalite.v5+json" : "application/vnd.vega.v5+json";
}

/** Whether a spec is Vega-Lite rather than Vega. */
export function isVegaLite(spec: VegaSpec): boolean {
  return spec.$schema.includes("/vega-lite/");
}
