// Networks beside opening one: which there are, cards, architectures, options of looking and of training.

export type { NetworkOutputs } from "../kernel-helpers/networks/network.js";
export type { LookView, View } from "../kernel-helpers/networks/views/view.js";
export type { NetworkCard } from "../kernel-helpers/networks/network-card.js";
export type { FeatureMaps, SeenClass } from "../kernel-helpers/networks/seen.js";
export { listNetworks } from "../kernel-helpers/networks/network-folders.js";
export type { OpenNetworkOptions } from "../kernel-helpers/networks/open-network.js";
export type { LookOptions } from "../kernel-helpers/networks/look.js";
export type { LookAtAllOptions } from "../kernel-helpers/networks/look-at-all.js";
export { describePreprocessing } from "../kernel-helpers/networks/choose-preprocessing.js";
export { writeCard, type WriteCardOptions, type WrittenCard } from "../kernel-helpers/networks/write-card.js";
export {
  convertNetwork,
  type ConvertedNetwork,
  type ConvertNetworkOptions,
} from "../kernel-helpers/networks/convert-network.js";
export type { NetworkSources } from "../kernel-helpers/networks/network.js";
export type { InputSize } from "../kernel-helpers/networks/opening/image-input.js";
export type { PreprocessingOptions } from "../kernel-helpers/networks/opening/preprocessing-options.js";
export { sigmoid } from "../kernel-helpers/networks/sigmoid.js";
export { softmax } from "../kernel-helpers/networks/softmax.js";
export { TEACHING_CHANNELS, TEACHING_CLASS_WEIGHTS } from "../kernel-helpers/networks/teaching-network.js";
export {
  drawTeachingScene,
  teachingScene,
  type TeachingClass,
  type TeachingScene,
} from "../kernel-helpers/networks/teaching-scene.js";
export {
  gapArchitecture,
  type GapArchitecture,
  type GapStage,
} from "../kernel-helpers/training/parameters/gap-architecture.js";
export {
  describeArchitecture,
  listArchitectures,
  type ArchitectureFacts,
} from "../kernel-helpers/networks/architectures/describe-architecture.js";
export { buildNetwork, type BuildNetworkOptions } from "../kernel-helpers/networks/architectures/build-network.js";
export {
  fitWeights,
  type FittedNetwork,
  type FitWeightsOptions,
} from "../kernel-helpers/networks/architectures/fit-weights.js";
export { toGapNetwork, type GapNetworkOptions } from "../kernel-helpers/networks/architectures/to-gap-network.js";
export {
  pullNetwork,
  type PulledNetwork,
  type PullNetworkOptions,
} from "../kernel-helpers/networks/zoo/pull-network.js";
export { listZoo, removeNetwork, type ZooListing } from "../kernel-helpers/networks/zoo/list-zoo.js";
export { readWeights } from "../kernel-helpers/formats/weights/read-weights.js";
export type { StateDict, StoredTensor } from "../kernel-helpers/formats/weights/state-dict.js";
export type { FineTuneOptions } from "../kernel-helpers/training/fine-tune.js";
export type {
  CardTexts,
  CheckpointOptions,
  Recipe,
  Trainable,
  TrainOptions as TrainingOptions,
} from "../kernel-helpers/training/train-options.js";
export { AUGMENTATIONS, usualRecipe, type UsualRecipeOptions } from "../kernel-helpers/training/usual-recipe.js";
export type { TrainedNetwork } from "../kernel-helpers/training/trained-network.js";
export type {
  EpochEvent,
  EpochRecord,
  StepEvent,
  TrainingEvent,
  ValidationFigures,
} from "../kernel-helpers/training/loop/training-events.js";
export type { Augmentation } from "../kernel-helpers/training/data/augment.js";
export type { Optimizer } from "../kernel-helpers/training/loop/optimizer.js";
export type { Schedule } from "../kernel-helpers/training/loop/schedule.js";
