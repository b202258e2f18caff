// All widgets beside the grid of maps: charts, galleries, figures.

export type { MimeBundle } from "../widgets/kit/widget.js";
export type { ShowOptions } from "../widgets/kit/show-options.js";
export type { HeatOptions } from "../widgets/kit/photo/heat-options.js";
export { COLOUR_MAPS, type ColourMapName } from "../widgets/kit/photo/colour-map.js";
export type { CamGridOptions } from "../widgets/cam-grid/cam-grid.js";
export type { GridClasses } from "../widgets/cam-grid/choose-maps.js";
export type { BoxStepsOptions } from "../widgets/cam-grid/box-steps.js";
export { explore } from "../kernel/explore/explore.js";
export type { ExploreOptions } from "../widgets/explore/explore.js";
export { probeChart, type ProbeChartOptions } from "../widgets/probes/probe-chart.js";
export { probeTable } from "../widgets/probes/probe-table.js";
export { confusionChart, type ConfusedPicture, type ConfusionChartOptions } from "../widgets/probes/confusion-chart.js";
export { textDetectorChart } from "../widgets/text/text-detector-chart.js";
export { textDetectorGrid, type TextDetectorGridOptions } from "../widgets/text/text-detector-grid.js";
export { answersView, type AnswersViewOptions } from "../widgets/answers/answers.js";
export { answersChart } from "../widgets/answers/answers-chart.js";
export { activityGrid, type ActivityGridOptions } from "../widgets/activities/activity-grid.js";
export { activityChart } from "../widgets/activities/activity-chart.js";
export { phraseChart, phraseSheet, type PhraseChartOptions } from "../widgets/phrases/phrase-chart.js";
export { phraseOverview } from "../widgets/phrases/phrase-overview.js";
export { trainingCurve, type TrainingCurveOptions, type TrainingRun } from "../widgets/training/training-curve.js";
export { unitGallery, type UnitGalleryOptions } from "../widgets/units/unit-gallery.js";
export { trustChart, type TrustChartOptions } from "../widgets/trust/trust-chart.js";
export { ablationChart, type AblationChartOptions } from "../widgets/units/ablation-chart.js";
export { objectLists, type ObjectListsOptions } from "../widgets/scenes/object-lists.js";
export { sceneFigure, type SceneFigureOptions } from "../widgets/scenes/scene-figure.js";
export type { PageSection } from "../widgets/kit/html-page.js";
