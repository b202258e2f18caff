// What the examples of doc comments take for granted.
import type {
  boxes,
  discover,
  engines,
  FeatureTable,
  graph,
  HeatMap,
  images,
  LinearSvm,
  Network,
  Picture,
  PictureSet,
  Seen,
  tables,
  Widget,
} from "../../src/index.js";

export declare const network: Network;
export declare const seen: Seen;
export declare const seenA: Seen;
export declare const seenB: Seen;
export declare const map: HeatMap;
export declare const features: FeatureTable;
export declare const trainFeatures: FeatureTable;
export declare const testFeatures: FeatureTable;
export declare const data: Float32Array;
export declare const labels: readonly string[];
export declare const trainLabels: readonly string[];
export declare const testLabels: readonly string[];
export declare const truth: readonly string[];
export declare const predicted: readonly string[];
export declare const detector: LinearSvm<string>;
export declare const detectorWeights: Float32Array;
export declare const pictures: readonly images.AnnotatedPicture[];
export declare const picture: Picture;
export declare const photo: string;
export declare const photos: readonly string[];
export declare const set: PictureSet<images.AnnotatedPicture>;
export declare const files: readonly string[];
export declare const chart: Widget;
export declare const grid: Widget;
export declare const pixels: images.Image;
export declare const image: images.Image;
export declare const prepared: images.PreparedImage;
export declare const placement: images.Placement;
export declare const net: graph.Graph;
export declare const head: graph.GapHead;
export declare const field: graph.ReceptiveField;
export declare const engine: engines.Engine;
export declare const box: NonNullable<boxes.FoundBox["box"]>;
export declare const model: discover.AnswerModel;
export declare const questions: readonly discover.PhotoQuestion[];
export declare const tasks: readonly discover.TaskSet[];
export declare const results: readonly (Seen | images.SkippedPicture)[];
export declare const positives: tables.Matrix;
export declare const negatives: tables.Matrix;
export declare const report: discover.EvidenceReport;
export declare const scenes: discover.SceneDiscovery;
export declare const phrases: discover.PhraseDiscovery;
export declare const text: discover.TextDiscovery;
export declare const units: discover.UnitDiscovery;
