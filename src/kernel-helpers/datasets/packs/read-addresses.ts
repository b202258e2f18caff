import { extname } from "node:path";
import type { PackedPicture, PictureSet } from "../../images/picture.js";
import { check, optionNames } from "../../support/check.js";
import { CamlabError } from "../../support/errors.js";
import { readTable } from "../files/csv-table.js";
import { readNumberedLines } from "../files/read-text.js";
import { Reading, type Tally } from "../files/reading.js";
import { splitOf } from "../sets/split.js";

/** How files of a server are taken. */
export interface AddressOptions {
  /** A picture of more bytes is not taken; 32 MB unless given. */
  readonly maxBytes?: number;
}

const OPTIONS = optionNames<AddressOptions>({ maxBytes: true });
const MOST = 32 * 2 ** 20;

const COLUMNS = {
  url: { called: ["url", "address", "image_url", "image"] },
  label: { called: ["label", "class"], optional: true },
  caption: { called: ["caption", "text"], optional: true },
  split: { called: ["split"], optional: true },
};

/**
 * Reads a list of pictures on a server of one's own: an address a line, or CSV with a header `url[,label,caption,split]`.
 * A picture is fetched when its turn comes, and kept nowhere. Broken connections and busy servers are tried again, going
 * on where they broke off; redirections are not followed.
 *
 * @throws CamlabError when no line is an address
 * @example
 * const set = await readers.readAddresses("pictures.csv", { maxBytes: 10_000_000 });
 */
export async function readAddresses(file: string, options: AddressOptions = {}): Promise<PictureSet<PackedPicture>> {
  const { maxBytes = MOST } = check.known(options, OPTIONS, "readAddresses");
  check.count("maxBytes", maxBytes);
  const reading = new Reading();
  const pictures = /\.[ct]sv$/i.test(extname(file))
    ? await fromTable(file, maxBytes, reading)
    : await fromLines(file, maxBytes, reading);
  return reading.set([...new Set(pictures.flatMap(({ label }) => label ?? []))].sort(), pictures, file);
}

async function fromTable(file: string, most: number, reading: Reading): Promise<PackedPicture[]> {
  const { rows, tally } = await readTable(file, COLUMNS, "readAddresses", reading);
  return rows.flatMap(({ place, field: { url, label, caption, split } }) => {
    const said = () => ({
      ...(label && { label }),
      ...(caption && { captions: [caption] }),
      ...(split && { split: splitOf(split) }),
    });
    return pictureAt(url, most, tally, place, said);
  });
}

async function fromLines(file: string, most: number, reading: Reading): Promise<PackedPicture[]> {
  const lines = reading.count("lines", file);
  return (await readNumberedLines(file, reading)).flatMap(({ text, number }) => {
    const address = text.trim();
    return address === "" || address.startsWith("#") ? [] : pictureAt(address, most, lines, `line ${number}`);
  });
}

function pictureAt(
  address: string,
  most: number,
  tally: Tally,
  place: string,
  said: () => Partial<PackedPicture> = () => ({}),
): PackedPicture[] {
  const picture = tally.attempt(place, (): PackedPicture => {
    const url = URL.canParse(address) ? new URL(address) : undefined;
    if (url?.protocol !== "http:" && url?.protocol !== "https:") throw new CamlabError("no address of http or https");
    if (url.username !== "" || url.password !== "") throw new CamlabError("it holds a name or a password");
    return { ...said(), file: { kind: "address", pack: url.href, entry: "", most }, id: address };
  });
  return picture ? [picture] : [];
}
