import type { AnswerDiscovery } from "../../kernel-helpers/discovery/answers/discover-answers.js";
import type { AnswersReport } from "../../kernel-helpers/discovery/answers/test-answers.js";
import { readableName } from "../../kernel-helpers/images/files/readable-name.js";
import { check } from "../../kernel-helpers/support/check.js";
import { accuracyChartSpec } from "../kit/accuracy-chart-spec.js";
import { SHOW_OPTIONS, type ShowOptions } from "../kit/show-options.js";
import { Widget } from "../kit/widget.js";

/**
 * VQA accuracy in all and by type of question with 95 % intervals, beside the controls: the words alone, and wrong
 * photos.
 *
 * @example
 * widgets.answersChart(await discoverAnswers(network, set));
 */
export function answersChart({ findings }: Pick<AnswerDiscovery, "findings">, options: ShowOptions = {}): Widget {
  check.known(options, SHOW_OPTIONS, "answersChart");
  const { test, controls } = findings;
  const reports: (readonly [string, AnswersReport])[] = [
    ["words and photo", test],
    ...(controls
      ? ([
          ["words alone", controls.questionOnly],
          ["wrong photos", controls.shuffledImages],
        ] as const)
      : []),
  ];
  const kinds = test.byQuestionType.map(({ kind, questions }) => ({ name: kind, questions }));
  const accuracyOf = (report: AnswersReport, wanted: string) =>
    report.byQuestionType.find(({ kind }) => kind === wanted)?.accuracy;
  const spec = () =>
    accuracyChartSpec({
      title: "VQA accuracy on test questions",
      kinds: [
        { name: "all", questions: test.questions.length },
        ...kinds.map(({ name, questions }) => ({ name: readableName(name), questions })),
      ],
      series: reports.map(([name, report]) => ({
        name,
        accuracies: [report.accuracy, ...kinds.map((kind) => accuracyOf(report, kind.name))],
      })),
    });
  return new Widget(spec, options);
}
