import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { jsonForScript } from "../../kernel-helpers/support/escape.js";
import { DARK_TABLE } from "./dark-spec.js";

let script: Promise<string> | undefined;

/**
 * The Vega runtime for a page or a notebook, once each: as HTML, compressed (about 370 KB). It makes every widget of
 * the page live, also those that come later. It needs no network.
 *
 * @example
 * const page = `<body>${await widget.toHtmlFragment()}${await vegaRuntimeScript()}</body>`;
 */
export function vegaRuntimeScript(): Promise<string> {
  return (script ??= makeScript());
}

async function makeScript(): Promise<string> {
  const packed = (await packedVega()).toString("base64");
  return `<script>(${START_RUNTIME})("${packed}", ${jsonForScript(DARK_TABLE)});</script>`;
}

let packed: Promise<Buffer> | undefined;

/** Vega, Vega-Lite and Vega-Embed, compressed; `UNPACK_VEGA` makes them out of it. */
export function packedVega(): Promise<Buffer> {
  return (packed ??= packVega());
}

async function packVega(): Promise<Buffer> {
  const require = createRequire(import.meta.url);
  const sources = await Promise.all(
    ["vega", "vega-lite", "vega-embed"].map((name) =>
      readFile(join(dirname(require.resolve(name)), `${name}.min.js`), "utf8"),
    ),
  );
  // The wrapper hides a module loader of the host page (RequireJS in notebooks), which the bundles would prefer.
  const wrapped = sources.map((source) => `(function(define,exports,module,require){${source}\n}).call(globalThis);`);
  return promisify(gzip)(wrapped.join("\n"), { level: 9 });
}

/**
 * Runs in the browser, so it is text here: puts the three into the object that it is given, for all widgets of the page.
 * The bundles put themselves into three globals; what the host page had there is given back.
 */
export const UNPACK_VEGA = `async (bytes, runtime) => {
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const code = await new Response(unpacked).text();
  const names = ["vega", "vegaLite", "vegaEmbed"];
  const before = names.map((name) => globalThis[name]);
  (0, eval)(code);
  names.forEach((name, i) => {
    runtime[name] = globalThis[name];
    if (before[i] === undefined) delete globalThis[name];
    else globalThis[name] = before[i];
  });
}`;

/**
 * Runs in the browser, so it is text here. A widget that cannot be drawn keeps its still picture. On a page that is
 * dark, and when it turns so, widgets are drawn dark: as `darkSpec` does.
 */
const START_RUNTIME = `async (packed, dark) => {
  if (globalThis.camlabVega) return;
  const runtime = (globalThis.camlabVega = {});
  await (${UNPACK_VEGA})(Uint8Array.from(atob(packed), (c) => c.charCodeAt(0)), runtime);
  const prefersDark = matchMedia("(prefers-color-scheme: dark)");
  const darkened = (value, key) => {
    if (typeof value === "string") {
      return dark.keys.includes(key) && value !== dark.ground ? (dark.colours[value] ?? value) : value;
    }
    if (Array.isArray(value)) return value.map((each) => darkened(each, key));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, darkened(each, name)]));
  };
  const shownSpec = (figure, spec) => {
    if (!prefersDark.matches || spec.background !== dark.ground) return spec;
    figure.dataset.shown = "dark";
    return { ...darkened(spec), background: dark.colours[dark.ground] };
  };
  const show = async (figure) => {
    const data = figure.querySelector('script[type="application/json"]');
    if (!data || figure.dataset.live) return;
    figure.dataset.live = "true";
    delete figure.dataset.shown;
    const host = document.createElement("div");
    const refuse = () => Promise.reject(new Error("a widget carries its data in itself"));
    const actions = { export: true, source: false, compiled: false, editor: false };
    try {
      figure.append(host);
      const loader = Object.assign(runtime.vega.loader(), { load: refuse });
      const spec = shownSpec(figure, JSON.parse(data.textContent));
      const { finalize } = await runtime.vegaEmbed(host, spec, { renderer: "svg", actions, loader });
      figure.querySelector("img").hidden = true;
      host.querySelector("summary")?.setAttribute("aria-label", "save the figure");
      for (const cells of host.querySelectorAll('[class*="voronoi"]')) cells.setAttribute("aria-hidden", "true");
      for (const group of host.querySelectorAll('g[role="graphics-symbol"]:not([aria-label])')) {
        group.setAttribute("aria-label", (group.getAttribute("aria-roledescription") ?? "mark").replace(" container", "s"));
      }
      prefersDark.addEventListener(
        "change",
        () => {
          finalize();
          host.remove();
          delete figure.dataset.live;
          show(figure);
        },
        { once: true },
      );
    } catch (error) {
      host.remove();
      delete figure.dataset.shown;
      console.warn("camlab: the widget stays a still picture:", error);
    }
  };
  const showAll = () => document.querySelectorAll("figure.camlab-widget").forEach(show);
  new MutationObserver(showAll).observe(document, { childList: true, subtree: true });
  showAll();
}`;
