import { readFile } from "node:fs/promises";
import { isAbsolute, normalize, win32 } from "node:path";
import { CamlabError, messageOf } from "../support/errors.js";
import { sha256OfFile } from "../support/hash.js";
import type { NetworkCard } from "./network-card.js";

/**
 * Reads a network's card and checks its form.
 *
 * @throws CamlabError naming the file and the field that is missing or wrong
 * @example
 * const card = await readCard("models/teaching/card.json");
 */
export async function readCard(path: string): Promise<NetworkCard> {
  const card = await readJson(path);
  const wrong = (field: string, expected: string) =>
    new CamlabError(`cannot use the card ${path}: ${field} should be ${expected}`);
  if (!isRecord(card)) throw wrong("it", "a JSON object");
  for (const field of ["name", "title", "licence", "origin"]) {
    if (typeof card[field] !== "string") throw wrong(field, "a text");
  }
  if (!isRecord(card.preprocessing)) throw wrong("preprocessing", "an object");
  if (!isRecord(card.hashes)) throw wrong("hashes", "an object of SHA-256 sums by file name");
  const unlike = Object.entries(card.hashes).find(([, sum]) => typeof sum !== "string");
  if (unlike) throw wrong(`hashes[${JSON.stringify(unlike[0])}]`, "a SHA-256 sum in hexadecimal");
  if (!isTexts(card.classes)) {
    if (!isRecord(card.classes) || typeof card.classes.file !== "string") {
      throw wrong("classes", 'a list of names, or { "file": "classes.json" }');
    }
    if (!staysWithin(card.classes.file)) throw wrong("classes.file", "a file in the card's own folder or below it");
  }
  if (!["softmax", "sigmoid", undefined].includes(card.probabilities as string | undefined)) {
    throw wrong("probabilities", '"softmax" or "sigmoid"');
  }
  if (card.channels !== undefined && !isTexts(card.channels)) throw wrong("channels", "a list of names");
  return card as unknown as NetworkCard;
}

/** Whether a file name leads nowhere else: a card from elsewhere must not make camlab read other files. */
function staysWithin(file: string): boolean {
  const way = normalize(file);
  return file !== "" && !isAbsolute(way) && !win32.isAbsolute(file) && !way.split(/[\\/]/).includes("..");
}

/**
 * Checks that a file is the one that a card describes.
 *
 * @throws CamlabError when its SHA-256 differs
 */
export async function checkHash(path: string, expected: string): Promise<void> {
  const found = await sha256OfFile(path);
  if (found === expected.toLowerCase()) return;
  throw new CamlabError(
    `${path} is not the file that its card describes: its SHA-256 is ${found}, the card says ${expected}. Get it again; ` +
      "or, if it is another network on purpose, put a card.json of its own beside it",
  );
}

async function readJson(path: string): Promise<unknown> {
  try {
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
