/** Elements of which tables and progress bars are made, and the attributes that they may carry, with their values. */
const ELEMENTS = new Set("table caption thead tbody tfoot tr th td p div progress br".split(" "));
const ATTRIBUTE = /^\s+(?:style="text-align:\s?(?:left|right|center)"|(?:value|max|colspan|rowspan)="\d{1,9}")/;
const ALONE = new Set(["br"]);

/**
 * Whether HTML is nothing but a table or a progress bar with text, as camlab shows them: no other element, no other
 * attribute, every element closed. It can run nothing, load nothing, look like nothing else of the page, so it may be
 * shown whoever made it.
 *
 * @example
 * isInertHtml("<table><tr><td>1</td></tr></table>"); // true
 * isInertHtml("<b onclick='steal()'>1</b>"); // false
 */
export function isInertHtml(html: string): boolean {
  const open: string[] = [];
  let rest = html;
  while (rest) {
    const text = /^[^<]+/.exec(rest)?.[0].length ?? 0;
    rest = rest.slice(text);
    if (!rest) break;
    const tag = /^<(\/?)([a-z]+)/.exec(rest);
    if (!tag || !ELEMENTS.has(tag[2])) return false;
    rest = rest.slice(tag[0].length);
    for (let found = ATTRIBUTE.exec(rest); found && !tag[1]; found = ATTRIBUTE.exec(rest)) {
      rest = rest.slice(found[0].length);
    }
    if (!rest.startsWith(">")) return false;
    rest = rest.slice(1);
    if (tag[1] ? open.pop() !== tag[2] : !ALONE.has(tag[2]) && open.push(tag[2]) > MOST_NESTED) return false;
  }
  return open.length === 0;
}

/** Elements within each other at most. */
const MOST_NESTED = 50;
