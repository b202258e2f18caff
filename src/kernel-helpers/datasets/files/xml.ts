import { readableName } from "../../images/files/readable-name.js";
import { CamlabError, messageOf } from "../../support/errors.js";
import { printable } from "../../support/escape.js";
import { decodeXml } from "./decode-xml.js";
import { notOfLayout } from "./layouts.js";
import { readBytes } from "./read-text.js";
import type { Reading } from "./reading.js";

/** An element of an XML file as plain data. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Its own text, without that of its children, trimmed. */
  readonly text: string;
}

/**
 * Reads an XML file of annotations, in the encoding that it declares. Nothing that it refers to is loaded.
 *
 * @param reading where to say what was assumed about the file
 * @returns its root element
 * @throws CamlabError when the file cannot be read or is no XML: the message names file and place
 * @example
 * const root = await readXml("annotations/bedroom.xml");
 * childrenOf(root, "object").map((object) => textOf(object, "name"));
 */
export async function readXml(path: string, reading?: Reading): Promise<XmlElement> {
  const bytes = await readBytes(path);
  let decoded: ReturnType<typeof decodeXml>;
  try {
    decoded = decodeXml(bytes);
  } catch (error) {
    throw new CamlabError(`${readableName(path)} is no XML that can be read: ${messageOf(error)}`);
  }
  if (decoded.assumed) reading?.sayOf(`neither UTF-8 nor a declared encoding, so read as ${decoded.assumed}`, path);
  // Damaged XML is still what it was; anything else may be of another layout.
  if (!/^\s*</.test(decoded.text))
    throw await notOfLayout(
      path,
      "",
      decoded.text.trim() === "" ? "is no XML: it is empty" : "is no XML: it does not begin with <",
    );
  return parseXml(decoded.text, readableName(path));
}

/**
 * XML text as plain data.
 *
 * @param source what the text is called in messages
 * @throws CamlabError when it is no XML
 * @example
 * (await parseXml("<a><b>1</b></a>")).children[0].text; // "1"
 */
export async function parseXml(text: string, source = "the text"): Promise<XmlElement> {
  const { DOMParser } = await import("@xmldom/xmldom");
  // Older tools write a bare "&" into names; that is the only fault that is put up with.
  const mended = text.replace(/^\uFEFF/, "").replace(/&(?![a-z]+;|#\d+;|#x[0-9a-f]+;)/gi, "&amp;");
  // The parser wraps what it is thrown in words of its own.
  let reported: string | undefined;
  try {
    const parser = new DOMParser({
      onError: (level, message) => {
        if (level === "warning") return;
        reported ??= message;
        throw new Error(message);
      },
    });
    const root = parser.parseFromString(mended, "text/xml").documentElement;
    if (!root) throw new Error("it has no element");
    return elementOf(root);
  } catch (error) {
    throw new CamlabError(
      `${source} is no XML: ${printable((reported ?? messageOf(error)).split("\n")[0]).slice(0, 200)}`,
    );
  }
}

/** The children of that name, in order. */
export function childrenOf(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter((child) => child.name === name);
}

/** The text of the first child of that name; undefined when there is none. */
export function textOf(element: XmlElement, name: string): string | undefined {
  return element.children.find((child) => child.name === name)?.text;
}

type DomElement = NonNullable<ReturnType<import("@xmldom/xmldom").DOMParser["parseFromString"]>["documentElement"]>;

function elementOf(element: DomElement): XmlElement {
  const children: XmlElement[] = [];
  let text = "";
  for (let node = element.firstChild; node; node = node.nextSibling) {
    if (node.nodeType === 1) children.push(elementOf(node as DomElement));
    // Text and CDATA.
    else if (node.nodeType === 3 || node.nodeType === 4) text += node.nodeValue ?? "";
  }
  const attributes: Record<string, string> = {};
  for (let i = 0; i < element.attributes.length; i++) {
    const { name, value } = element.attributes[i];
    attributes[name] = value;
  }
  return { name: element.tagName, attributes, children, text: text.trim() };
}
