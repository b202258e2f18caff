import type { OnProgress } from "../../../support/progress.js";

/** What is read of LabelMe annotations. */
export interface LabelMeOptions {
  /** The folder of the images; `Images` beside the annotations' folder, where there is one, unless given. */
  readonly images?: string;
  /** The folder of the masks of objects that were segmented; `Masks` beside the annotations' folder unless given. */
  readonly masks?: string;
  /** Only these scenes, by the name that `label` has. */
  readonly scenes?: readonly string[];
  /** Called after each file of annotations. */
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}
