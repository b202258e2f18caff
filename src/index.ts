// The public door, in the order in which the data flows. What is not here, or in one of the namespaces at the end, is not
// public.

// Errors, written for the person at the keyboard
export { CamlabError } from "./kernel-helpers/support/errors.js";

// Pictures: what travels, and what is read of it
export type { Picture, PictureSet } from "./kernel-helpers/images/picture.js";
export type { Box } from "./kernel-helpers/images/box.js";
export { loadImage } from "./kernel-helpers/images/files/load-image.js";
export { listImages } from "./kernel-helpers/images/files/list-images.js";
export { crop } from "./kernel-helpers/images/files/crop.js";
export { readFolderPerClass } from "./kernel-helpers/datasets/classes/folder-per-class.js";
export { splitPerClass } from "./kernel-helpers/datasets/sets/split-per-class.js";
export { drawWorld } from "./world/draw-world.js";

// Networks: open one, look through it
export type { Network } from "./kernel-helpers/networks/network.js";
export { openNetwork } from "./kernel-helpers/networks/open-network.js";
export type { Seen } from "./kernel-helpers/networks/seen.js";
export { look } from "./kernel-helpers/networks/look.js";
export { lookAtAll, isSkipped } from "./kernel-helpers/networks/look-at-all.js";
export { trainGapNetwork } from "./kernel-helpers/training/train-gap-network.js";
export { fineTune } from "./kernel-helpers/training/fine-tune.js";

// Features, and linear SVMs on them
export { FeatureTable } from "./kernel-helpers/features/feature-table.js";
export { extractFeatures } from "./kernel-helpers/features/extract-features.js";
export { saveFeatures, loadFeatures } from "./kernel-helpers/features/feature-files.js";
export { LinearSvm } from "./kernel-helpers/svm/linear-svm.js";
export { trainLinearSvm } from "./kernel-helpers/svm/train-linear-svm.js";
export { saveLinearSvm, loadLinearSvm } from "./kernel-helpers/svm/linear-svm-file.js";

// Class activation maps, and boxes
export type { HeatMap } from "./kernel-helpers/cam/heat-map.js";
export { cam, cams } from "./kernel-helpers/cam/cam.js";
export { upsample } from "./kernel-helpers/cam/upsample.js";
export { normalise } from "./kernel-helpers/cam/normalise.js";
export { peakOf } from "./kernel-helpers/cam/peak.js";
export { boxOf, boxesOf } from "./kernel-helpers/boxes/box-of.js";
export { iou } from "./kernel-helpers/boxes/box-geometry.js";

// Discovery: patterns that image-level labels give away
export { learnTasks } from "./kernel-helpers/discovery/new-task/learn-tasks.js";
export { discoverScenes } from "./kernel-helpers/discovery/scenes/discover-scenes.js";
export { discoverPhrases } from "./kernel-helpers/discovery/phrases/discover-phrases.js";
export { discoverText } from "./kernel-helpers/discovery/text/discover-text.js";
export { discoverActivities } from "./kernel-helpers/discovery/activities/discover-activities.js";
export { discoverAnswers } from "./kernel-helpers/discovery/answers/discover-answers.js";
export { ask } from "./kernel-helpers/discovery/answers/ask.js";
export { discoverFineGrained } from "./kernel-helpers/discovery/fine-grained/discover-fine-grained.js";
export { discoverUnits } from "./kernel-helpers/discovery/units/discover-units.js";

// Pictures of all that
export { Widget } from "./widgets/kit/widget.js";
export { camGrid } from "./widgets/cam-grid/cam-grid.js";
export { boxSteps } from "./widgets/cam-grid/box-steps.js";
export { htmlPage } from "./widgets/kit/html-page.js";

// The rest, by what it is about
/** Pictures and pixels: reading, preparing, writing; the parts of a picture; masks. */
export * as images from "./door/images.js";
/** A network as data: read, check, cut, write an ONNX graph; its head, its layers, its gradients. */
export * as graph from "./door/graph.js";
/** What runs a graph: ONNX Runtime and TF.js; which devices there are. */
export * as engines from "./door/engines.js";
/** Networks beside opening one: which there are, cards, architectures, options of looking and of training. */
export * as networks from "./door/networks.js";
/** Readers of published layouts: each gives a set of pictures. */
export * as readers from "./door/readers.js";
/** The pictures that camlab draws itself, with their truth. */
export * as world from "./door/world.js";
/** Tables of features: other forms, labels from a list, the cache, matrices. */
export * as tables from "./door/tables.js";
/** Linear SVMs in detail: the choice of C, probabilities, metrics with intervals. */
export * as svm from "./door/svm.js";
/** Maps and boxes in detail: other ways to look, grids, components, overlaps, options. */
export * as boxes from "./door/boxes.js";
/** The parts of the discovery tasks, for those who put them together themselves. */
export * as discover from "./door/discover.js";
/** All widgets beside the grid of maps: charts, galleries, figures. */
export * as widgets from "./door/widgets.js";
/** What a cell can do with its outputs; notebooks without Python; the kernel. */
export * as notebook from "./door/notebook.js";
