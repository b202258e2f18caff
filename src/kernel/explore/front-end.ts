import { UNPACK_VEGA } from "../../widgets/kit/vega-runtime.js";

/**
 * The explorer's front end, as anywidget runs it: the Vega view, and beside it what only a kernel answers. It runs in the
 * browser, so it is text here.
 *
 * It says "ready" as soon as it is there, shown or not, so that the kernel knows that this front end can run it. Each ask
 * has an id, is heard at once, then answered by a spec or an error; where it is not heard, the view says so.
 */
export const EXPLORE_FRONT_END = `
const unpack = ${UNPACK_VEGA};
const STYLE = \`
.camlab-explore { font: 13px/1.4 system-ui, sans-serif; padding: 4px; max-width: 100%; overflow-x: auto; }
.camlab-explore .asks { display: flex; flex-wrap: wrap; gap: 6px 14px; align-items: center; padding: 6px 8px; border-top: 1px solid #e4e7eb; }
.camlab-explore label { display: inline-flex; gap: 6px; align-items: center; }
.camlab-explore .said { min-height: 1.5em; padding: 2px 8px; display: flex; gap: 10px; align-items: center; }
.camlab-explore .said.wrong { color: color-mix(in srgb, currentColor 35%, #d6322f); }
.camlab-explore .dropping { outline: 3px dashed #0b7285; outline-offset: -3px; }
.camlab-explore .vega-bind { display: inline-flex; gap: 8px; align-items: center; margin: 4px 16px 4px 12px; }
\`;
const LARGEST = 8 * 2 ** 20;

const element = (name, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};

/** Asks of the kernel, and their answers. */
function talk(model) {
  const asks = new Map();
  const fail = (id, words) => {
    const ask = asks.get(id);
    clearTimeout(ask?.patience);
    asks.delete(id);
    ask?.reject(new Error(words));
  };
  const patience = (id) =>
    setTimeout(fail, 3000, id, "The kernel does not answer. It is busy, or it was started anew: then run this cell again.");
  const receive = (message, buffers) => {
    const ask = asks.get(message?.id);
    if (!ask) return;
    if (message.kind === "heard") return clearTimeout(ask.patience);
    if (message.kind === "progress") return ask.progress?.(message.words);
    clearTimeout(ask.patience);
    asks.delete(message.id);
    if (message.kind === "failed") ask.reject(new Error(message.error));
    else ask.resolve({ ...message, buffers: buffers ?? [] });
  };
  model.on("msg:custom", receive);
  const ask = (content, { progress, bytes } = {}) => {
    const id = Math.random().toString(36).slice(2);
    const answer = new Promise((resolve, reject) => {
      asks.set(id, { resolve, reject, progress, patience: patience(id) });
    });
    // Where the kernel is gone, sending may fail or do nothing: either way nobody hears, and that is said in time.
    const send = (message, buffers) => {
      try {
        model.send(message, undefined, buffers);
      } catch (error) {
        console.warn("camlab:", error);
      }
    };
    send({ id, ...content }, bytes ? [bytes] : []);
    const cancel = () => {
      const open = asks.get(id);
      if (!open) return;
      // A kernel that was lost after it had heard says nothing of this, either.
      clearTimeout(open.patience);
      open.patience = patience(id);
      send({ kind: "cancel", id });
    };
    return { answer, cancel };
  };
  const end = () => {
    model.off("msg:custom", receive);
    for (const id of [...asks.keys()]) fail(id, "this view is gone");
  };
  return { ask, end };
}

async function vegaOf(ask) {
  const page = globalThis.camlabVega;
  if (page?.vegaEmbed) return page;
  const runtime = (globalThis.camlabLiveVega ??= {});
  // Where the view that asked for it is gone before the answer, the next one asks.
  while (runtime.unpacking) await runtime.unpacking.catch(() => undefined);
  if (runtime.vegaEmbed) return runtime;
  runtime.unpacking = ask({ kind: "runtime" })
    .answer.then(({ buffers: [bytes] }) => unpack(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength), runtime))
    .finally(() => delete runtime.unpacking);
  await runtime.unpacking;
  return runtime;
}

const KEPT = ["colours", "show", "opacity", "dimming", "threshold"];

async function render({ model, el }) {
  const { ask, end } = talk(model);
  const host = element("div");
  const said = element("div", { className: "said" });
  said.setAttribute("role", "status");
  const words = element("span");
  const cancel = element("button", { textContent: "cancel", hidden: true });
  said.append(words, cancel);
  const names = element("datalist", { id: "camlab-" + Math.random().toString(36).slice(2) });
  const wanted = element("input", { type: "text", placeholder: "any class", size: 28 });
  wanted.setAttribute("list", names.id);
  const layer = element("select");
  const atBox = element("button", { textContent: "look at the box anew" });
  const atDrawn = element("button", { textContent: "look at the drawn region anew", title: "drag a rectangle on the left picture first" });
  const whole = element("button", { textContent: "the whole photo again" });
  const file = element("input", { type: "file", accept: "image/*" });
  const asks = element(
    "div",
    { className: "asks" },
    element("label", {}, "another class", wanted, names),
    element("label", {}, "layer", layer),
    atBox,
    atDrawn,
    whole,
    element("label", {}, "another photo (or drop one here)", file),
  );
  const root = element("div", { className: "camlab-explore" }, element("style", { textContent: STYLE }), host, asks, said);
  // JupyterLab would take arrow keys and letters for its own commands.
  root.dataset.lmSuppressShortcuts = "true";
  el.append(root);

  let view;
  let finalize = () => {};
  let running;
  const say = (text, wrong = false) => {
    words.textContent = text;
    said.classList.toggle("wrong", wrong);
  };

  async function showLayers() {
    const { layers, layer: current } = await ask({ kind: "layers" }).answer.catch(() => ({ layers: [] }));
    layer.replaceChildren(...layers.map(({ name, label }) => element("option", { value: name, textContent: label, selected: name === current })));
    layer.disabled = layers.length < 2;
  }

  async function show({ spec, layer: current, whole: isWhole }) {
    const { vegaEmbed, vega } = await vegaOf(ask);
    if (view) {
      for (const signal of spec.signals) if (KEPT.includes(signal.name)) signal.value = view.signal(signal.name);
    }
    const next = element("div");
    const loader = Object.assign(vega.loader(), { load: () => Promise.reject(new Error("a widget carries its data in itself")) });
    const actions = { export: true, source: false, compiled: false, editor: false };
    const drawn = await vegaEmbed(next, spec, { renderer: "svg", actions, loader });
    finalize();
    host.replaceChildren(next);
    ({ view, finalize } = drawn);
    root.camlabView = view;
    root.style.background = spec.background;
    root.style.color = spec.config.text.fill;
    layer.value = current;
    whole.hidden = isWhole;
  }

  async function want(content, bytes) {
    running?.cancel();
    const own = (running = ask(content, { progress: (text) => running === own && say(text + " …"), bytes }));
    say("asking the kernel …");
    cancel.hidden = false;
    try {
      const answer = await own.answer;
      if (running !== own) return;
      await show(answer);
      say(answer.words ?? "");
    } catch (error) {
      if (running === own) say(error.message, true);
      if (content.kind === "layer") showLayers();
    } finally {
      if (running === own) {
        running = undefined;
        cancel.hidden = true;
      }
    }
  }

  cancel.onclick = () => running?.cancel();
  wanted.oninput = async () => {
    const text = wanted.value;
    const { answer } = ask({ kind: "names", text });
    const found = await answer.catch(() => undefined);
    if (found && wanted.value === text) names.replaceChildren(...found.names.map((value) => element("option", { value })));
  };
  let asking;
  const wantClass = () => {
    const name = wanted.value.trim();
    if (!name || name === asking) return;
    asking = name;
    want({ kind: "class", name }).finally(() => (asking = undefined));
  };
  wanted.onchange = wantClass;
  wanted.onkeydown = (event) => {
    event.stopPropagation();
    if (event.key === "Enter") wantClass();
  };
  layer.onchange = () => want({ kind: "layer", layer: layer.value });
  atBox.onclick = () => {
    const [row] = view?.data("boxes") ?? [];
    if (!row) return say("there is no box to look at", true);
    const [x, y, width, height] = row.box;
    want({ kind: "region", region: [x, y, x + width, y + height] });
  };
  atDrawn.onclick = () => {
    const drawn = view?.signal("drawn");
    if (!drawn) return say("drag a rectangle on the left picture first", true);
    want({ kind: "region", region: [Math.min(drawn[0], drawn[2]), Math.min(drawn[1], drawn[3]), Math.max(drawn[0], drawn[2]), Math.max(drawn[1], drawn[3])] });
  };
  whole.onclick = () => want({ kind: "region", region: null });
  const take = async (photo) => {
    if (!photo) return;
    if (photo.size > LARGEST) return say("this photo is larger than 8 MB: look at it in a cell, by its path", true);
    want({ kind: "photo", name: photo.name }, await photo.arrayBuffer());
  };
  file.onchange = () => take(file.files[0]);
  root.ondragover = (event) => {
    event.preventDefault();
    root.classList.add("dropping");
  };
  root.ondragleave = () => root.classList.remove("dropping");
  root.ondrop = (event) => {
    event.preventDefault();
    event.stopPropagation();
    root.classList.remove("dropping");
    take(event.dataTransfer.files[0]);
  };
  want({ kind: "start" }).then(showLayers);
  return () => {
    end();
    finalize();
  };
}

export default {
  initialize({ model }) {
    model.send({ kind: "ready" });
  },
  render,
};
`;
