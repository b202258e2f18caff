import { extname } from "node:path";
import { CamlabError, invalid } from "../../kernel-helpers/support/errors.js";
import { escapeHtml, jsonForScript, printable } from "../../kernel-helpers/support/escape.js";
import { rasterise } from "./draw/rasterise.js";
import { writeWhole } from "../../kernel-helpers/support/write-file.js";
import { type DrawnSpec, drawSpec } from "./draw/draw-spec.js";
import { notebookPicture, pagePicture } from "./draw/still-picture.js";
import { isDark } from "./dark-spec.js";
import { htmlPage } from "./html-page.js";
import { shownAs } from "./shown-as.js";
import { showOptions, type ShowOptions } from "./show-options.js";
import { vegaMimeType, type VegaSpec } from "./vega-spec.js";

/** What a Jupyter front end may choose from: MIME type → text, base64 or (for JSON types) an object. */
export type MimeBundle = Readonly<Record<string, unknown>>;

/** Characters of a spec that a notebook is given. */
const MOST_SHOWN = 10e6;

/**
 * Something to see: a Vega or Vega-Lite spec that shows itself in a notebook and saves itself as a file. As the last
 * expression of a notebook cell it is displayed.
 *
 * @example
 * const grid = camGrid(seen);
 * await grid.save("grid.png");
 */
export class Widget {
  readonly #make: () => VegaSpec | Promise<VegaSpec>;
  #spec?: Promise<VegaSpec>;
  #drawn?: Promise<DrawnSpec>;

  /**
   * @param spec the spec, or what makes it; called once, when it is first needed
   * @param options how it is shown; others than these are passed over
   * @throws CamlabError for an option outside its range
   */
  constructor(spec: VegaSpec | (() => VegaSpec | Promise<VegaSpec>), options: ShowOptions = {}) {
    const show = showOptions(options);
    this.#make = async () => shownAs(typeof spec === "function" ? await spec() : spec, show);
  }

  /** The spec: plain JSON that holds its data and pictures. */
  spec(): Promise<VegaSpec> {
    return (this.#spec ??= Promise.resolve().then(this.#make));
  }

  /**
   * The picture as SVG, its text as outlines: it needs no font, but for writings that camlab's own typeface lacks, whose
   * text stays text.
   */
  async toSvg(): Promise<string> {
    return (await this.#draw()).svg;
  }

  /**
   * The picture as PNG.
   *
   * @throws CamlabError for a scale that is not above 0 and up to 8
   */
  async toPng({
    scale = 2,
  }: {
    /** Pixels of the PNG per pixel of the spec; 2, for sharp screens and print, unless given. */
    readonly scale?: number;
  } = {}): Promise<Buffer> {
    if (!(scale > 0 && scale <= 8)) throw invalid("scale", scale, "0 < scale ≤ 8");
    return rasterise((await this.#draw()).printed, scale, "png");
  }

  /** A page of its own that works from a disk without a network; without JavaScript it shows the picture. */
  async toHtml({ title }: { readonly title?: string } = {}): Promise<string> {
    return htmlPage({ title: title ?? "camlab", sections: [this] });
  }

  /**
   * The widget as a piece of a page: a still picture that becomes live wherever `vegaRuntimeScript()` is on the page.
   */
  async toHtmlFragment(): Promise<string> {
    const [spec, { printed: svg }] = await Promise.all([this.spec(), this.#draw()]);
    const { type, bytes } = await pagePicture(svg);
    const width = /<svg[^>]*? width="([\d.]+)"/.exec(svg)?.[1] ?? "800";
    return (
      `<figure class="camlab-widget"${isDark(spec) ? ' data-theme="dark"' : ""} style="margin:0">` +
      `<img src="data:${type};base64,${bytes.toString("base64")}" alt="${escapeHtml(spec.description ?? "")}" ` +
      `style="width:${width}px;max-width:100%;height:auto">` +
      `<script type="application/json">${jsonForScript(spec)}</script></figure>`
    );
  }

  /**
   * Saves the widget; the ending of the name says as what.
   *
   * @param path ends in `.svg`, `.png`, `.html` or `.json` (the spec)
   * @throws CamlabError for another ending
   */
  async save(path: string): Promise<void> {
    const ending = extname(path).toLowerCase();
    if (ending === ".svg") await writeWhole(path, await this.toSvg());
    else if (ending === ".png") await writeWhole(path, await this.toPng());
    else if (ending === ".html") await writeWhole(path, await this.toHtml());
    else if (ending === ".json") await writeWhole(path, `${JSON.stringify(await this.spec(), null, 1)}\n`);
    else throw invalid("file name", path, "an ending .svg, .png, .html or .json");
  }

  #draw(): Promise<DrawnSpec> {
    return (this.#drawn ??= this.spec().then(drawSpec));
  }

  /**
   * What a notebook shows: the spec where it can draw it, a page fragment, a picture, a sentence.
   *
   * @throws CamlabError for a widget of more than 10 MB, which front ends choke on
   */
  async [Symbol.for("Jupyter.display")](): Promise<MimeBundle> {
    const spec = await this.spec();
    const size = JSON.stringify(spec).length;
    if (size > MOST_SHOWN) {
      const [is, most] = [size, MOST_SHOWN].map((bytes) => `${Math.round(bytes / 1e6)} MB`);
      throw new CamlabError(
        `this widget is ${is}, and a notebook shows ${most} at most: show fewer photographs or classes at a time, ` +
          `make the pictures smaller (size), or save it to a file (save("figure.html"))`,
      );
    }
    const { printed } = await this.#draw();
    const { type, bytes } = await notebookPicture(printed);
    return {
      [vegaMimeType(spec)]: spec,
      "text/html": await this.toHtmlFragment(),
      [type]: bytes.toString("base64"),
      "text/plain": printable(spec.description ?? "a camlab widget"),
    };
  }
}
