// The public API, in the order in which the data flows. Nothing else is public.

export { CamlabError } from "./kernel-helpers/support/errors.js";
export { paceOf, type OnProgress, type Progress } from "./kernel-helpers/support/progress.js";
export { matrixOf, rowOf, selectRows, type FeatureMatrix, type Matrix } from "./kernel-helpers/support/matrix.js";
export { npyBytes, readNpy, writeNpy, type NpyArray, type NpyNumbers } from "./kernel-helpers/support/npy.js";
export { seededRandom, shuffled, type Random } from "./kernel-helpers/support/random.js";

// Images: files → pixels, and where a photo lies on a network's input grid
export type { Box } from "./kernel-helpers/images/box.js";
export type { Image, ImageSource } from "./kernel-helpers/images/image.js";
export {
  nameOf,
  type AnnotatedPicture,
  type Picture,
  type PictureObject,
  type PicturePhrase,
  type PictureQuestion,
  type PictureSet,
  type PictureWord,
  type SkippedPicture,
  type StoredPicture,
} from "./kernel-helpers/images/picture.js";
export type { Placement, Preprocessing } from "./kernel-helpers/images/input/preprocessing.js";
export { DEFAULT_MAX_PIXELS, type ReadImageOptions } from "./kernel-helpers/images/files/open-image.js";
export { crop } from "./kernel-helpers/images/files/crop.js";
export { loadImage } from "./kernel-helpers/images/files/load-image.js";
export { readImageInfo, type ImageInfo } from "./kernel-helpers/images/files/read-image-info.js";
export { describeFound, findImages, listImages } from "./kernel-helpers/images/files/list-images.js";
export type { FoundImages } from "./kernel-helpers/images/files/list-images.js";
export {
  prepareImage,
  type PreparedImage,
  type PrepareImageOptions,
} from "./kernel-helpers/images/input/prepare-image.js";
export { fillInput } from "./kernel-helpers/images/input/fill-input.js";
export { placementOf, toImage, toInput } from "./kernel-helpers/images/input/placement.js";
export { thumbnail, type Thumbnail, type ThumbnailOptions } from "./kernel-helpers/images/files/thumbnail.js";
export { encodeJpeg, encodePng } from "./kernel-helpers/images/files/encode.js";

// Graphs: a network as data
export type { Graph } from "./kernel-helpers/graph/onnx/graph.js";
export type { GapHead } from "./kernel-helpers/graph/head/gap-head.js";
export { findGapHead } from "./kernel-helpers/graph/head/find-gap-head.js";
export { classWeightsFor, scoreOffsetFor } from "./kernel-helpers/graph/head/class-weights.js";
export { exposeHead, headOutputs, type HeadOutputs } from "./kernel-helpers/graph/surgery/expose-head.js";
export { checkGraph } from "./kernel-helpers/graph/onnx/check-graph.js";
export { countParameters, listLayers, type Layer } from "./kernel-helpers/graph/list-layers.js";
export { cutAfter, withOutputs } from "./kernel-helpers/graph/surgery/cut-graph.js";
export { withInputSize } from "./kernel-helpers/graph/surgery/input-size.js";
export { withDynamicBatch, type DynamicBatch } from "./kernel-helpers/graph/surgery/dynamic-batch.js";
export { withFinerMaps } from "./kernel-helpers/graph/surgery/finer-maps.js";
export {
  fieldBox,
  receptiveField,
  type FieldAxis,
  type ReceptiveField,
} from "./kernel-helpers/graph/shapes/receptive-field.js";
export { readGraph } from "./kernel-helpers/graph/onnx/read-graph.js";
export { writeGraph, writeGraphFile } from "./kernel-helpers/graph/onnx/write-graph.js";

export { gradientName, gradientOf, type GradientOptions } from "./kernel-helpers/graph/gradient/gradient-of.js";

