// Table 4 of the paper on drawn birds: full picture, crop from the SVM's own map, true box; beside colours.
import {
  extractFeatures,
  discoverFineGrained,
  type FeatureTable,
  type LinearSvm,
  type Network,
  drawWorld,
} from "../../src/index.js";
import { accuracy } from "../../src/kernel-helpers/svm/metrics/accuracy.js";
import { bootstrapInterval, type BootstrapInterval } from "../../src/kernel-helpers/svm/metrics/bootstrap-interval.js";
import type { FineGrainedDiscovery } from "../../src/kernel-helpers/discovery/fine-grained/discover-fine-grained.js";
import { colours, learned, rightOf, STEPS } from "./probes.js";
import { mean } from "../world/probe.js";
import type { Sample } from "./sample.js";

/** What is measured on the birds part. */
export interface BirdsReport {
  readonly seed: number;
  readonly train: number;
  readonly test: number;
  readonly chance: number;
  readonly colours: BootstrapInterval;
  readonly full: BootstrapInterval;
  readonly crop: BootstrapInterval;
  readonly truth: BootstrapInterval;
  /** Crop less full picture, on the same pictures. */
  readonly gain: BootstrapInterval;
  /** Full picture less colours, on the same pictures. */
  readonly overColours: BootstrapInterval;
  /** Share of test pictures whose found box has IoU ≥ 0.5 with the true one. */
  readonly localised: number;
  readonly C: number;
  readonly report: FineGrainedDiscovery;
}

/** Names birds from full pictures, from the crops that the first SVM's maps say, and from true boxes. */
export async function measureBirds(network: Network, { seed, train, test }: Sample): Promise<BirdsReport> {
  const set = await drawWorld("birds", { seed, train, test });
  const features = (await extractFeatures(network, set)).ofSplit("train");
  const { C } = await learned(features, features.labels);
  const report = await discoverFineGrained(network, set, { svm: { C, steps: STEPS }, published: false });
  const labels = report.features.full.ofSplit("test").labels;
  const byColours = await learned(await colours(set.pictures, "train"), features.labels);
  const colourHits = rightOf(byColours.svm, await colours(set.pictures, "test"), labels);
  const share = (list: readonly number[]) => bootstrapInterval(list.length, (rows) => mean(rows.map((i) => list[i])));
  const { model, features: looked } = report;
  const full = hitsOf(model.full, looked.full);
  const crop = hitsOf(model.crop, looked.crop);
  const truth = hitsOf(model.truth!, looked.truth!);
  return {
    seed,
    train: features.rows,
    test: labels.length,
    chance: 1 / set.classes.length,
    colours: share(colourHits),
    full: share(full),
    crop: share(crop),
    truth: share(truth),
    gain: share(crop.map((hit, i) => hit - full[i])),
    overColours: share(full.map((hit, i) => hit - colourHits[i])),
    localised: report.findings.localised!.value,
    C,
    report,
  };
}

function hitsOf(svm: LinearSvm<string>, features: FeatureTable): number[] {
  const test = features.ofSplit("test");
  const { labels } = test;
  return svm.predict(test).map((name, i) => accuracy([name], [labels[i]]));
}
