// Readers of published layouts: each gives a set of pictures.

export type { Split } from "../kernel-helpers/datasets/sets/split.js";
export { readCsvList, type CsvListOptions } from "../kernel-helpers/datasets/classes/csv-list.js";
export { readCaptionsCsv } from "../kernel-helpers/datasets/language/captions-csv.js";
export { readCocoCaptions, type CocoCaptionsOptions } from "../kernel-helpers/datasets/language/coco-captions.js";
export { readBoxesCsv, type BoxesCsvOptions } from "../kernel-helpers/datasets/objects/boxes-csv.js";
export { readCub } from "../kernel-helpers/datasets/classes/cub.js";
export { readCaltech101, readEvent8, readScene15 } from "../kernel-helpers/datasets/classes/recognition-sets.js";
export { readCoco, type CocoOptions } from "../kernel-helpers/datasets/objects/coco/coco.js";
export { readIcdar } from "../kernel-helpers/datasets/words/icdar.js";
export { readSvt } from "../kernel-helpers/datasets/words/svt.js";
export { readVqa, vqaImageName, type VqaOptions } from "../kernel-helpers/datasets/language/vqa.js";
export { readQuestions } from "../kernel-helpers/datasets/language/questions-json.js";
export { joinSets } from "../kernel-helpers/datasets/sets/join-sets.js";
export { readStanford40 } from "../kernel-helpers/datasets/classes/stanford40.js";
export { readAde20k, type Ade20kOptions } from "../kernel-helpers/datasets/objects/ade20k/ade20k.js";
export { readLabelMe } from "../kernel-helpers/datasets/objects/labelme/labelme.js";
export type { LabelMeOptions } from "../kernel-helpers/datasets/objects/labelme/labelme-options.js";
export { readVoc, type VocOptions } from "../kernel-helpers/datasets/objects/voc/voc.js";
export type { VocCorners } from "../kernel-helpers/datasets/objects/voc/voc-object.js";
export { readYolo, type YoloOptions } from "../kernel-helpers/datasets/objects/yolo/yolo.js";
export { labelByObjects } from "../kernel-helpers/datasets/sets/label-by-objects.js";
export { splitByChance, type SplitByChanceOptions } from "../kernel-helpers/datasets/sets/split-by-chance.js";
export {
  sharesOf,
  splitInParts,
  type SplitInPartsOptions,
  type SplitShares,
} from "../kernel-helpers/datasets/sets/split-in-parts.js";
export type { SplitPerClassOptions } from "../kernel-helpers/datasets/sets/split-per-class.js";
export { readIlsvrc, type IlsvrcOptions } from "../kernel-helpers/datasets/localization/ilsvrc.js";
export { readOpenImages, type OpenImagesOptions } from "../kernel-helpers/datasets/localization/open-images.js";
export { readWsolLists, type WsolListsOptions } from "../kernel-helpers/datasets/localization/wsol-lists.js";
export { withMasks } from "../kernel-helpers/datasets/localization/with-masks.js";
export { readParquet, type ParquetOptions } from "../kernel-helpers/datasets/packs/read-parquet.js";
export { readTar, readZip } from "../kernel-helpers/datasets/packs/read-archives.js";
export type { ArchiveOptions } from "../kernel-helpers/datasets/packs/archive-pictures.js";
export { readAddresses, type AddressOptions } from "../kernel-helpers/datasets/packs/read-addresses.js";
export { packKind, readPacks, type PackKind } from "../kernel-helpers/datasets/packs/read-packs.js";
