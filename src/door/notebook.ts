// What a cell can do with its outputs; notebooks without Python; the kernel.

export { paceOf, type OnProgress, type Progress } from "../kernel-helpers/support/progress.js";
export {
  checkAnswer as check,
  type CheckAnswerOptions,
  type CheckedAnswer,
  type RightAnswer,
} from "../kernel/display/check-answer.js";
export { clearOutput, display, interruptSignal, type Shown } from "../kernel/display/display.js";
export { progressBar } from "../kernel/display/progress-bar.js";
export { trainingMonitor } from "../kernel/display/training-monitor.js";
export { checkNotebook, type CheckNotebookOptions, type NotebookProblem } from "../kernel/notebooks/check-notebook.js";
export { notebookToHtml } from "../kernel/notebooks/page/notebook-to-html.js";
export { notebookToSlides } from "../kernel/notebooks/page/notebook-to-slides.js";
export type { NotebookPageOptions } from "../kernel/notebooks/page/page-parts.js";
export { withParameters, type NotebookParameters } from "../kernel/notebooks/parameters.js";
export type { CellOutput, Notebook, NotebookCell } from "../kernel/notebooks/notebook.js";
export { readNotebook, writeNotebook } from "../kernel/notebooks/notebook-file.js";
export {
  installKernel,
  listKernels,
  uninstallKernel,
  type InstalledKernel,
  type KernelPlace,
} from "../kernel/install/install-kernel.js";
export { HOW_TO_GET_JUPYTER, findJupyter, type FoundJupyter } from "../kernel/install/jupyter-paths.js";
export {
  NotebookError,
  runNotebook,
  type NotebookRun,
  type RunNotebookOptions,
} from "../kernel/notebooks/run-notebook.js";
export {
  widget,
  type LiveWidget,
  type LiveWidgetOptions,
  type WidgetChange,
  type WidgetCommand,
} from "../kernel/comms/widget.js";
