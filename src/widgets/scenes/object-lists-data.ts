import type { ObjectLists } from "../../kernel-helpers/discovery/scenes/scene-findings.js";

/** What is known beforehand about an object in a scene. */
export type ObjectKind = "own" | "common" | "other";

/** A bar of a list. */
export interface ListedObject {
  readonly name: string;
  /** Length of the bar, 0–1. */
  readonly share: number;
  readonly kind?: ObjectKind;
  /** What is said of it when pointed at: "in 24 of 30 photos". */
  readonly detail: string;
}

/** A scene and its two lists. */
export interface ListedScene extends ObjectLists<ListedObject> {
  readonly scene: string;
  readonly caption: string;
}

/** Two lists of objects for each scene, as plain data. */
export interface ObjectListsData {
  readonly scenes: readonly ListedScene[];
  /** What common objects are called. */
  readonly commonWord: string;
  /** Scenes a row. */
  readonly columns: number;
  /** Width of a list of bars, in pixels. */
  readonly width: number;
}
