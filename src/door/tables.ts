// Tables of features: other forms, labels from a list, the cache, matrices.

export { matrixOf, rowOf, selectRows, type Matrix } from "../kernel-helpers/support/matrix.js";
export { npyBytes, readNpy, writeNpy, type NpyArray, type NpyNumbers } from "../kernel-helpers/support/files/npy.js";
export type { ExtractOptions, ExtractPartOptions } from "../kernel-helpers/features/extract-features.js";
export { l2Normalised, type FeatureOrigin, type FeatureTableParts } from "../kernel-helpers/features/feature-table.js";
export type { CropChoice, FeatureRow } from "../kernel-helpers/features/feature-row.js";
export type { Pooling } from "../kernel-helpers/features/pooling.js";
export { featuresFromArrow, featuresToArrow } from "../kernel-helpers/features/feature-arrow.js";
export { mergeFeatures } from "../kernel-helpers/features/shards/merge-features.js";
export type { TableShard } from "../kernel-helpers/features/shards/table-shard.js";
export type { Shard } from "../kernel-helpers/support/shard.js";
export { matchLabels, type MatchedLabels } from "../kernel-helpers/features/match-labels.js";
export { cacheInfo, clearCache, type CacheInfo } from "../kernel-helpers/features/cache/cache-info.js";
export { submitFeatures, type SubmitOptions, type SubmittedFeatures } from "../kernel-helpers/queue/submit-features.js";
export { workQueue, type ShardEvent, type WorkOptions } from "../kernel-helpers/queue/work-queue.js";
export type { QueuePlace } from "../kernel-helpers/queue/queue-place.js";
export {
  nearDuplicates,
  type DuplicateOptions,
  type NearDuplicates,
} from "../kernel-helpers/features/look/near-duplicates.js";
export { outliers, type OutlierOptions, type Outliers } from "../kernel-helpers/features/look/outliers.js";
export { principalComponents, type PrincipalComponents } from "../kernel-helpers/features/look/principal-components.js";
