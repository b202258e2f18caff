import { closeSync, openSync, readdirSync, readSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { facesOf, glyphsOf } from "./sfnt.js";

/**
 * Which of some characters no font of this machine has. Only their tables of characters are read, likely fonts first,
 * and only until every character is found.
 *
 * @param characters single characters
 * @param folders where fonts lie; the machine's own unless given
 * @example
 * missingEverywhere(["鹦", "鹉"]); // [] where a Chinese font is installed
 */
export function missingEverywhere(characters: readonly string[], folders = fontFolders()): string[] {
  const known = knownFonts(folders);
  let asked = [...new Set(characters)];
  for (let i = 0; asked.length > 0; i++) {
    const glyphOf = known.table(i);
    if (!glyphOf) break;
    asked = asked.filter((character) => glyphOf(character.codePointAt(0)!) === 0);
  }
  return asked;
}

/** The tables of characters of fonts, each read when it is first asked for. */
interface KnownFonts {
  /** Undefined after the last. */
  table(i: number): ((codePoint: number) => number) | undefined;
}

const LONGEST_LIST = 5000;
const knownByFolders = new Map<string, KnownFonts>();

function knownFonts(folders: readonly string[]): KnownFonts {
  const key = folders.join("\n");
  const known = knownByFolders.get(key) ?? readFonts(folders);
  knownByFolders.set(key, known);
  return known;
}

function readFonts(folders: readonly string[]): KnownFonts {
  const files = folders.flatMap((folder) => fontFiles(folder, 0)).slice(0, LONGEST_LIST);
  const unread = [...files.filter((file) => LIKELY.test(file)), ...files.filter((file) => !LIKELY.test(file))];
  const tables: ((codePoint: number) => number)[] = [];
  return {
    table(i) {
      while (i >= tables.length && unread.length > 0) tables.push(...tablesOf(unread.shift()!));
      return tables[i];
    },
  };
}

/** Fonts for the writings that most often lack one. */
const LIKELY =
  /cjk|fallback|unicode|pingfang|hiragino|heiti|songti|gothic|mincho|msyh|msjh|simsun|simhei|malgun|batang|wqy|nanum|unifont|noto|indic|lohit|thai/i;

function fontFolders(): string[] {
  const home = homedir();
  if (process.platform === "win32") {
    const local = process.env.LOCALAPPDATA ?? join(home, "AppData", "Local");
    return [join(process.env.WINDIR ?? "C:\\Windows", "Fonts"), join(local, "Microsoft", "Windows", "Fonts")];
  }
  if (process.platform === "darwin") {
    return ["/System/Library/Fonts", "/System/Library/AssetsV2", "/Library/Fonts", join(home, "Library", "Fonts")];
  }
  const data = process.env.XDG_DATA_HOME ?? join(home, ".local", "share");
  return ["/usr/share/fonts", "/usr/local/share/fonts", join(data, "fonts"), join(home, ".fonts")];
}

function fontFiles(folder: string, depth: number): string[] {
  if (depth > 6) return [];
  try {
    const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
    return entries.flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return fontFiles(path, depth + 1);
      return /\.(ttf|otf|ttc|otc)$/i.test(entry.name) ? [path] : [];
    });
  } catch {
    return [];
  }
}

/** A file that cannot be read, or is none, has no characters. */
function tablesOf(file: string): ((codePoint: number) => number)[] {
  let handle: number | undefined;
  try {
    handle = openSync(file, "r");
    const open = handle;
    const read = (offset: number, length: number) => {
      const bytes = Buffer.alloc(Math.min(length, LARGEST_READ));
      return bytes.subarray(0, readSync(open, bytes, 0, bytes.length, offset));
    };
    return facesOf(read).map((face) => glyphsOf(read, face));
  } catch {
    return [];
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

const LARGEST_READ = 8 * 2 ** 20;
