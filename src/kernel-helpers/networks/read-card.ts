import { readFile, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, normalize, resolve, win32 } from "node:path";
import { CamlabError, messageOf } from "../support/errors.js";
import { wholeFileSize } from "../graph/onnx/whole-file.js";
import { sha256, sha256OfBuffer, sha256OfFile } from "../support/hash.js";
import type { NetworkCard } from "./network-card.js";
import { checkTasks, type NetworkTasks } from "./tasks/task-settings.js";

/** A card as it lies in a file: its classes may be told elsewhere. */
export type ReadCard = Omit<NetworkCard, "classes"> & Partial<Pick<NetworkCard, "classes">>;

/**
 * Reads a network's card and checks its form. Only `preprocessing` is needed: without a name the card takes that of its
 * folder, and what else is missing is not stated.
 *
 * @throws CamlabError naming the file and the field that is missing or wrong
 * @example
 * const card = await readCard("models/teaching/card.json");
 */
export async function readCard(path: string): Promise<ReadCard> {
  const card = await readJson(path);
  const wrong = (field: string, expected: string) =>
    new CamlabError(`cannot use the card ${path}: ${field} should be ${expected}`);
  if (!isRecord(card)) throw wrong("it", "a JSON object");
  for (const field of ["name", "title", "licence", "origin"]) {
    if (card[field] !== undefined && typeof card[field] !== "string") throw wrong(field, "a text");
  }
  if (!isRecord(card.preprocessing)) throw wrong("preprocessing", "an object");
  const hashes = card.hashes ?? {};
  if (!isRecord(hashes)) throw wrong("hashes", "an object of SHA-256 sums by file name");
  const unlike = Object.entries(hashes).find(([, sum]) => typeof sum !== "string");
  if (unlike) throw wrong(`hashes[${JSON.stringify(unlike[0])}]`, "a SHA-256 sum in hexadecimal");
  if (card.classes !== undefined && !isTexts(card.classes)) {
    if (!isRecord(card.classes) || typeof card.classes.file !== "string") {
      throw wrong("classes", 'a list of names, or { "file": "classes.json" }');
    }
    if (!staysWithin(card.classes.file)) throw wrong("classes.file", "a file in the card's own folder or below it");
  }
  if (!["softmax", "sigmoid", undefined].includes(card.probabilities as string | undefined)) {
    throw wrong("probabilities", '"softmax" or "sigmoid"');
  }
  if (card.channels !== undefined && !isTexts(card.channels)) throw wrong("channels", "a list of names");
  try {
    checkTasks(card.tasks as NetworkTasks | undefined);
  } catch (error) {
    throw new CamlabError(`cannot use the card ${path}: ${messageOf(error)}`);
  }
  const name =
    basename(path) === "card.json" ? basename(dirname(resolve(path))) : basename(path).replace(/(\.card)?\.json$/, "");
  const usual = { name, title: card.name ?? name, licence: "not stated", origin: "not stated" };
  return { ...usual, ...card, hashes } as unknown as ReadCard;
}

/** Whether a file name leads nowhere else: a card from elsewhere must not make camlab read other files. */
function staysWithin(file: string): boolean {
  const way = normalize(file);
  return file !== "" && !isAbsolute(way) && !win32.isAbsolute(file) && !way.split(/[\\/]/).includes("..");
}

/**
 * Checks that a file is the one that a card describes.
 *
 * @returns its bytes, unless there are so many that they were not kept
 * @throws CamlabError when its SHA-256 differs
 */
export async function checkedBytes(path: string, expected: string): Promise<Uint8Array | undefined> {
  const isSmall = (await wholeFileSize(path, path)) <= LARGEST_KEPT;
  const bytes = isSmall ? await readFile(path) : undefined;
  const found = bytes ? hashOf(bytes) : await sha256OfFile(path);
  if (found === expected.toLowerCase()) return bytes;
  throw new CamlabError(
    `${path} is not the file that its card describes: its SHA-256 is ${found}, the card says ${expected}. Get it again; ` +
      "or, if it is another network on purpose, put a card.json of its own beside it",
  );
}

/** Larger files are read piece by piece, and once more. */
const LARGEST_KEPT = 2 ** 30;

/** Where bytes are all of a buffer, their hash need not be computed again. */
function hashOf({ buffer, byteOffset, byteLength }: Uint8Array): string {
  const isAll = byteLength === buffer.byteLength;
  return isAll ? sha256OfBuffer(buffer) : sha256(new Uint8Array(buffer, byteOffset, byteLength));
}

const LARGEST = 64 * 2 ** 20;

async function readJson(path: string): Promise<unknown> {
  try {
    const found = await stat(path);
    if (!found.isFile()) throw new CamlabError("it is no file");
    if (found.size > LARGEST) throw new CamlabError("it is larger than any card");
    return JSON.parse((await readFile(path, "utf8")).replace(/^\uFEFF/, "")) as unknown;
  } catch (error) {
    throw new CamlabError(`cannot read ${path}: ${messageOf(error)}`);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}
