import type { FileMetaData, SchemaElement } from "hyparquet";
import { CamlabError } from "../../support/errors.js";
import { isObject, type JsonObject } from "../files/values.js";

/** Which columns of a Parquet file say what. */
export interface ParquetColumns {
  readonly image: string;
  readonly label?: string;
  /** Names of the classes that the labels' numbers mean. */
  readonly classes?: readonly string[];
  readonly caption?: string;
}

const IMAGE_NAMES = ["image", "img", "jpg", "jpeg", "png", "webp", "bytes", "image_bytes", "picture"];
const LABEL_NAMES = ["label", "labels", "class", "fine_label", "category"];
const CAPTION_NAMES = ["caption", "captions", "text", "sentence", "sentences", "description"];

/**
 * Finds the columns of images, labels and captions: by what the file's notes of Hugging Face say, else by form and name.
 *
 * @param wanted those that were named outright
 * @throws CamlabError when there is no column of images, or none of the name that was given
 */
export function parquetColumns(
  metadata: FileMetaData,
  wanted: { readonly image?: string; readonly label?: string; readonly caption?: string },
): ParquetColumns {
  const columns = topLevel(metadata.schema);
  const features = featuresIn(metadata);
  for (const name of Object.values(wanted)) {
    if (name !== undefined && !columns.has(name)) throw new CamlabError(`it has no column ${name}: ${named(columns)}`);
  }
  const image =
    wanted.image ?? firstOf(columns, features, (feature) => feature._type === "Image", isImage, IMAGE_NAMES);
  if (image === undefined) throw new CamlabError(`it has no column of images: ${named(columns)}`);
  const others = new Map([...columns].filter(([name]) => name !== image));
  const isClass = (feature: JsonObject) => classNames(feature) !== undefined;
  const label = wanted.label ?? firstOf(others, features, isClass, () => true, LABEL_NAMES);
  const caption = wanted.caption ?? firstOf(others, features, () => false, isText, CAPTION_NAMES);
  const classes = label === undefined ? undefined : classNames(features[label]);
  return {
    image,
    ...(label !== undefined && { label }),
    ...(classes && { classes }),
    ...(caption !== undefined && caption !== label && { caption }),
  };
}

type Column = readonly SchemaElement[];

/** Each column with all that is below it. */
function topLevel(schema: readonly SchemaElement[]): Map<string, Column> {
  const columns = new Map<string, Column>();
  for (let at = 1; at < schema.length;) {
    const end = endOf(schema, at);
    columns.set(schema[at].name, schema.slice(at, end));
    at = end;
  }
  return columns;
}

function endOf(schema: readonly SchemaElement[], at: number): number {
  let end = at + 1;
  for (let child = 0; child < (schema[at].num_children ?? 0); child++) end = endOf(schema, end);
  return end;
}

function firstOf(
  columns: ReadonlyMap<string, Column>,
  features: Readonly<Record<string, JsonObject>>,
  isMeant: (feature: JsonObject) => boolean,
  isLike: (column: Column) => boolean,
  names: readonly string[],
): string | undefined {
  const told = [...columns.keys()].find((name) => features[name] && isMeant(features[name]));
  return told ?? names.find((name) => columns.has(name) && isLike(columns.get(name)!));
}

/** Bytes, alone or as `bytes` of a structure. */
function isImage(column: Column): boolean {
  const isBytes = ({ type, converted_type }: SchemaElement) => type === "BYTE_ARRAY" && converted_type !== "UTF8";
  return column.length === 1 ? isBytes(column[0]) : column.some((one) => one.name === "bytes" && isBytes(one));
}

function isText(column: Column): boolean {
  const last = column.at(-1)!;
  return last.type === "BYTE_ARRAY" && (last.converted_type === "UTF8" || last.logical_type?.type === "STRING");
}

/** The names of a feature's classes, or of those in its lists. */
function classNames(feature: JsonObject | undefined): readonly string[] | undefined {
  if (!feature) return undefined;
  const { _type, names, feature: inner } = feature;
  if (_type === "ClassLabel" && Array.isArray(names)) return names.map(String);
  return isObject(inner) ? classNames(inner) : undefined;
}

/** What Hugging Face's library writes of the columns. */
function featuresIn({ key_value_metadata }: FileMetaData): Readonly<Record<string, JsonObject>> {
  const text = key_value_metadata?.find(({ key }) => key === "huggingface")?.value;
  if (text === undefined) return {};
  try {
    const data: unknown = JSON.parse(text);
    const features = isObject(data) && isObject(data.info) ? data.info.features : undefined;
    return isObject(features) ? (features as Record<string, JsonObject>) : {};
  } catch {
    return {};
  }
}

function named(columns: ReadonlyMap<string, Column>): string {
  return `there are ${[...columns.keys()].join(", ") || "none"}`;
}
