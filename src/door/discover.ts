// The parts of the discovery tasks, for those who put them together themselves.

export {
  learnTask,
  type LearnTaskOptions,
  type LearnedTask,
  type TaskFindings,
  type TaskSet,
} from "../kernel-helpers/discovery/new-task/learn-task.js";
export type { LearnedTasks, TaskLine } from "../kernel-helpers/discovery/new-task/learn-tasks.js";
export type {
  DiscoverFineGrainedOptions,
  FineGrainedDiscovery,
  FoundRegion,
} from "../kernel-helpers/discovery/fine-grained/discover-fine-grained.js";
export type { FineGrainedLine } from "../kernel-helpers/discovery/fine-grained/published-birds.js";
export {
  judgeText,
  type DiscoverTextOptions,
  type TextDiscovery,
  type TextFindings,
} from "../kernel-helpers/discovery/text/discover-text.js";
export { usualSvm } from "../kernel-helpers/discovery/new-task/usual-svm.js";
export { textCrops, type TextCrops, type TextCropsOptions } from "../kernel-helpers/discovery/text/text-crops.js";
export {
  textAgainst,
  textExamples,
  type TextExample,
  type TextLabel,
} from "../kernel-helpers/discovery/text/text-example.js";
export type { AgainstChance, TextScores } from "../kernel-helpers/discovery/text/text-scores.js";
export type { TextView } from "../kernel-helpers/discovery/text/text-view.js";
export type { TextAgreement, TextMeasure, TextRegion } from "../kernel-helpers/discovery/text/found-text.js";
export type {
  AnswerControls,
  AnswerDiscovery,
  DiscoverAnswersOptions,
} from "../kernel-helpers/discovery/answers/discover-answers.js";
export { askSeen, type Answered, type AskOptions, type GivenAnswer } from "../kernel-helpers/discovery/answers/ask.js";
export { trainAnswers, type TrainAnswersOptions } from "../kernel-helpers/discovery/answers/train-answers.js";
export {
  testAnswers,
  type AnswersReport,
  type KindAccuracy,
  type TestAnswersOptions,
  type TestedQuestion,
} from "../kernel-helpers/discovery/answers/test-answers.js";
export {
  pointAtEvidence,
  pointingOf,
  type AnswerPeak,
  type EvidenceOptions,
  type EvidenceReport,
  type KindPointing,
} from "../kernel-helpers/discovery/answers/evidence.js";
export {
  AnswerModel,
  type AnswerModelParts,
  type AnswerParts,
  type AnswerProvenance,
  type ReadQuestion,
} from "../kernel-helpers/discovery/answers/answer-model.js";
export {
  answerModelFromJson,
  loadAnswerModel,
  saveAnswerModel,
} from "../kernel-helpers/discovery/answers/answer-model-file.js";
export type { Opening } from "../kernel-helpers/discovery/answers/openings.js";
export type { SoftmaxFit } from "../kernel-helpers/discovery/answers/softmax-regression.js";
export type { Evidence, PhotoQuestion } from "../kernel-helpers/discovery/answers/photo-question.js";
export { questionsOf } from "../kernel-helpers/discovery/answers/questions-of.js";
export {
  normaliseAnswer,
  vqaAccuracy,
  type VqaAccuracyOptions,
} from "../kernel-helpers/discovery/answers/vqa-accuracy.js";
export type { DiscoverPhrasesOptions } from "../kernel-helpers/discovery/phrases/discover-phrases.js";
export type {
  HardNegative,
  PhraseDiscovery,
  PhraseLine,
  PhraseResult,
  PhraseRound,
  RankedImage,
} from "../kernel-helpers/discovery/phrases/phrase-report.js";
export type { LocatedImage, PhraseView, Pointing } from "../kernel-helpers/discovery/phrases/locate-phrases.js";
export type { UnlearnedPhrase } from "../kernel-helpers/discovery/phrases/phrase-sets.js";
export { minePhrases, type MineOptions, type MinedPhrase } from "../kernel-helpers/discovery/phrases/mine-phrases.js";
export type { WordOptions } from "../kernel-helpers/discovery/phrases/caption-words.js";
export {
  mineHardNegatives,
  type HardNegativeOptions,
  type MinedSvm,
  type MiningRound,
  type ScoredRow,
} from "../kernel-helpers/discovery/phrases/hard-negatives.js";
export type {
  ActivityDiscovery,
  ActivityView,
  DiscoverActivitiesOptions,
} from "../kernel-helpers/discovery/activities/discover-activities.js";
export { activityTruth, type ActivityTruth } from "../kernel-helpers/discovery/activities/activity-truth.js";
export { activityPointing, type ActivityPointing } from "../kernel-helpers/discovery/activities/activity-pointing.js";
export { pointAtTools, type ToolPointing } from "../kernel-helpers/discovery/activities/point-at-tools.js";
export type { DiscoverScenesOptions } from "../kernel-helpers/discovery/scenes/scene-options.js";
export { listObjects, type ListOptions } from "../kernel-helpers/discovery/scenes/list-objects.js";
export {
  heatMapOf,
  type FoundObject,
  type PlainMap,
  type SceneDiscovery,
  type SceneFinding,
  type SceneObject,
  type ScenePhoto,
} from "../kernel-helpers/discovery/scenes/scene-findings.js";
export {
  judgeObjectLists,
  type ListJudgement,
  type ListScore,
  type ObjectInventory,
} from "../kernel-helpers/discovery/scenes/judge-lists.js";
export type { DiscoverUnitsOptions } from "../kernel-helpers/discovery/units/discover-units.js";
export type {
  ConceptCount,
  UnitConcept,
  UnitDiscovery,
  UnitFinding,
  UnitImage,
} from "../kernel-helpers/discovery/units/unit-findings.js";
export { rankUnits, type RankedUnit, type UnitWeights } from "../kernel-helpers/discovery/units/rank-units.js";
export { ablateUnits, type AblationOptions } from "../kernel-helpers/discovery/units/ablate-units.js";
export type {
  AblationFall,
  AblationStep,
  ClassAblation,
  ClassOutcome,
  UnitAblation,
} from "../kernel-helpers/discovery/units/ablation.js";
