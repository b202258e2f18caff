import type { FeatureOrigin } from "../features/feature-table.js";
import { savedOrigin } from "../features/saved-origin.js";
import { writeWhole } from "../support/write-file.js";
import { readSaved } from "../support/files/read-saved.js";
import { openSaved, type SavedObject } from "../support/files/saved-object.js";
import type { ClassWeights } from "./class-weights.js";
import type { Label } from "./labels.js";
import { LinearSvm } from "./linear-svm.js";
import type { SvmProvenance } from "./linear-svm.js";

/**
 * Saves an SVM as JSON that people can read: provenance first, then one line of weights a class, and a checksum of it
 * all. The file appears whole or not at all.
 *
 * @throws CamlabError when the file cannot be written
 * @example
 * await saveLinearSvm(detector, "text-detector.json");
 */
export async function saveLinearSvm(svm: LinearSvm, path: string): Promise<void> {
  await writeWhole(path, linearSvmText(svm));
}

/**
 * Loads what `saveLinearSvm` saved: the same weights, to the bit, and the same classes, numbers as numbers.
 *
 * @throws CamlabError when the file cannot be read, is not a saved SVM, or was changed since it was saved
 * @example
 * const detector = await loadLinearSvm("text-detector.json");
 */
export async function loadLinearSvm(path: string): Promise<LinearSvm> {
  return linearSvmFromJson(await readSaved(path, "an SVM"), path);
}

/**
 * The SVM that `toJSON` gave as plain data.
 *
 * @param name what the data is called in an error
 * @throws CamlabError when the data is not a saved SVM, naming the field that is wrong, and when it was changed since
 * @example
 * svm.linearSvmFromJson(JSON.parse(JSON.stringify(svm)));
 */
export function linearSvmFromJson(data: unknown, name = "the data"): LinearSvm {
  const saved = openSaved(data, name, { format: "camlab linear svm", what: "linear SVM", version: 1 });
  const kind = saved.oneOf("kind", ["binary", "multiclass", "multilabel"]);
  const classes = saved.list("classes", kind === "binary" ? 2 : undefined).map((label, i): Label => {
    if (typeof label === "string" || Number.isFinite(label)) return label as Label;
    throw saved.wrong(`classes[${i}]`, "a text or a number", label);
  });
  const least = { binary: 2, multiclass: 3, multilabel: 1 }[kind];
  if (classes.length < least) throw saved.wrong("classes", `at least ${least} of a ${kind} SVM`);
  if (new Set(classes.map(String)).size !== classes.length) throw saved.wrong("classes", "each class once");
  const rows = kind === "binary" ? 1 : classes.length;
  const columns = saved.count("channels", 1);
  return new LinearSvm({
    kind,
    classes,
    weights: { rows, columns, data: saved.table("weights", rows, columns) },
    bias: saved.numbers("bias", rows),
    steps: saved.list("steps").map((step, i) => {
      if (step === "l2Normalise" || step === "standardise") return step;
      throw saved.wrong(`steps[${i}]`, '"l2Normalise" or "standardise"', step);
    }),
    ...(saved.has("platt") && {
      platt: saved.objects("platt", rows).map((curve) => ({ A: curve.number("A"), B: curve.number("B") })),
    }),
    provenance: provenanceOf(saved.object("provenance"), rows),
    ...(saved.has("trainedOn") && { trainedOn: marksOf(saved) }),
  });
}

function provenanceOf(saved: SavedObject, problems: number): SvmProvenance {
  return {
    solver: saved.text("solver"),
    software: saved.text("software"),
    loss: saved.oneOf("loss", ["squared-hinge", "hinge"]),
    C: saved.number("C"),
    bias: saved.number("bias"),
    ...(saved.has("classWeights") && { classWeights: classWeightsOf(saved) }),
    sampleWeights: saved.flag("sampleWeights"),
    tolerance: saved.number("tolerance"),
    seed: saved.number("seed"),
    rows: saved.count("rows"),
    positives: Array.from(saved.numbers("positives", problems)),
    fits: saved.objects("fits", problems).map((fit) => ({
      sweeps: fit.number("sweeps"),
      fullSweeps: fit.number("fullSweeps"),
      newtonSteps: fit.number("newtonSteps"),
      objective: fit.number("objective"),
      ...(fit.has("gap") && { gap: fit.number("gap") }),
      converged: fit.flag("converged"),
    })),
    ...(saved.has("notes") && { notes: saved.object("notes").all() }),
    ...(originOf(saved) && { features: originOf(saved) }),
  };
}

/** Earlier versions had it among the notes. */
function originOf(saved: SavedObject): FeatureOrigin | undefined {
  if (saved.has("features")) return savedOrigin(saved.object("features"));
  const notes = saved.has("notes") ? saved.object("notes") : undefined;
  return notes?.any("features") ? savedOrigin(notes.object("features")) : undefined;
}

function marksOf(saved: SavedObject): Uint32Array {
  const bytes = new Uint8Array(Buffer.from(saved.text("trainedOn"), "base64"));
  if (bytes.length % 4 !== 0) throw saved.wrong("trainedOn", "four bytes a row in base64");
  return new Uint32Array(bytes.buffer);
}

function classWeightsOf(saved: SavedObject): ClassWeights {
  if (saved.any("classWeights") === "balanced") return "balanced";
  const weights = saved.object("classWeights");
  return Object.fromEntries(Object.keys(weights.all()).map((name) => [name, weights.number(name)]));
}

function linearSvmText(svm: LinearSvm): string {
  const { bias, weights, ...head } = svm.toJSON() as { bias: number[]; weights: number[][] };
  const opening = JSON.stringify(head, null, 2).slice(0, -2);
  const lines = weights.map((row) => `    ${JSON.stringify(row)}`).join(",\n");
  return `${opening},\n  "bias": ${JSON.stringify(bias)},\n  "weights": [\n${lines}\n  ]\n}\n`;
}
