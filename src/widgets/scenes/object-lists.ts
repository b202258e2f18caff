import type { ObjectInventory } from "../../kernel-helpers/discovery/scenes/judge-lists.js";
import type {
  SceneDiscovery,
  SceneFinding,
  SceneObject,
} from "../../kernel-helpers/discovery/scenes/scene-findings.js";
import { readableName } from "../../kernel-helpers/images/files/readable-name.js";
import { check } from "../../kernel-helpers/support/check.js";
import { SHOW_OPTIONS, type ShowOptions } from "../kit/show-options.js";
import { Widget } from "../kit/widget.js";
import { captionOf, findScene } from "./find-scene.js";
import type { ListedObject, ObjectKind } from "./object-lists-data.js";
import { objectListsSpec } from "./object-lists-spec.js";

/** What a chart of object lists shows. */
export interface ObjectListsOptions extends ShowOptions {
  /** Which scenes; all unless given. */
  readonly scenes?: readonly string[];
  /** Objects a list; 8 unless given. */
  readonly top?: number;
  /** What is known beforehand: bars are coloured by it. */
  readonly inventory?: ObjectInventory;
  /** Scenes a row; 2 unless given. */
  readonly columns?: number;
  /** Width of one list in pixels; 230 unless given. */
  readonly width?: number;
}

const OPTIONS = ["scenes", "top", "inventory", "columns", "width", ...SHOW_OPTIONS] as const;

/**
 * A chart of the two lists of each scene, side by side: how often objects occur at all, and how much of them lies under
 * the map.
 *
 * @throws CamlabError for a scene that was not found, or an option outside its range
 * @example
 * widgets.objectLists(scenes, { scenes: ["kitchen", "bathroom"], top: 6 });
 */
export function objectLists(
  { findings: found }: Pick<SceneDiscovery, "findings">,
  options: ObjectListsOptions = {},
): Widget {
  const { top = 8, columns = 2, width = 230, inventory } = check.known(options, OPTIONS, "objectLists");
  check.counts({ top, columns });
  check.number("width", width, { from: 120, to: 1000 });
  const scenes = options.scenes?.map((name) => findScene(found, name)) ?? found.scenes;
  const data = () =>
    objectListsSpec({
      columns: Math.min(columns, scenes.length),
      commonWord: inventory?.common ? "found anywhere" : "another object",
      width,
      scenes: scenes.map((findings) => {
        const kind = inventory && ((name: string) => kindOf(name, findings.scene, inventory));
        return {
          scene: readableName(findings.scene),
          caption: captionOf(findings),
          frequent: findings.frequent.slice(0, top).map((object) => listed(object, object.frequency, findings, kind)),
          informative: findings.informative
            .slice(0, top)
            .map((object) => listed(object, object.informativeness, findings, kind)),
        };
      }),
    });
  return new Widget(data, options);
}

function kindOf(name: string, scene: string, { own, common }: ObjectInventory): ObjectKind {
  if (own[scene]?.includes(name)) return "own";
  return (common?.includes(name) ?? true) ? "common" : "other";
}

function listed(
  object: SceneObject,
  share: number,
  { photos }: SceneFinding,
  kind: ((name: string) => ObjectKind) | undefined,
): ListedObject {
  const name = readableName(object.name);
  const detail = `${name}: in ${object.photos} of ${photos.length} photos, under the map in ${object.under} of these`;
  return { name, share, detail, ...(kind && { kind: kind(object.name) }) };
}
