import { randomUUID } from "node:crypto";
import type { Picture } from "../../kernel-helpers/images/picture.js";
import type { Seen } from "../../kernel-helpers/networks/seen.js";
import { exploreView, type ExploreOptions } from "../../widgets/explore/explore.js";
import { type MimeBundle, Widget } from "../../widgets/kit/widget.js";
import { widget } from "../comms/widget.js";
import { DISPLAY, displayMethod } from "../display/display-method.js";
import { kernelHook } from "../display/kernel-hook.js";
import { ExploreAnswers } from "./explore-answers.js";
import { ExploreTalk } from "./explore-talk.js";
import { EXPLORE_FRONT_END } from "./front-end.js";

/**
 * One photo to look around in: the photo beside the map of a class over it, with the box of the 20 % rule. Where Vega
 * runs, a reader picks the class, holds it against another, changes colours, opacity and the threshold (the box follows,
 * exactly), draws contours, and points at a place to see which classes it spoke for and against.
 *
 * In a notebook of camlab's kernel whose front end has anywidget, it asks the kernel for what is not in the page: any
 * class of the network, another layer, a region looked at anew, another photo. Elsewhere, and until that is known, it is
 * the Vega view alone.
 *
 * @param seen what a network saw in one photo
 * @throws CamlabError for an unknown class, several photos, or an option outside its range
 * @example
 * widgets.explore(await look(network, "street.jpg"), { classes: 8 });
 */
export function explore<P extends Picture>(seen: Seen<P>, options: ExploreOptions = {}): Widget {
  return new Explorer(exploreView(seen, options), () => new ExploreAnswers(seen, options));
}

/** The explorer as a widget that comes alive where a kernel and anywidget are. */
class Explorer extends Widget {
  readonly #view: Widget;
  readonly #answers: () => ExploreAnswers;

  constructor(view: Widget, answers: () => ExploreAnswers) {
    super(() => view.spec());
    this.#view = view;
    this.#answers = answers;
  }

  /** Shows the Vega view at once, and in its place the live one as soon as the front end says that it can run it. */
  async [DISPLAY](): Promise<MimeBundle> {
    const still = (await displayMethod(this.#view)?.()) as MimeBundle;
    const kernel = kernelHook();
    if (!kernel?.comms) return still;
    const id = randomUUID();
    kernel.display(still, { id });
    const live = widget({ esm: EXPLORE_FRONT_END, fallback: { [DISPLAY]: () => still } });
    const talk = new ExploreTalk(this.#answers(), (content, buffers) => live.send(content, buffers));
    live.on("message", (content, buffers) => {
      if ((content as { kind?: unknown } | null)?.kind !== "ready") return void talk.receive(content, buffers);
      void live[DISPLAY]().then((bundle) => kernel.display(bundle, { id, update: true }));
    });
    return {};
  }
}
