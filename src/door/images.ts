// Pictures and pixels: reading, preparing, writing; the parts of a picture; masks.

export type {
  Image,
  ImageSource,
  PackedAddress,
  PackedImage,
  PackedPart,
  PackedRow,
  PackedZipEntry,
} from "../kernel-helpers/images/image.js";
export { readPacked } from "../kernel-helpers/images/packed/read-packed.js";
export {
  nameOf,
  type AnnotatedPicture,
  type PackedPicture,
  type PictureObject,
  type PicturePhrase,
  type PictureQuestion,
  type PictureWord,
  type SkippedPicture,
  type StoredPicture,
} from "../kernel-helpers/images/picture.js";
export type { Placement, Preprocessing } from "../kernel-helpers/images/input/preprocessing.js";
export { DEFAULT_MAX_PIXELS, type ReadImageOptions } from "../kernel-helpers/images/files/open-image.js";
export { readImageInfo, type ImageInfo } from "../kernel-helpers/images/files/read-image-info.js";
export { describeFound, findImages, type FoundImages } from "../kernel-helpers/images/files/list-images.js";
export {
  prepareImage,
  type PrepareImageOptions,
  type PreparedImage,
} from "../kernel-helpers/images/input/prepare-image.js";
export { fillInput } from "../kernel-helpers/images/input/fill-input.js";
export { placementOf, toImage, toInput } from "../kernel-helpers/images/input/placement.js";
export { thumbnail, type Thumbnail, type ThumbnailOptions } from "../kernel-helpers/images/files/thumbnail.js";
export { encodeJpeg, encodePng } from "../kernel-helpers/images/files/encode.js";
export { decodeMask, type RunLengthMask } from "../kernel-helpers/images/masks/masks.js";