// Engines: what runs a graph
export type { Device, Engine, Tensor, TensorInfo, TfjsDevice } from "./kernel-helpers/engines/engine.js";
export { createOnnxRuntimeEngine, type EngineOptions } from "./kernel-helpers/engines/onnxruntime.js";
export { createEngine, type EngineChoice } from "./kernel-helpers/engines/create-engine.js";
export { createTfjsEngine, type TfjsEngineOptions } from "./kernel-helpers/engines/tfjs/tfjs-engine.js";
export { describeTfjsBackends, type TfjsBackendReport } from "./kernel-helpers/engines/tfjs/describe-backends.js";
export { detectDevices, type DeviceCandidate } from "./kernel-helpers/engines/detect-devices.js";
export { measureDevice, type MeasureOptions } from "./kernel-helpers/engines/measure-device.js";

// Networks: open one, look through it
export type { Network, NetworkOutputs } from "./kernel-helpers/networks/network.js";
export type { NetworkCard } from "./kernel-helpers/networks/network-card.js";
export type { FeatureMaps, Seen, SeenClass } from "./kernel-helpers/networks/seen.js";
export { listNetworks } from "./kernel-helpers/networks/network-folders.js";
export { openNetwork, type OpenNetworkOptions } from "./kernel-helpers/networks/open-network.js";
export { look, type LookOptions } from "./kernel-helpers/networks/look.js";
export { isSkipped, lookAtAll, type LookAtAllOptions } from "./kernel-helpers/networks/look-at-all.js";

export { describePreprocessing } from "./kernel-helpers/networks/choose-preprocessing.js";
export { sigmoid } from "./kernel-helpers/networks/sigmoid.js";
export { softmax } from "./kernel-helpers/networks/softmax.js";
export { TEACHING_CHANNELS, TEACHING_CLASS_WEIGHTS } from "./kernel-helpers/networks/teaching-network.js";
export {
  drawTeachingScene,
  teachingScene,
  type TeachingClass,
  type TeachingScene,
} from "./kernel-helpers/networks/teaching-scene.js";

// Training: a GAP network from scratch, or a fine-tuned one
export {
  gapArchitecture,
  type GapArchitecture,
  type GapStage,
} from "./kernel-helpers/training/parameters/gap-architecture.js";
export { trainGapNetwork } from "./kernel-helpers/training/train-gap-network.js";
export { fineTune, type FineTuneOptions } from "./kernel-helpers/training/fine-tune.js";
export type {
  CardTexts,
  CheckpointOptions,
  Recipe,
  Trainable,
  TrainOptions as TrainingOptions,
} from "./kernel-helpers/training/train-options.js";
export type { TrainedNetwork } from "./kernel-helpers/training/trained-network.js";
export type {
  EpochEvent,
  EpochRecord,
  StepEvent,
  TrainingEvent,
  ValidationFigures,
} from "./kernel-helpers/training/loop/training-events.js";
export type { TrainingError, TrainingItem } from "./kernel-helpers/training/data/training-item.js";
export type { Augmentation } from "./kernel-helpers/training/data/augment.js";
export type { Optimizer } from "./kernel-helpers/training/loop/optimizer.js";
export type { Schedule } from "./kernel-helpers/training/loop/schedule.js";

