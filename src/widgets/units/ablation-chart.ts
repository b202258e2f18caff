import type { AblationFall, ClassAblation, UnitAblation } from "../../kernel-helpers/discovery/units/ablation.js";
import { readableName } from "../../kernel-helpers/images/files/readable-name.js";
import { check } from "../../kernel-helpers/support/check.js";
import { invalid } from "../../kernel-helpers/support/errors.js";
import { SHOW_OPTIONS, type ShowOptions } from "../kit/show-options.js";
import { Widget } from "../kit/widget.js";
import type { AblationLine } from "./ablation-chart-data.js";
import { ablationChartSpec } from "./ablation-chart-spec.js";
import { mean } from "../../kernel-helpers/support/statistics.js";

/** What a chart of silenced units shows. */
export interface AblationChartOptions extends ShowOptions {
  /** One panel for each of these classes; all classes together in one panel unless given. */
  readonly classes?: readonly string[];
  /** Of single classes: `accuracy` (the default), or the mean class `score`. */
  readonly measure?: "accuracy" | "score";
  /** Panels a row; 3 unless given. */
  readonly columns?: number;
}

/**
 * What is left of classes as more of their own units are silent, against as many random ones, and against what the other
 * classes lose. All classes together with 95 % intervals, or one panel for each of some.
 *
 * @throws CamlabError for a class that was not looked at, or a score of all classes, which are on no common scale
 * @example
 * const ablation = await discover.ablateUnits(network, features);
 * widgets.ablationChart(ablation);
 * widgets.ablationChart(ablation, { classes: ["dog", "kettle"], measure: "score" });
 */
export function ablationChart(ablation: UnitAblation, options: AblationChartOptions = {}): Widget {
  const {
    classes,
    measure = "accuracy",
    columns = 3,
  } = check.known(options, ["classes", "measure", "columns", ...SHOW_OPTIONS], "ablationChart");
  check.oneOf("measure", measure, ["accuracy", "score"]);
  if (measure === "score" && !classes) throw invalid("classes", classes, "a list of classes, to show their scores");
  check.counts({ columns });
  const panels = classes
    ? classes.map((name) => {
        const found = ablation.classes.find((each) => each.class === name);
        if (found) return { name: readableName(name), lines: linesOfClass(found, measure) };
        const known = ablation.classes.map((each) => JSON.stringify(each.class)).join(", ");
        throw invalid("class", name, `one of ${known}`);
      })
    : [{ name: `${ablation.classes.length} classes, ${ablation.pictures} pictures`, lines: linesOfAll(ablation) }];
  if (panels.length === 0) throw invalid("classes", classes, "at least one class");
  const spec = () =>
    ablationChartSpec({
      title: "What is left of a class when units are silent",
      measure: measure === "score" ? "mean class score" : "accuracy",
      isShare: measure === "accuracy",
      panels,
      columns: Math.min(columns, panels.length),
    });
  return new Widget(spec, options);
}

function linesOfAll({ before, all, classes }: UnitAblation): AblationLine[] {
  const start = { share: 0, value: before.value };
  const left = (kind: "top" | "random") => ({
    kind,
    points: [
      { ...start, low: start.value, high: start.value },
      ...all.map((fall) => ({ share: fall.share, ...leftOver(before.value, fall, kind) })),
    ],
  });
  const others = mean(classes.map((each) => each.before.others));
  return [
    left("top"),
    left("random"),
    {
      kind: "others",
      points: [{ share: 0, value: others }, ...all.map((fall) => ({ share: fall.share, value: others - fall.others }))],
    },
  ];
}

function leftOver(before: number, fall: AblationFall, kind: "top" | "random") {
  const { value, low, high } = fall[kind];
  return { value: before - value, low: before - high, high: before - low };
}

function linesOfClass({ before, steps }: ClassAblation, measure: "accuracy" | "score"): AblationLine[] {
  const line = (kind: "top" | "random"): AblationLine => ({
    kind,
    points: [
      { share: 0, value: before[measure] },
      ...steps.map((step) => ({ share: step.share, value: step[kind][measure] })),
    ],
  });
  const others: AblationLine = {
    kind: "others",
    points: [{ share: 0, value: before.others }, ...steps.map(({ share, others }) => ({ share, value: others }))],
  };
  return measure === "accuracy" ? [line("top"), line("random"), others] : [line("top"), line("random")];
}
