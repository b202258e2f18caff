// Notes (`metadata_props`) that camlab writes into an ONNX file, so that the file alone says what it takes and gives.

/** The keys of the notes, and what stands behind each. */
export const WRITTEN_NOTES = {
  /** "camlab 0.1.0": tells camlab that the others are its own. */
  software: "camlab_software",
  /** The name of the network that was exported. */
  source: "camlab_source",
  /** SHA-256 of the network's file, or of the graph that was opened where the file is not that graph. */
  sourceHash: "camlab_source_sha256",
  /** The head, for people. */
  head: "camlab_head",
  /** Class names in the order of the scores: a JSON list. */
  names: "names",
  /** The names of the classes that have a map, in the maps' order: a JSON list. */
  mapNames: "map_names",
  /** What the file's own input expects: JSON of a card's `preprocessing`. */
  preprocessing: "preprocessing",
  /** What the scores are: `softmax` or `sigmoid` of the logits, or the `decision values` of a probe. */
  scores: "camlab_scores",
  /** How scores of several classes become probabilities: `softmax` or `sigmoid`. */
  probabilities: "probabilities",
} as const;

/** Keys under which other tools tell names and preprocessing: what they said of the source may not be so of the export. */
export const REPLACED_NOTES = [
  "names",
  "classes",
  "class_names",
  "labels",
  "id2label",
  "label_names",
  "imgsz",
  "mean",
  "std",
  "image_mean",
  "image_std",
];
