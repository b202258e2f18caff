import { messageOf } from "../../../kernel-helpers/support/errors.js";
import { escapeHtml } from "../../../kernel-helpers/support/escape.js";

/** TeX to MathML. */
export type RenderTex = (tex: string, display: boolean) => string;

/** Sizes at most, in em and in points: a rule of 9999em would lie over the whole page. */
const LARGEST: [number, number] = [40, 600];

/**
 * A renderer of TeX as MathML, for one page: definitions (`\newcommand`, `\def` …) hold in what comes after, as in
 * Jupyter. What cannot be read is shown as it is, in red, with the reason. Links, pictures and HTML in it are not
 * trusted.
 *
 * @example
 * const tex = await texRenderer();
 * tex("\\sum_k w_k F_k", true);
 */
export async function texRenderer(): Promise<RenderTex> {
  const temml = (await import("temml")).default;
  const macros: Record<string, unknown> = {};
  return (source, displayMode) => {
    const tex = knownTex(source);
    for (const [, name] of tex.matchAll(NEW_COMMAND)) Reflect.deleteProperty(macros, name);
    const readable = tex.replace(NEW_COMMAND, "\\providecommand{$1}");
    try {
      const html = temml.renderToString(readable, { displayMode, macros, annotate: false, maxSize: LARGEST });
      if (DEFINITION.test(readable)) Object.assign(macros, temml.definePreamble(readable, { macros }));
      return html;
    } catch (error) {
      return `<span class="temml-error">${escapeHtml(source)}\n${escapeHtml(messageOf(error))}</span>`;
    }
  };
}

const NEW_COMMAND = /\\newcommand\*?\s*\{?\s*(\\[a-zA-Z]+)\s*\}?/g;
const DEFINITION = /\\(?:providecommand|renewcommand|def|gdef|let|DeclareMathOperator)(?![a-zA-Z])/;

/** Environments that Temml does not know, as ones that it does. */
const KNOWN: readonly (readonly [RegExp, string])[] = [
  [/\\begin\{eqnarray\*?\}/g, "\\begin{array}{rcl}"],
  [/\\end\{eqnarray\*?\}/g, "\\end{array}"],
  [/\\(begin|end)\{flalign(\*?)\}/g, "\\$1{align$2}"],
  [/\\(begin|end)\{dmath(\*?)\}/g, "\\$1{equation$2}"],
  [/\\(?:begin|end)\{(?:displaymath|math|subequations)\}/g, ""],
];

function knownTex(tex: string): string {
  return KNOWN.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), tex);
}
