import type { ActivityDiscovery } from "../../kernel-helpers/discovery/activities/discover-activities.js";
import { readableName } from "../../kernel-helpers/images/files/readable-name.js";
import { CamlabError } from "../../kernel-helpers/support/errors.js";
import { check } from "../../kernel-helpers/support/check.js";
import { accuracyChartSpec } from "../kit/accuracy-chart-spec.js";
import { SHOW_OPTIONS, type ShowOptions } from "../kit/show-options.js";
import { Widget } from "../kit/widget.js";

/**
 * How often maps of activities peak at what the activity is done with, in all and by activity with 95 % intervals,
 * beside a random point of the person and of the picture, which are judged by the same rule.
 *
 * @param discovery what `discoverActivities` gave for pictures that say what their activity is done with
 * @throws CamlabError when no picture does
 * @example
 * widgets.activityChart(await discoverActivities(network, await drawWorld("activities")));
 */
export function activityChart({ findings }: Pick<ActivityDiscovery, "findings">, options: ShowOptions = {}): Widget {
  check.known(options, SHOW_OPTIONS, "activityChart");
  const { pointing } = findings;
  if (pointing.length === 0) {
    throw new CamlabError(
      "no picture says what its activity is done with: give pictures with objects, and a phrase that says which of them",
    );
  }
  const point = (value: number) => ({ value, low: value, high: value });
  const spec = () =>
    accuracyChartSpec({
      title: "Where maps of activities peak",
      unit: "pictures",
      measure: "peaks at the object",
      kinds: pointing.map(({ activity, pictures }) => ({ name: readableName(activity), questions: pictures })),
      series: [
        { name: "peak at the object", accuracies: pointing.map(({ onTool }) => onTool) },
        { name: "random point of the person", accuracies: pointing.map(({ personShare }) => point(personShare)) },
        { name: "random point of the picture", accuracies: pointing.map(({ pictureShare }) => point(pictureShare)) },
      ],
    });
  return new Widget(spec, options);
}
