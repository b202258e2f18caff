import { WRITTEN_NOTES } from "../../graph/export/written-notes.js";
import type { Graph } from "../../graph/onnx/graph.js";
import { checkPreprocessing } from "../../images/input/check-preprocessing.js";
import type { Facts } from "./facts.js";

const FROM = "the notes that camlab wrote into the ONNX file";

/**
 * What a file that camlab exported says of itself; undefined for any other, and where its notes were damaged. Such a file
 * may lie beside the network that it was made from, whose card and names are not its own.
 */
export function exportedFacts({ model }: Graph): Facts | undefined {
  const notes = new Map(model.metadataProps.map(({ key, value }) => [key, value]));
  if (!notes.get(WRITTEN_NOTES.software)?.startsWith("camlab ")) return undefined;
  const names = parsed(notes.get(WRITTEN_NOTES.names));
  const probabilities = notes.get(WRITTEN_NOTES.probabilities);
  try {
    const settings = checkPreprocessing(parsed(notes.get(WRITTEN_NOTES.preprocessing)));
    return {
      isExport: true,
      preprocessing: [{ settings, from: FROM }],
      ...(isTexts(names) && { classes: { names, from: FROM } }),
      ...((probabilities === "softmax" || probabilities === "sigmoid") && { probabilities }),
    };
  } catch {
    return undefined;
  }
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "") as unknown;
  } catch {
    return undefined;
  }
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === "string");
}
