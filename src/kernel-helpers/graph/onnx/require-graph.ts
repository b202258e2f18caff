import { invalid } from "../../support/errors.js";
import type { Graph } from "./graph.js";

/**
 * Refuses what is no graph in words: a path, a promise, a network that was opened.
 *
 * @throws CamlabError for it
 */
export function requireGraph(graph: Graph): void {
  const given: unknown = graph;
  const isGraph = typeof given === "object" && given !== null && "model" in given && "initializer" in given;
  if (!isGraph) throw invalid("graph", given, "what readGraph, buildNetwork or (await importGraph(…)).graph gave");
}
