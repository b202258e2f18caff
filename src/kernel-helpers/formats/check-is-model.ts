import { CamlabError } from "../support/errors.js";

/** What people get instead of a model, by how it begins, and what to do then. */
const INSTEAD: readonly (readonly [begins: RegExp, what: string])[] = [
  [
    /^version https:\/\/git-lfs/,
    "it is a Git LFS pointer, not the model itself: get that with `git lfs pull`, or download the file itself",
  ],
  [
    /^\s*<(!doctype html|html|head)\b/i,
    "it is a web page, not a model: its address needs a login or an agreement, or is that of a page about the file",
  ],
  [/^\s*<\?xml\b/, "it is an XML document, not a model: a server's message is often one; read it as text"],
  // eslint-disable-next-line no-control-regex
  [/^(\x1f\x8b|BZh|\xfd7zXZ|7z\xbc\xaf|Rar!|\x28\xb5\x2f\xfd)/, "it is packed: unpack it first"],
];

/**
 * Refuses what people get instead of a model: a pointer, a web page, a packed file.
 *
 * @param head how the file begins
 * @throws CamlabError that says what it is, and what to do
 */
export function checkIsModel(path: string, head: Uint8Array): void {
  const text = Buffer.from(head.subarray(0, 512))
    .toString("latin1")
    .replace(/^\xef\xbb\xbf/, "");
  const found = INSTEAD.find(([begins]) => begins.test(text));
  if (found) throw new CamlabError(`cannot open ${path}: ${found[1]}`);
}