// Data sets: readers of published layouts
export type { Split } from "./kernel-helpers/datasets/sets/split.js";
export { readFolderPerClass } from "./kernel-helpers/datasets/classes/folder-per-class.js";
export { readCsvList, type CsvListOptions } from "./kernel-helpers/datasets/classes/csv-list.js";
export { readCaptionsCsv } from "./kernel-helpers/datasets/language/captions-csv.js";
export { readCocoCaptions, type CocoCaptionsOptions } from "./kernel-helpers/datasets/language/coco-captions.js";
export { readCub } from "./kernel-helpers/datasets/classes/cub.js";
export { readCaltech101, readEvent8, readScene15 } from "./kernel-helpers/datasets/classes/recognition-sets.js";
export { readCoco, type CocoOptions } from "./kernel-helpers/datasets/objects/coco/coco.js";
export { readIcdar } from "./kernel-helpers/datasets/words/icdar.js";
export { readSvt } from "./kernel-helpers/datasets/words/svt.js";
export { readVqa, vqaImageName, type VqaOptions } from "./kernel-helpers/datasets/language/vqa.js";
export { readQuestions } from "./kernel-helpers/datasets/language/questions-json.js";
export { joinSets } from "./kernel-helpers/datasets/sets/join-sets.js";
export { readStanford40 } from "./kernel-helpers/datasets/classes/stanford40.js";
export { readAde20k, type Ade20kOptions } from "./kernel-helpers/datasets/objects/ade20k/ade20k.js";
export { readLabelMe, type LabelMeOptions } from "./kernel-helpers/datasets/objects/labelme/labelme.js";
export { readVoc, type VocOptions } from "./kernel-helpers/datasets/objects/voc/voc.js";
export type { VocCorners } from "./kernel-helpers/datasets/objects/voc/voc-object.js";
export { readYolo, type YoloOptions } from "./kernel-helpers/datasets/objects/yolo/yolo.js";
export { labelByObjects } from "./kernel-helpers/datasets/sets/label-by-objects.js";
export { splitByChance, type SplitByChanceOptions } from "./kernel-helpers/datasets/sets/split-by-chance.js";
export { splitPerClass, type SplitPerClassOptions } from "./kernel-helpers/datasets/sets/split-per-class.js";

// The drawn world: pictures with their truth, drawn by camlab itself
export { drawWorld, type DrawWorldOptions } from "./world/draw-world.js";
export { drawPictures } from "./world/draw-pictures.js";
export { WORLD_VERSION, type DrawingOptions } from "./world/drawings.js";
export { WORLD_PARTS, type WorldPart, type WorldSplit } from "./world/drawing.js";
export type { DrawnObject, DrawnPicture } from "./world/drawn-picture.js";
export { contactSheet, type ContactSheetOptions } from "./world/contact-sheet.js";
export { makeDataset, type MakeDatasetOptions } from "./world/make-dataset.js";
export { datasetInfo, readWorld, type DatasetInfo, type DrawnSet } from "./world/read-world.js";
export { FREQUENT_OBJECTS, INFORMATIVE_OBJECTS } from "./world/parts/scenes.js";
export { decodeMask, type RunLengthMask } from "./kernel-helpers/images/masks/masks.js";

// Features: the pooled feature maps of many images
export { extractFeatures, type ExtractOptions } from "./kernel-helpers/features/extract-features.js";
export {
  FeatureTable,
  l2Normalised,
  type FeatureOrigin,
  type FeatureTableParts,
} from "./kernel-helpers/features/feature-table.js";
export type { CropChoice, FeatureRow } from "./kernel-helpers/features/feature-row.js";
export type { Pooling } from "./kernel-helpers/features/pooling.js";
export { featuresFromArrow, featuresToArrow } from "./kernel-helpers/features/feature-arrow.js";
export { loadFeatures, saveFeatures } from "./kernel-helpers/features/feature-files.js";
export { matchLabels, type MatchedLabels } from "./kernel-helpers/features/match-labels.js";
export { cacheInfo, clearCache, type CacheInfo } from "./kernel-helpers/features/cache/cache-info.js";

// Linear SVMs on features
export { trainLinearSvm } from "./kernel-helpers/svm/train-linear-svm.js";
export type { SvmOptions, TrainOptions } from "./kernel-helpers/svm/train-options.js";
export { LinearSvm, type LinearSvmParts, type SvmProvenance } from "./kernel-helpers/svm/linear-svm.js";
export { chooseC, type ChooseCOptions, type ChosenC } from "./kernel-helpers/svm/choose-c.js";
export { linearSvmFromJson, loadLinearSvm, saveLinearSvm } from "./kernel-helpers/svm/linear-svm-file.js";
export { fitPlatt, plattProbability, type PlattCurve } from "./kernel-helpers/svm/platt.js";
export type { ClassWeights } from "./kernel-helpers/svm/class-weights.js";
export type { Label, LabelKind, LabelOptions, Labels, NumberLabels, TextLabels } from "./kernel-helpers/svm/labels.js";
export type { Fit, Loss } from "./kernel-helpers/svm/solver/problem.js";
export type { Step } from "./kernel-helpers/svm/steps.js";
export { accuracy, meanClassAccuracy } from "./kernel-helpers/svm/metrics/accuracy.js";
export { averagePrecision } from "./kernel-helpers/svm/metrics/average-precision.js";
export {
  bootstrapInterval,
  type BootstrapInterval,
  type BootstrapOptions,
} from "./kernel-helpers/svm/metrics/bootstrap-interval.js";
export { type Interval, wilsonInterval } from "./kernel-helpers/support/statistics.js";
export { shareOf } from "./kernel-helpers/svm/metrics/share-of.js";
export {
  confusionMatrix,
  type ConfusionMatrix,
  type ConfusionParts,
} from "./kernel-helpers/svm/metrics/confusion-matrix.js";

