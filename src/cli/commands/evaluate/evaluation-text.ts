import type {
  ChosenAccuracy,
  Cvpr2016Report,
  LocalizationReport,
  Wsol2020Report,
} from "../../../kernel-helpers/boxes/evaluation/localization-report.js";
import { printable } from "../../../kernel-helpers/support/escape.js";
import type { Interval } from "../../../kernel-helpers/support/statistics.js";
import { percentText } from "../../../widgets/kit/text/numbers.js";
import { skippedJson } from "../../skipped.js";
import { estimateText } from "../../numbers.js";

/** A report as lines for people. */
export function reportText(report: LocalizationReport): string {
  const { network, way, protocol, pictures, cases } = report;
  const several = cases === pictures ? "" : `, ${cases} classes in them`;
  const head = `${printable(network)}, ${printable(way)}, ${protocol}: ${pictures} pictures with boxes${several}`;
  const rows = protocol === "cvpr2016" ? cvpr2016Rows(report) : wsol2020Rows(report);
  const width = Math.max(...rows.map(([name]) => name.length));
  return [head, ...rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`), ""].join("\n");
}

type Row = readonly [name: string, value: string];

function cvpr2016Rows(report: Cvpr2016Report): Row[] {
  const { classification, localization, knownClass } = report;
  const errors = (name: string, list: readonly Interval[]) =>
    list.map((error, k): Row => [`${name} error, top-${k + 1}`, estimateText(error)]);
  return [
    ...errors("classification", classification),
    ...errors("localization", localization),
    ["box of the true class right", estimateText(knownClass)],
    ...places(report),
  ];
}

function wsol2020Rows(report: Wsol2020Report): Row[] {
  const { maxBoxAcc, maxBoxAccV2, pxAP, chosenOn } = report;
  const chosen = ({ threshold, accuracy, bestOnReported: best }: ChosenAccuracy) =>
    `${estimateText(accuracy)} at ${threshold.toFixed(2)}${chosenOn > 0 ? `; the best of these pictures ${percentText(best.accuracy, 1)} at ${best.threshold.toFixed(2)}` : ""}`;
  return [
    ["threshold chosen on", chosenOn > 0 ? `${chosenOn} others` : "the same pictures, which flatters"],
    ["MaxBoxAcc", chosen(maxBoxAcc)],
    ["MaxBoxAccV2", percentText(maxBoxAccV2.mean, 1)],
    ...maxBoxAccV2.at.map((one): Row => [`  IoU ≥ ${one.iou}`, chosen(one)]),
    ...(pxAP ? [["PxAP", estimateText(pxAP)] as const] : []),
    ...places(report),
  ];
}

function places({ meanIou, pointing }: LocalizationReport): Row[] {
  return [
    ["mean IoU", estimateText(meanIou)],
    ["pointing", estimateText(pointing)],
  ];
}

/** A report as a document for programs: everything but the rows by picture. */
export function reportJson({ judged: _, skipped, overIou, overThresholds, ...rest }: LocalizationReport) {
  const curve = ({ x, y }: LocalizationReport["overIou"]) => ({ x: [...x], y: [...y] });
  return {
    ...rest,
    overIou: curve(overIou),
    overThresholds: curve(overThresholds),
    skipped: skippedJson(skipped),
  };
}
