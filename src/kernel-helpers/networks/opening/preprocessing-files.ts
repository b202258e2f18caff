import type { Preprocessing } from "../../images/input/preprocessing.js";

/** What a file says of preprocessing: any of the fields. */
export type Settings = Partial<Preprocessing>;

type Fields = Readonly<Record<string, unknown>>;
type Triple = readonly [number, number, number];

/**
 * Hugging Face's `preprocessor_config.json`: (x · rescale_factor − image_mean) / image_std, after a resize to `size` and a
 * cut of `crop_size`, channels then flipped where it says so. Undefined when it is about something else than pictures.
 */
export function fromHub(fields: Fields): Settings | undefined {
  const scale =
    fields.do_rescale === false ? 1 : typeof fields.rescale_factor === "number" ? fields.rescale_factor : 1 / 255;
  const [mean, std] = [triple(fields.image_mean), triple(fields.image_std)];
  const isAboutPictures =
    fields.image_mean !== undefined || fields.size !== undefined || fields.do_resize !== undefined;
  if (!isAboutPictures || !(scale > 0)) return undefined;
  const normal = fields.do_normalize !== false && mean && std ? { mean, std } : { mean: ZERO, std: ONE };
  // The flip comes last there: mean and std are those of R, G and B.
  const flipped = fields.do_flip_channel_order === true;
  const ordered = ([a, b, c]: Triple): Triple => (flipped ? [c, b, a] : [a, b, c]);
  return {
    channelOrder: flipped ? "BGR" : "RGB",
    mean: ordered(mapped(normal.mean, (m) => m / scale)),
    std: ordered(mapped(normal.std, (s) => s / scale)),
    ...fitOfHub(fields),
  };
}

/** timm's `config.json`: `pretrained_cfg` with mean and std of pixels from 0 to 1, and the share that is cut out. */
export function fromTimm(fields: Fields): Settings | undefined {
  const config = isRecord(fields.pretrained_cfg) ? fields.pretrained_cfg : fields;
  const [mean, std] = [triple(config.mean), triple(config.std)];
  const size = config.input_size;
  if (!mean || !std || !Array.isArray(size) || size.length !== 3) return undefined;
  const [, height, width] = size as unknown[];
  if (!isSide(height) || !isSide(width)) return undefined;
  const share =
    typeof config.crop_pct === "number" && config.crop_pct > 0 && config.crop_pct <= 1 ? config.crop_pct : 0.875;
  const fit: Settings =
    config.crop_mode === "squash"
      ? { fit: "squash" }
      : { fit: "centre-crop", resize: { shorterSide: Math.floor(Math.max(width, height) / share) } };
  return {
    width,
    height,
    channelOrder: "RGB",
    mean: mapped(mean, (m) => m * 255),
    std: mapped(std, (s) => s * 255),
    ...fit,
  };
}

/** A mean and a standard deviation under their usual names, of pixels from 0 to 1 or from 0 to 255. */
export function fromTriples(givenMean: unknown, givenStd: unknown): Settings | undefined {
  const [mean, std] = [triple(givenMean), triple(givenStd)];
  if (!mean || !std) return undefined;
  const unit = mean.every((m) => Math.abs(m) <= 1) && std.every((s) => s <= 1);
  const factor = unit ? 255 : 1;
  return { mean: mapped(mean, (m) => m * factor), std: mapped(std, (s) => s * factor) };
}

const ZERO: Triple = [0, 0, 0];
const ONE: Triple = [1, 1, 1];

function fitOfHub(fields: Fields): Settings {
  const [size, crop] = [sizeOf(fields.size), sizeOf(fields.crop_size)];
  if (fields.do_resize === false && !crop) return {};
  if (fields.do_center_crop === true && crop && "width" in crop) {
    const resize = size ?? { shorterSide: Math.max(crop.width, crop.height) };
    return { width: crop.width, height: crop.height, fit: "centre-crop", resize: atLeast(resize, crop) };
  }
  if (!size) return {};
  if ("width" in size) return { width: size.width, height: size.height, fit: "squash" };
  const side = size.shorterSide;
  const share =
    typeof fields.crop_pct === "number" && fields.crop_pct > 0 && fields.crop_pct <= 1 ? fields.crop_pct : 1;
  // ConvNeXT's: from 384 pixels on pictures are stretched, below they are cut.
  if (fields.crop_pct !== undefined && side >= 384) return { width: side, height: side, fit: "squash" };
  return { width: side, height: side, fit: "centre-crop", resize: { shorterSide: Math.floor(side / share) } };
}

type Size = { readonly shorterSide: number } | { readonly width: number; readonly height: number };

function sizeOf(value: unknown): Size | undefined {
  if (isSide(value)) return { shorterSide: value };
  if (!isRecord(value)) return undefined;
  if (isSide(value.height) && isSide(value.width)) return { width: value.width, height: value.height };
  return isSide(value.shortest_edge) ? { shorterSide: value.shortest_edge } : undefined;
}

function atLeast(size: Size, crop: { readonly width: number; readonly height: number }): Size {
  if ("shorterSide" in size) return { shorterSide: Math.max(size.shorterSide, crop.width, crop.height) };
  return { width: Math.max(size.width, crop.width), height: Math.max(size.height, crop.height) };
}

function triple(value: unknown): Triple | undefined {
  const list: unknown[] = Array.isArray(value) ? (value as unknown[]) : [];
  return list.length === 3 && list.every((each) => typeof each === "number") ? (list as unknown as Triple) : undefined;
}

function mapped([a, b, c]: Triple, compute: (value: number) => number): Triple {
  // Without the last digits that a multiplication by 1/255 leaves.
  const round = (value: number) => Number(compute(value).toPrecision(10));
  return [round(a), round(b), round(c)];
}

function isSide(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= 4096;
}

function isRecord(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