// Class activation maps
export type { HeatMap } from "./kernel-helpers/cam/heat-map.js";
export { cam, cams, type CamOptions, type CamSource, type CamTarget } from "./kernel-helpers/cam/cam.js";
export { peakOf } from "./kernel-helpers/cam/peak.js";
export { weightedMap } from "./kernel-helpers/cam/weighted-map.js";
export { type Upsampling } from "./kernel-helpers/cam/resample.js";
export { upsample, type UpsampleOptions } from "./kernel-helpers/cam/upsample.js";
export { normalise, type Normalisation } from "./kernel-helpers/cam/normalise.js";

// Boxes
export { type BoxGrid } from "./kernel-helpers/boxes/box-grid.js";
export {
  boxesOf,
  boxOf,
  type BoxesOptions,
  type BoxGridOptions,
  type BoxOptions,
  type BoxRuleName,
  type FoundBox,
  type NoBox,
} from "./kernel-helpers/boxes/box-of.js";
export { classMaps, type ClassMap } from "./kernel-helpers/boxes/class-maps.js";
export {
  boxArea,
  intersectionArea,
  intersectionOf,
  iou,
  pointInBox,
  type IouConvention,
} from "./kernel-helpers/boxes/box-geometry.js";
export { connectedComponents, type Component, type Components } from "./kernel-helpers/boxes/connected-components.js";

// Discovery: new tasks from image-level labels
export {
  learnTask,
  type LearnTaskOptions,
  type LearnedTask,
  type TaskFindings,
  type TaskSet,
} from "./kernel-helpers/discovery/new-task/learn-task.js";
export { learnTasks, type TaskLine, type LearnedTasks } from "./kernel-helpers/discovery/new-task/learn-tasks.js";
export {
  discoverFineGrained,
  type FineGrainedLine,
  type DiscoverFineGrainedOptions,
  type FineGrainedDiscovery,
  type FoundRegion,
} from "./kernel-helpers/discovery/fine-grained/discover-fine-grained.js";
export {
  judgeText,
  discoverText,
  type DiscoverTextOptions,
  type TextDiscovery,
  type TextFindings,
} from "./kernel-helpers/discovery/text/discover-text.js";
export { usualSvm } from "./kernel-helpers/discovery/new-task/usual-svm.js";
export { textCrops, type TextCrops, type TextCropsOptions } from "./kernel-helpers/discovery/text/text-crops.js";
export {
  textAgainst,
  textExamples,
  type TextExample,
  type TextLabel,
} from "./kernel-helpers/discovery/text/text-example.js";
export type { AgainstChance, TextScores } from "./kernel-helpers/discovery/text/text-scores.js";
export type { TextView } from "./kernel-helpers/discovery/text/text-view.js";
export type { TextAgreement, TextMeasure, TextRegion } from "./kernel-helpers/discovery/text/found-text.js";
export { pixelAveragePrecision } from "./kernel-helpers/discovery/text/pixel-average-precision.js";

