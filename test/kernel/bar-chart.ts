/** A chart in Vega-Lite: two bars, along x or y. */
export function barChart(channel: "x" | "y", type: "ordinal" | "quantitative") {
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v5.json",
    data: { values: [{ a: 1 }, { a: 2 }] },
    mark: "bar",
    encoding: { [channel]: { field: "a", type } },
  };
}
