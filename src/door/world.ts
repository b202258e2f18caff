// The pictures that camlab draws itself, with their truth.

export { seededRandom, shuffled, type Random } from "../kernel-helpers/support/random.js";
export type { DrawWorldOptions } from "../world/draw-world.js";
export { drawPictures } from "../world/draw-pictures.js";
export { WORLD_VERSION, type DrawingOptions } from "../world/drawings.js";
export { WORLD_PARTS, type WorldPart, type WorldSplit } from "../world/drawing.js";
export type { DrawnObject, DrawnPicture } from "../world/drawn-picture.js";
export { contactSheet, type ContactSheetOptions } from "../world/contact-sheet.js";
export { makeDataset, type MakeDatasetOptions } from "../world/make-dataset.js";
export { datasetInfo, readWorld, type DatasetInfo, type DrawnSet } from "../world/read-world.js";
export { FREQUENT_OBJECTS, INFORMATIVE_OBJECTS } from "../world/parts/scenes.js";
