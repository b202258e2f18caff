import type { Box } from "../../kernel-helpers/images/box.js";

/** Everything that a feature explorer shows, as plain data. */
export interface FeatureExplorerData {
  readonly title: string;
  /** What is shown of how many, and how the plane was made. */
  readonly subtitle: string;
  /** What the two axes are. */
  readonly axes: readonly [across: string, up: string];
  /** In the order of the legend. */
  readonly labels: readonly string[];
  /** In the order in which the keyboard goes through them. */
  readonly points: readonly FeaturePoint[];
  /** What the colours of the maps mean; absent without maps. */
  readonly ramp?: { readonly colours: readonly string[]; readonly labels: readonly string[] };
  readonly opacity: number;
  readonly dimming: number;
  /** The longer side of a photo, in pixels. */
  readonly size: number;
}

/** A picture as a point. */
export interface FeaturePoint {
  readonly x: number;
  readonly y: number;
  /** Index into `labels`. */
  readonly label: number;
  readonly name: string;
  /** The photo as a data URI, and its proportions. */
  readonly uri: string;
  readonly aspect: number;
  /** The photo in muted colours, and the map over it, where there is one. */
  readonly map?: {
    readonly mutedUri: string;
    readonly heatUri: string;
    readonly of: string;
    readonly unseen: readonly Box[];
  };
}
