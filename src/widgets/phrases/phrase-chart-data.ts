import type { Box } from "../../kernel-helpers/images/box.js";
import type { MappedPhotos } from "../kit/sheet/mapped-photos.js";

/** A photo with a map over it. */
export interface PhrasePanel {
  /** The photo as a data URI: in colour, or in muted colours under a map. */
  readonly uri: string;
  /** Its proportions: width divided by height. */
  readonly aspect: number;
  /** The map over the whole photo, as a data URI. */
  readonly heatUri?: string;
  /** Parts of the photo that the network did not see, as shares. */
  readonly unseen?: readonly Box[];
  /** Where the phrase is in truth, as shares of the photo's width and height. */
  readonly boxes: readonly Box[];
  /** Whether its captions say the phrase; absent when that is beside the point. */
  readonly holds?: boolean;
  /** What stands below it: "1.24". */
  readonly label: string;
  readonly name: string;
}

/** A heading and photos side by side. */
export interface PhraseRow {
  readonly title: string;
  /** A second, quieter line. */
  readonly note?: string;
  readonly panels: readonly PhrasePanel[];
}

/** Everything that rows of photos show, as plain data. */
export interface PhraseRowsData extends MappedPhotos {
  readonly rows: readonly PhraseRow[];
}

/** Everything that the chart of one phrase shows, as plain data. */
export interface PhraseChartData extends PhraseRowsData {
  readonly text: string;
  readonly subtitle: string;
  /** Precision is taken among the first so many. */
  readonly at: number;
  readonly rounds: readonly { readonly round: number; readonly negatives: number; readonly precision: number }[];
  /** Precision among the first k, from k = 1, by the detector of the first round and of the last. */
  readonly byRank: { readonly before: readonly number[]; readonly after: readonly number[] };
  /** The share of held-out images that say the phrase: what a random order would reach. */
  readonly chance: number;
}