// Discovery: answers to questions about photos, and where they come from
export {
  discoverAnswers,
  type AnswerControls,
  type DiscoverAnswersOptions,
  type AnswerDiscovery,
} from "./kernel-helpers/discovery/answers/discover-answers.js";
export {
  ask,
  askSeen,
  type Answered,
  type AskOptions,
  type GivenAnswer,
} from "./kernel-helpers/discovery/answers/ask.js";
export { trainAnswers, type TrainAnswersOptions } from "./kernel-helpers/discovery/answers/train-answers.js";
export {
  testAnswers,
  type AnswersReport,
  type KindAccuracy,
  type TestAnswersOptions,
  type TestedQuestion,
} from "./kernel-helpers/discovery/answers/test-answers.js";
export {
  pointAtEvidence,
  pointingOf,
  type AnswerPeak,
  type EvidenceOptions,
  type EvidenceReport,
  type KindPointing,
} from "./kernel-helpers/discovery/answers/evidence.js";
export {
  AnswerModel,
  type AnswerModelParts,
  type AnswerParts,
  type AnswerProvenance,
  type ReadQuestion,
} from "./kernel-helpers/discovery/answers/answer-model.js";
export {
  answerModelFromJson,
  loadAnswerModel,
  saveAnswerModel,
} from "./kernel-helpers/discovery/answers/answer-model-file.js";
export type { Opening } from "./kernel-helpers/discovery/answers/openings.js";
export type { SoftmaxFit } from "./kernel-helpers/discovery/answers/softmax-regression.js";
export type { Evidence, PhotoQuestion } from "./kernel-helpers/discovery/answers/photo-question.js";
export { questionsOf } from "./kernel-helpers/discovery/answers/questions-of.js";
export {
  normaliseAnswer,
  vqaAccuracy,
  type VqaAccuracyOptions,
} from "./kernel-helpers/discovery/answers/vqa-accuracy.js";
export { discoverPhrases, type DiscoverPhrasesOptions } from "./kernel-helpers/discovery/phrases/discover-phrases.js";
export type {
  HardNegative,
  PhraseLine,
  PhraseDiscovery,
  PhraseResult,
  PhraseRound,
  RankedImage,
} from "./kernel-helpers/discovery/phrases/phrase-report.js";
export type { LocatedImage, PhraseView, Pointing } from "./kernel-helpers/discovery/phrases/locate-phrases.js";
export type { UnlearnedPhrase } from "./kernel-helpers/discovery/phrases/phrase-sets.js";
export { minePhrases, type MinedPhrase, type MineOptions } from "./kernel-helpers/discovery/phrases/mine-phrases.js";
export type { WordOptions } from "./kernel-helpers/discovery/phrases/caption-words.js";
export {
  mineHardNegatives,
  type HardNegativeOptions,
  type MinedSvm,
  type MiningRound,
  type ScoredRow,
} from "./kernel-helpers/discovery/phrases/hard-negatives.js";

export {
  discoverActivities,
  type DiscoverActivitiesOptions,
  type ActivityDiscovery,
  type ActivityView,
} from "./kernel-helpers/discovery/activities/discover-activities.js";
export { activityTruth, type ActivityTruth } from "./kernel-helpers/discovery/activities/activity-truth.js";
export { activityPointing, type ActivityPointing } from "./kernel-helpers/discovery/activities/activity-pointing.js";
export { pointAtTools, type ToolPointing } from "./kernel-helpers/discovery/activities/point-at-tools.js";

export { discoverScenes } from "./kernel-helpers/discovery/scenes/discover-scenes.js";
export type { DiscoverScenesOptions } from "./kernel-helpers/discovery/scenes/scene-options.js";
export { listObjects, type ListOptions } from "./kernel-helpers/discovery/scenes/list-objects.js";
export {
  heatMapOf,
  type FoundObject,
  type PlainMap,
  type SceneDiscovery,
  type SceneFinding,
  type SceneObject,
  type ScenePhoto,
} from "./kernel-helpers/discovery/scenes/scene-findings.js";
export {
  judgeObjectLists,
  type ListJudgement,
  type ListScore,
  type ObjectInventory,
} from "./kernel-helpers/discovery/scenes/judge-lists.js";

