import { readableName } from "../../images/files/readable-name.js";
import type { Picture, PictureSet } from "../../images/picture.js";
import { CamlabError, messageOf } from "../../support/errors.js";
import { printable } from "../../support/escape.js";
import { alikeNames } from "./alike-names.js";

/** How many of what was left out are named for each reason, and how many reasons are told. */
const [NAMED, REASONS] = [20, 20];

/**
 * Counts the records of one kind that a reader meets, and keeps what it left out with the reason: what goes in comes out
 * or is named.
 *
 * @example
 * const lines = new Tally("lines", "labels");
 * lines.attempt("a.txt, line 3", () => objectOf(line));
 * lines.note(); // "99 of 100 lines of labels; 1 left out: a.txt, line 3 (5 numbers are too few)"
 */
export class Tally {
  #kept = 0;
  #leftOut = 0;
  readonly #byReason = new Map<string, string[]>();

  /**
   * @param things what is counted: "annotations"
   * @param source what they are of: a file or a folder
   */
  constructor(
    readonly things: string,
    readonly source: string,
  ) {}

  get kept(): number {
    return this.#kept;
  }

  get leftOut(): number {
    return this.#leftOut;
  }

  /** Counts records that were read. */
  keep(count = 1): void {
    this.#kept += count;
  }

  /** Counts a record that was not. */
  leaveOut(name: string, reason: string): void {
    this.#leftOut++;
    const names = this.#byReason.get(reason);
    if (names) names.push(name);
    else this.#byReason.set(reason, [name]);
  }

  /**
   * Does the work for one record, and leaves the record out by name when that throws a CamlabError.
   *
   * @returns undefined when it was left out
   */
  attempt<T>(name: string, work: () => T): T | undefined {
    try {
      const result = work();
      this.#kept++;
      return result;
    } catch (error) {
      this.#catch(name, error);
      return undefined;
    }
  }

  /** As `attempt`, for work that takes time. */
  async attemptAsync<T>(name: string, work: () => Promise<T>): Promise<T | undefined> {
    try {
      const result = await work();
      this.#kept++;
      return result;
    } catch (error) {
      this.#catch(name, error);
      return undefined;
    }
  }

  /** What was left out, on one line; undefined when it is nothing. */
  note(): string | undefined {
    if (this.#leftOut === 0) return undefined;
    const total = this.#kept + this.#leftOut;
    const source = readableName(this.source);
    return `${this.#kept} of ${total} ${this.things} of ${source}; ${this.#leftOut} left out: ${this.#named()}`;
  }

  /** The error for a source of which nothing could be kept. */
  useless(): CamlabError {
    const told = `0 of ${this.#leftOut} ${this.things}; ${this.#leftOut} left out: ${this.#named()}`;
    return new CamlabError(`${readableName(this.source)} cannot be used: ${told}`);
  }

  #named(): string {
    const groups = [...this.#byReason];
    const told = groups.slice(0, REASONS).map(([reason, names]) => {
      const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : "";
      return `${names.slice(0, NAMED).map(readableName).join(", ")}${more} (${printable(reason)})`;
    });
    const untold = groups.slice(REASONS).reduce((sum, [, names]) => sum + names.length, 0);
    return [...told, ...(untold > 0 ? [`${untold} more for other reasons`] : [])].join("; ");
  }

  #catch(name: string, error: unknown): void {
    if (!(error instanceof CamlabError)) throw error;
    this.leaveOut(name, messageOf(error));
  }
}

/**
 * What a reader does not give but has to say: counts of what it met, and sentences.
 *
 * @example
 * const reading = new Reading();
 * const rows = reading.count("rows", "list.csv");
 * return reading.set(classes, pictures, "list.csv");
 */
export class Reading {
  readonly #tallies: { readonly tally: Tally; readonly isNeeded: boolean }[] = [];
  readonly #sentences = new Map<string, string[]>();

  /** A count of one kind of record. When there are some and none can be used, the whole cannot. */
  count(things: string, source: string): Tally {
    const tally = new Tally(things, source);
    this.#tallies.push({ tally, isNeeded: true });
    return tally;
  }

  /** A count of what a set can do without: outlines beside boxes, say. */
  countExtras(things: string, source: string): Tally {
    const tally = new Tally(things, source);
    this.#tallies.push({ tally, isNeeded: false });
    return tally;
  }

  /** A sentence about the whole. */
  say(sentence: string): void {
    this.#sentences.set(sentence, []);
  }

  /** A sentence about several files: those about which it is said come behind it. */
  sayOf(sentence: string, file: string): void {
    const files = this.#sentences.get(sentence);
    if (files) files.push(file);
    else this.#sentences.set(sentence, [file]);
  }

  /** Everything that there is to say. */
  notes(): string[] {
    const counted = this.#tallies.flatMap(({ tally }) => tally.note() ?? []);
    const said = [...this.#sentences].map(([sentence, files]) => {
      const more = files.length > NAMED ? ` and ${files.length - NAMED} more` : "";
      const named = files.slice(0, NAMED).map(readableName).join(", ");
      return files.length > 0 ? `${printable(sentence)}: ${named}${more}` : printable(sentence);
    });
    return [...counted, ...said];
  }

  /**
   * The pictures as a set, with everything that there is to say.
   *
   * @param source what was read, as errors call it
   * @throws CamlabError when there are no pictures, or none of what was counted as needed could be used
   */
  set<P extends Picture>(classes: Iterable<string>, pictures: readonly P[], source: string): PictureSet<P> {
    const useless = this.#tallies.find(({ tally, isNeeded }) => isNeeded && tally.kept === 0 && tally.leftOut > 0);
    if (useless) throw useless.tally.useless();
    if (pictures.length === 0) throw new CamlabError(`${readableName(source)} holds no pictures`);
    const names = [...new Set(classes)];
    for (const alike of alikeNames(names)) {
      this.say(`the classes ${alike.map((name) => JSON.stringify(name)).join(" and ")} are read as different ones`);
    }
    const notes = this.notes();
    return { classes: names, pictures, ...(notes.length > 0 && { notes }) };
  }
}
