import { CamlabError } from "../errors.js";
import { sha256 } from "../hash.js";

/**
 * A JSON object that somebody else may have written: each field is asked for with the type that it should have, and one
 * that has another is named.
 *
 * @example
 * const saved = new SavedObject(JSON.parse(text), "probe.json");
 * saved.numbers("bias", 3); // probe.json cannot be used: bias[1] should be a number, not "x"
 */
export class SavedObject {
  readonly #fields: Readonly<Record<string, unknown>>;

  /**
   * @param name what the document is called in an error
   * @param path where in the document the object stands; nothing for the document itself
   * @throws CamlabError when the data is no object
   */
  constructor(
    data: unknown,
    readonly name: string,
    readonly path = "",
  ) {
    if (typeof data !== "object" || data === null || Array.isArray(data)) {
      throw new CamlabError(`${name} cannot be used: ${path || "it"} should be an object, not ${brief(data)}`);
    }
    this.#fields = data as Record<string, unknown>;
  }

  /** Whether there is such a field. */
  has(field: string): boolean {
    return Object.hasOwn(this.#fields, field) && this.#fields[field] !== undefined;
  }

  /** The error for a field that is not what it should be. */
  wrong(field: string, expected: string, found: unknown = this.#fields[field]): CamlabError {
    const where = this.path ? `${this.path}.${field}` : field;
    return new CamlabError(`${this.name} cannot be used: ${where} should be ${expected}, not ${brief(found)}`);
  }

  /** A field as it is. */
  any(field: string): unknown {
    return this.has(field) ? this.#fields[field] : undefined;
  }

  /** All fields as they are. */
  all(): Readonly<Record<string, unknown>> {
    return this.#fields;
  }

  text(field: string): string {
    const value = this.any(field);
    if (typeof value === "string") return value;
    throw this.wrong(field, "a text");
  }

  /** One of a few texts. */
  oneOf<T extends string>(field: string, texts: readonly T[]): T {
    const value = this.any(field);
    const found = texts.find((text) => text === value);
    if (found !== undefined) return found;
    throw this.wrong(field, texts.map((text) => JSON.stringify(text)).join(" or "));
  }

  flag(field: string): boolean {
    const value = this.any(field);
    if (typeof value === "boolean") return value;
    throw this.wrong(field, "true or false");
  }

  /** A finite number. */
  number(field: string): number {
    const value = this.any(field);
    if (Number.isFinite(value)) return value as number;
    throw this.wrong(field, "a number");
  }

  /** A whole number from `least` on. */
  count(field: string, least = 0): number {
    const value = this.any(field);
    if (Number.isSafeInteger(value) && (value as number) >= least) return value as number;
    throw this.wrong(field, `a whole number from ${least}`);
  }

  object(field: string): SavedObject {
    return new SavedObject(this.any(field), this.name, this.path ? `${this.path}.${field}` : field);
  }

  list(field: string, length?: number): readonly unknown[] {
    return this.#listOf(field, this.any(field), length, "values");
  }

  objects(field: string, length?: number): SavedObject[] {
    const prefix = this.path ? `${this.path}.${field}` : field;
    return this.#listOf(field, this.any(field), length, "objects").map(
      (value, i) => new SavedObject(value, this.name, `${prefix}[${i}]`),
    );
  }

  texts(field: string, length?: number): string[] {
    return this.#listOf(field, this.any(field), length, "texts").map((value, i) => {
      if (typeof value === "string") return value;
      throw this.wrong(`${field}[${i}]`, "a text", value);
    });
  }

  /** Numbers that 32 bits can hold. */
  numbers(field: string, length?: number): Float32Array {
    return this.#row(field, this.any(field), length);
  }

  /** `rows` lists of `columns` numbers each, one after the other. */
  table(field: string, rows: number, columns: number): Float32Array {
    const data = new Float32Array(rows * columns);
    this.#listOf(field, this.any(field), rows, "rows").forEach((row, i) => {
      data.set(this.#row(`${field}[${i}]`, row, columns), i * columns);
    });
    return data;
  }

  /** `count` tables, one after the other. */
  tables(field: string, count: number, rows: number, columns: number): Float32Array[] {
    return this.#listOf(field, this.any(field), count, "tables").map((table, t) => {
      const data = new Float32Array(rows * columns);
      this.#listOf(`${field}[${t}]`, table, rows, "rows").forEach((row, i) => {
        data.set(this.#row(`${field}[${t}][${i}]`, row, columns), i * columns);
      });
      return data;
    });
  }

  /**
   * Compares the document with the checksum that it carries; one without is not compared.
   *
   * @throws CamlabError when it was changed since `withChecksum`
   */
  checkChecksum(): void {
    if (!this.has(CHECKSUM)) return;
    const { [CHECKSUM]: said, ...rest } = this.#fields;
    if (said === checksumOf(rest)) return;
    throw new CamlabError(
      `${this.name} is not as it was saved: its checksum differs. Get it again; or, if it was changed on purpose, ` +
        `delete its field "${CHECKSUM}"`,
    );
  }

  #row(field: string, values: unknown, length: number | undefined): Float32Array {
    return Float32Array.from(this.#listOf(field, values, length, "numbers"), (value, i) => {
      if (typeof value === "number" && Number.isFinite(Math.fround(value))) return value;
      throw this.wrong(`${field}[${i}]`, "a number", value);
    });
  }

  #listOf(field: string, values: unknown, length: number | undefined, what: string): readonly unknown[] {
    if (!Array.isArray(values)) {
      throw this.wrong(field, length === undefined ? `a list of ${what}` : `a list of ${length} ${what}`, values);
    }
    if (length !== undefined && values.length !== length) {
      throw this.wrong(field, `a list of ${length} ${what}`, values);
    }
    return values;
  }
}

const CHECKSUM = "checksum";

/**
 * Opens a document that camlab saved: what its fields `format` and `version` say, and its checksum, are compared.
 *
 * @param name what the document is called in an error
 * @throws CamlabError when it is something else, of another version, or was changed since
 */
export function openSaved(
  data: unknown,
  name: string,
  { format, what, version }: { readonly format: string; readonly what: string; readonly version: number },
): SavedObject {
  if ((data as { readonly format?: unknown } | null)?.format !== format) {
    throw new CamlabError(`${name} is not a saved ${what}`);
  }
  const saved = new SavedObject(data, name);
  const found = saved.any("version");
  if (found !== version) {
    throw new CamlabError(
      `${name} is a saved ${what} of version ${brief(found)}: this camlab reads version ${version}`,
    );
  }
  saved.checkChecksum();
  return saved;
}

/**
 * Plain data with a checksum of its content, which `checkChecksum` compares. It does not depend on the order of fields,
 * on white space or on how numbers are written.
 *
 * @example
 * JSON.stringify(withChecksum({ format: "camlab linear svm", version: 1, … }));
 */
export function withChecksum<T extends object>(data: T): T & { readonly checksum: string } {
  return { ...data, [CHECKSUM]: checksumOf(data) };
}

function checksumOf(data: object): string {
  const text = JSON.stringify(data, (_, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
  return `sha256:${sha256(text)}`;
}

function brief(value: unknown): string {
  if (value === undefined) return "missing";
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "object" && value !== null) return "an object";
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 40 ? `${text.slice(0, 37)}...` : text;
}
