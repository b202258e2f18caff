import { highlight } from "./highlight.js";
import { addDetails } from "./markdown-details.js";
import { addMath } from "./markdown-math.js";
import type { RenderTex } from "./tex-html.js";

/** Markdown to HTML. */
export type RenderMarkdown = (source: string) => string;

/** How Markdown is rendered. */
export interface MarkdownOptions {
  readonly tex: RenderTex;
  /** What an image's address becomes; as it is when it returns undefined. */
  readonly imageOf?: (address: string) => string | undefined;
  /** HTML in the source is used as it is; unless given it is shown as text, but for folds (`<details>`). */
  readonly html?: boolean;
}

/**
 * A renderer of Markdown with formulas as MathML (no fonts, no script) and TypeScript code in colours.
 *
 * @example
 * const render = await markdownRenderer({ tex: await texRenderer() });
 * render("the sum $\\sum_k w_k F_k$");
 */
export async function markdownRenderer({ tex, imageOf, html = false }: MarkdownOptions): Promise<RenderMarkdown> {
  const MarkdownIt = (await import("markdown-it")).default;
  const markdown = new MarkdownIt({
    html,
    highlight: (code, language) => (/^(ts|typescript|js|javascript|json)?$/.test(language) ? highlight(code) : ""),
  });
  addMath(markdown, tex);
  addDetails(markdown);
  const image = markdown.renderer.rules.image;
  markdown.renderer.rules.image = (tokens, index, options, env, self) => {
    const token = tokens[index];
    const replaced = imageOf?.(String(token.attrGet("src") ?? ""));
    if (replaced !== undefined) token.attrSet("src", replaced);
    return image(tokens, index, options, env, self);
  };
  return (source) => markdown.render(source);
}