// Discovery: what the units of the last feature maps respond to
export { discoverUnits, type DiscoverUnitsOptions } from "./kernel-helpers/discovery/units/discover-units.js";
export type {
  ConceptCount,
  UnitConcept,
  UnitDiscovery,
  UnitFinding,
  UnitImage,
} from "./kernel-helpers/discovery/units/unit-findings.js";
export { rankUnits, type RankedUnit, type UnitWeights } from "./kernel-helpers/discovery/units/rank-units.js";
export { ablateUnits, type AblationOptions } from "./kernel-helpers/discovery/units/ablate-units.js";
export type {
  AblationFall,
  AblationStep,
  ClassAblation,
  ClassOutcome,
  UnitAblation,
} from "./kernel-helpers/discovery/units/ablation.js";

// Widgets: data → pictures
export { Widget, type MimeBundle } from "./widgets/kit/widget.js";
export type { ShowOptions } from "./widgets/kit/show-options.js";
export type { HeatOptions } from "./widgets/kit/photo/heat-options.js";
export { COLOUR_MAPS, type ColourMapName } from "./widgets/kit/photo/colour-map.js";
export { camGrid, type CamGridOptions } from "./widgets/cam-grid/cam-grid.js";
export type { GridClasses } from "./widgets/cam-grid/choose-maps.js";
export { boxSteps, type BoxStepsOptions } from "./widgets/cam-grid/box-steps.js";
export { probeChart, type ProbeChartOptions } from "./widgets/probes/probe-chart.js";
export { probeTable } from "./widgets/probes/probe-table.js";
export { confusionChart, type ConfusionChartOptions } from "./widgets/probes/confusion-chart.js";
export { textDetectorChart } from "./widgets/text/text-detector-chart.js";
export { textDetectorGrid, type TextDetectorGridOptions } from "./widgets/text/text-detector-grid.js";
export { answersView, type AnswersViewOptions } from "./widgets/answers/answers.js";
export { answersChart } from "./widgets/answers/answers-chart.js";
export { activityGrid, type ActivityGridOptions } from "./widgets/activities/activity-grid.js";
export { activityChart } from "./widgets/activities/activity-chart.js";
export { phraseChart, phraseSheet, type PhraseChartOptions } from "./widgets/phrases/phrase-chart.js";
export { phraseOverview } from "./widgets/phrases/phrase-overview.js";
export { trainingCurve, type TrainingCurveOptions, type TrainingRun } from "./widgets/training/training-curve.js";
export { unitGallery, type UnitGalleryOptions } from "./widgets/units/unit-gallery.js";
export { ablationChart, type AblationChartOptions } from "./widgets/units/ablation-chart.js";
export { objectLists, type ObjectListsOptions } from "./widgets/scenes/object-lists.js";
export { sceneFigure, type SceneFigureOptions } from "./widgets/scenes/scene-figure.js";
export type { VegaSpec } from "./widgets/kit/vega-spec.js";
export { vegaRuntimeScript } from "./widgets/kit/vega-runtime.js";
export { htmlPage, type PageSection } from "./widgets/kit/html-page.js";

// Notebooks: what a cell can do with its outputs, and running one without Python
export { clearOutput, display, interruptSignal, type Shown } from "./kernel/display/display.js";
export { progressBar } from "./kernel/display/progress-bar.js";
export { checkNotebook, type CheckNotebookOptions, type NotebookProblem } from "./kernel/notebooks/check-notebook.js";
export { notebookToHtml, type NotebookPageOptions } from "./kernel/notebooks/page/notebook-to-html.js";
export type { CellOutput, Notebook, NotebookCell } from "./kernel/notebooks/notebook.js";
export { readNotebook, writeNotebook } from "./kernel/notebooks/notebook-file.js";
export {
  installKernel,
  listKernels,
  uninstallKernel,
  type InstalledKernel,
  type KernelPlace,
} from "./kernel/install/install-kernel.js";
export { findJupyter, HOW_TO_GET_JUPYTER, type FoundJupyter } from "./kernel/install/jupyter-paths.js";
export {
  NotebookError,
  runNotebook,
  type NotebookRun,
  type RunNotebookOptions,
} from "./kernel/notebooks/run-notebook.js";
